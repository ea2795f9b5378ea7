//! Checksums of what containers read besides their image: where one changes, the container is replaced.

use sha2::{Digest as _, Sha256};

/// SHA-256 in lower-case hex.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::new();
    for byte in Sha256::digest(bytes) {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
