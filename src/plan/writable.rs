//! Folders that need a memory file system. Must not know how a target makes one.

use std::sync::Arc;

use crate::model::Service;

/// Declared folders, and under a read-only root also those that the image writes to; without those that lie on a
/// volume or inside another one of them.
pub(super) fn writable<'a>(service: &'a Service, image: impl Iterator<Item = &'a str>) -> Vec<Arc<str>> {
    let mut folders: Vec<&str> = service.writable.iter().map(|path| &**path).collect();
    if service.read_only {
        folders.extend(image);
    }
    let folders: Vec<&str> = folders.iter().map(|folder| trimmed(folder)).collect();
    let mut kept: Vec<&str> = Vec::new();
    for (index, folder) in folders.iter().enumerate() {
        let on_volume = service.volume.keys().any(|volume| is_below(folder, trimmed(volume)));
        let in_other = folders.iter().any(|other| other != folder && is_below(folder, other));
        let repeated = folders.iter().take(index).any(|other| other == folder);
        if !on_volume && !in_other && !repeated {
            kept.push(folder);
        }
    }
    kept.into_iter().map(Arc::from).collect()
}

fn trimmed(path: &str) -> &str {
    let trimmed = path.trim_end_matches('/');
    if trimmed.is_empty() { "/" } else { trimmed }
}

fn is_below(path: &str, folder: &str) -> bool {
    folder == "/" || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::fixture::service;
    use crate::schema::{UrlPath, Value};

    #[test]
    fn folders_are_listed_once_and_not_inside_each_other() {
        let mut api = service("api", &[]);
        api.writable = ["/tmp", "/var/cache/"].map(|path| UrlPath::parse(path).unwrap()).to_vec();
        let image = ["/tmp/session", "/run", "/var/cached", "/tmp"];
        let names = writable(&api, image.into_iter());
        assert_eq!(names, ["/tmp", "/var/cache", "/run", "/var/cached"].map(Arc::from));
    }

    #[test]
    fn a_writable_root_needs_only_what_was_declared() {
        let mut api = service("api", &[("read_only", Value::Bool(false))]);
        api.writable = vec![UrlPath::parse("/scratch").unwrap()];
        assert_eq!(writable(&api, ["/run"].into_iter()), ["/scratch".into()]);
    }
}
