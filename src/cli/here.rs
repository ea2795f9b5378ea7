//! From where people and machines read the paths of a report. Must not know what is reported.
#![expect(
    clippy::disallowed_methods,
    reason = "asks for the working folder and for the checkout of a workflow"
)]

use std::path::{Path, PathBuf};

/// What stands before the paths of a project in this folder: empty, or it ends with `/`.
///
/// Annotations and code scanning take paths as those of the repository, which in a workflow is the checkout, wherever
/// in it a step runs. Elsewhere paths are from the working folder, so that terminals can open them.
pub(super) fn prefix(root: &Path) -> String {
    let Ok(root) = root.canonicalize() else { return String::new() };
    let checkout = std::env::var_os("GITHUB_WORKSPACE").and_then(|path| Path::new(&path).canonicalize().ok());
    let base = checkout.filter(|checkout| root.starts_with(checkout)).or_else(working);
    base.map_or_else(String::new, |base| between(&base, &root))
}

/// A folder as people would name it from the working folder.
pub(super) fn named(root: PathBuf) -> PathBuf {
    let way = working().zip(root.canonicalize().ok()).map(|(base, real)| between(&base, &real));
    match way.as_deref() {
        None => root,
        Some("") => ".".into(),
        Some(way) => way.trim_end_matches('/').into(),
    }
}

fn working() -> Option<PathBuf> {
    std::env::current_dir().ok()?.canonicalize().ok()
}

/// The way from one folder to another one, with `/` at its end; from the root of the disk where neither holds the other.
fn between(base: &Path, root: &Path) -> String {
    let names = |path: &Path| {
        let names = path.iter().map(|name| name.to_string_lossy());
        names.fold(String::new(), |way, name| way + &name + "/")
    };
    match (root.strip_prefix(base), base.strip_prefix(root)) {
        (Ok(below), _) => names(below),
        (_, Ok(above)) => "../".repeat(above.components().count()),
        _ => format!("{}/", root.display()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_leads_down_up_or_from_the_root() {
        let way = |base: &str, root: &str| between(Path::new(base), Path::new(root));
        assert_eq!(way("/work", "/work"), "");
        assert_eq!(way("/work", "/work/examples/a b"), "examples/a b/");
        assert_eq!(way("/work/apps/web", "/work"), "../../");
        assert_eq!(way("/work", "/tmp/shop"), "/tmp/shop/");
    }
}
