//! Words of Dockerfile instructions. Must not be used for exec forms, which are JSON and which nothing expands.

use super::{Unwritable, encoded};

/// One word of an instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DockerWord(String);

encoded!(DockerWord);

impl DockerWord {
    /// The value of `ENV`, `ARG` or `LABEL`. An instruction is one line, and the language has no escape for a line end.
    pub fn value(text: &str) -> Result<Self, Unwritable> {
        Unwritable::check("a Dockerfile value", text, |character| matches!(character, '\0' | '\n' | '\r'))?;
        let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./:,@+%=".contains(&byte);
        if !text.is_empty() && text.bytes().all(is_bare) {
            return Ok(Self(text.to_owned()));
        }
        let mut out = String::from("\"");
        for character in text.chars() {
            if matches!(character, '"' | '\\' | '$') {
                out.push('\\');
            }
            out.push(character);
        }
        out.push('"');
        Ok(Self(out))
    }

    /// A path or another word of `COPY`, `WORKDIR`, `USER` or `EXPOSE`: nothing in it is expanded or matched.
    pub fn path(text: &str) -> Result<Self, Unwritable> {
        const SINK: &str = "a Dockerfile path";
        if text.is_empty() {
            return Err(Unwritable::Empty { sink: SINK });
        }
        Unwritable::check(SINK, text, |c| {
            let is_ascii_word = c.is_ascii_alphanumeric() || "_-./:,@+%= ()".contains(c);
            !(is_ascii_word || (!c.is_ascii() && c.is_alphanumeric()))
        })?;
        if text.starts_with("--") {
            return Err(Unwritable::Name { sink: SINK, name: text.to_owned() });
        }
        Ok(Self(text.to_owned()))
    }

    /// Whether it stands as a word of its own without brackets around the list.
    pub(crate) fn is_one_word(&self) -> bool {
        !self.0.contains(' ')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_characters() {
        let value = |text: &str| DockerWord::value(text).unwrap().to_string();
        assert_eq!(value("production"), "production");
        assert_eq!(value(""), "\"\"");
        assert_eq!(value("a $b \"c\" \\"), r#""a \$b \"c\" \\""#);
        assert_eq!(value("it's # this"), "\"it's # this\"");
    }

    #[test]
    fn a_line_end_has_no_form() {
        let message = DockerWord::value("a\nRUN evil").unwrap_err().to_string();
        assert_eq!(message, "a Dockerfile value cannot hold a line feed");
        assert!(DockerWord::value("a\r").is_err());
        assert!(DockerWord::value("\0").is_err());
    }

    #[test]
    fn paths_are_not_patterns() {
        assert!(
            ["/app", "./a b/", "node_modules", "10001:10001", "é.txt"]
                .iter()
                .all(|p| DockerWord::path(p).is_ok())
        );
        for path in ["", "*.json", "a?", "[a]", "$HOME", "a\\b", "a\"b", "a\nb", "--from=x", "<<EOF", "a\tb"]
        {
            assert!(DockerWord::path(path).is_err(), "{path}");
        }
    }
}
