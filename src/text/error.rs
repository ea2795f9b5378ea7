//! What a sink cannot hold. Must not know where the text comes from: the emitter adds the span.

use std::fmt;

/// Why a text has no form in a sink.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unwritable {
    /// A character without a form there.
    Character {
        /// What was being written, with its article: `a shell word`.
        sink: &'static str,
        /// The first such character.
        character: char,
    },
    /// A name with characters that names do not have there.
    Name {
        /// What was being written, with its article: `a variable name`.
        sink: &'static str,
        /// The name.
        name: String,
    },
    /// Nothing, where the sink needs something.
    Empty {
        /// What was being written, with its article.
        sink: &'static str,
    },
}

impl Unwritable {
    /// Finds the first character of `text` that `sink` refuses.
    pub(crate) fn check(sink: &'static str, text: &str, refuses: impl Fn(char) -> bool) -> Result<(), Self> {
        match text.chars().find(|&character| refuses(character)) {
            Some(character) => Err(Self::Character { sink, character }),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Unwritable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Character { sink, character } => match character {
                '\0' => write!(out, "{sink} cannot hold a NUL"),
                '\n' => write!(out, "{sink} cannot hold a line feed"),
                '\r' => write!(out, "{sink} cannot hold a carriage return"),
                '!'..='~' => write!(out, "{sink} cannot hold `{character}`"),
                _ => write!(out, "{sink} cannot hold the character U+{:04X}", u32::from(*character)),
            },
            Self::Name { sink, name } => write!(out, "`{}` is not {sink}", name.escape_debug()),
            Self::Empty { sink } => write!(out, "{sink} cannot be empty"),
        }
    }
}

impl std::error::Error for Unwritable {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_show_no_control_character() {
        let message = |character| Unwritable::Character { sink: "a shell word", character }.to_string();
        assert_eq!(message('\n'), "a shell word cannot hold a line feed");
        assert_eq!(message('\u{1b}'), "a shell word cannot hold the character U+001B");
        assert_eq!(message('$'), "a shell word cannot hold `$`");
        let name = Unwritable::Name { sink: "a variable name", name: "a\u{1b}b".to_owned() };
        assert_eq!(name.to_string(), "`a\\u{1b}b` is not a variable name");
    }
}
