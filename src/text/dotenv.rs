//! Values of env files, in the dialect of Compose. Must not be used for files that a shell sources.

use super::{Unwritable, encoded};

/// A value after `NAME=`: bare when nothing in it means anything, else between double quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DotenvValue(String);

encoded!(DotenvValue);

impl DotenvValue {
    /// The value that Compose reads back as `text`.
    pub fn new(text: &str) -> Result<Self, Unwritable> {
        Unwritable::check("an env file value", text, |character| character == '\0')?;
        let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./:,@+%=?&".contains(&byte);
        if text.bytes().all(is_bare) {
            return Ok(Self(text.to_owned()));
        }
        let mut out = String::from("\"");
        for character in text.chars() {
            match character {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '$' => out.push_str("\\$"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                _ => out.push(character),
            }
        }
        out.push('"');
        Ok(Self(out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_bare_or_double_quoted() {
        let value = |text: &str| DotenvValue::new(text).unwrap().to_string();
        assert_eq!(value(""), "");
        assert_eq!(value("http://a:1/x?y=z&w"), "http://a:1/x?y=z&w");
        assert_eq!(value("a b"), "\"a b\"");
        assert_eq!(value("#x"), "\"#x\"");
        assert_eq!(value("\"\\$\n\r\t'"), r#""\"\\\$\n\r\t'""#);
        assert!(DotenvValue::new("\0").is_err());
    }
}
