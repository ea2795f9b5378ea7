//! Names of files in the protocol. Must not ask whether a file exists.

use std::path::{Path, PathBuf};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What a path may hold as it is; a colon is encoded, as editors do.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The path of a `file:` name; `None` for others.
pub fn to_path(uri: &str) -> Option<PathBuf> {
    let path = uri.strip_prefix("file://")?;
    let path = path.strip_prefix("localhost").unwrap_or(path);
    let path = percent_decode_str(path).decode_utf8().ok()?;
    // `/c:/shop` on systems with drives.
    let drive =
        path.as_bytes().get(2) == Some(&b':') && path.as_bytes().get(1).is_some_and(u8::is_ascii_alphabetic);
    Some(PathBuf::from(if drive { path.get(1..).unwrap_or_default() } else { &path }))
}

/// The `file:` name of an absolute path.
pub fn from_path(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    let scheme = if text.starts_with('/') { "file://" } else { "file:///" };
    format!("{scheme}{}", utf8_percent_encode(&text, PATH))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_survive_blanks_and_letters_of_all_kinds() {
        for path in ["/work/my shop/main.stack", "/a/é/%41.stack", "/x/#1?.stack"] {
            let uri = from_path(Path::new(path));
            assert!(uri.is_ascii() && !uri.contains([' ', '#', '?']), "{uri}");
            assert_eq!(to_path(&uri), Some(PathBuf::from(path)));
        }
        assert_eq!(to_path("file:///c%3A/shop/main.stack"), Some(PathBuf::from("c:/shop/main.stack")));
        assert_eq!(to_path("untitled:Untitled-1"), None);
    }
}
