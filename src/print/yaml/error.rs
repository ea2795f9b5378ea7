//! What has no YAML form. Must not name places: the emitter knows which declaration it was printing.

use std::fmt;

/// Why a document could not be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// A mapping key that is a sequence, a mapping or nothing.
    KeyNotScalar,
    /// A mapping key above the 1024 characters of YAML 1.2 §7.4.2.
    LongKey,
    /// Raw bytes, which have no text.
    Bytes,
    /// A comment or an empty line inside a one-line collection.
    CommentInFlow,
    /// What a `Serialize` implementation reported.
    Custom(String),
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeyNotScalar => out.write_str("a mapping key must be a string"),
            Self::LongKey => out.write_str("a mapping key has more than 1024 characters"),
            Self::Bytes => out.write_str("raw bytes have no YAML form"),
            Self::CommentInFlow => out.write_str("a one-line collection cannot hold a comment"),
            Self::Custom(message) => out.write_str(message),
        }
    }
}

impl std::error::Error for Error {}

impl serde::ser::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Custom(message.to_string())
    }
}
