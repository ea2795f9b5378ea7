//! Compare with a file, or write it when `STACKC_BLESS=1`. Must not know what the text is.
#![allow(clippy::disallowed_methods, reason = "tests read and write goldens")]

use std::path::Path;

/// Fails when `actual` differs from the file.
#[track_caller]
pub(crate) fn check(path: &Path, actual: &str) {
    if std::env::var("STACKC_BLESS").is_ok() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, actual).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    assert!(expected == actual, "{} differs; STACKC_BLESS=1 rewrites it\n{actual}", path.display());
}
