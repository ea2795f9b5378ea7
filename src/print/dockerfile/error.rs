//! What has no place in a Dockerfile. Must not name declarations: the emitter adds the span.

use std::fmt;

use super::CommandError;
use crate::text::Unwritable;

/// Why an instruction has no form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// A text with a character that does not fit.
    Text(Unwritable),
    /// A shell line that would leave its place.
    Command(CommandError),
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(error) => error.fmt(out),
            Self::Command(error) => error.fmt(out),
        }
    }
}

impl std::error::Error for Error {}

impl From<Unwritable> for Error {
    fn from(error: Unwritable) -> Self {
        Self::Text(error)
    }
}

impl From<CommandError> for Error {
    fn from(error: CommandError) -> Self {
        Self::Command(error)
    }
}
