//! The embedded standard library: presets in our own language and their data. Must not interpret any of it.

use include_dir::{Dir, include_dir};

static LIBRARY: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/stdlib");

/// The text of `std/web.stack`, or of a data file such as `std/actions.toml`.
pub fn module(path: &str) -> Option<&'static str> {
    LIBRARY.get_file(path.strip_prefix("std/")?)?.contents_utf8()
}

/// The names of the modules as they are imported: `std.web`, sorted.
pub fn modules() -> Vec<String> {
    let files = LIBRARY.files().filter(|file| file.path().extension().is_some_and(|end| end == "stack"));
    let mut names: Vec<String> =
        files.filter_map(|file| Some(format!("std.{}", file.path().file_stem()?.to_str()?))).collect();
    names.sort_unstable();
    names
}

/// The image catalogue's files: name without extension and text, sorted by name.
pub fn images() -> Vec<(&'static str, &'static str)> {
    let folder = LIBRARY.get_dir("images").into_iter();
    let files =
        folder.flat_map(Dir::files).filter(|file| file.path().extension().is_some_and(|end| end == "toml"));
    let mut images: Vec<_> =
        files.filter_map(|file| Some((file.path().file_stem()?.to_str()?, file.contents_utf8()?))).collect();
    images.sort_unstable();
    images
}
