//! Words of a POSIX shell. Must not be used where no shell reads: exec forms take strings as they are.

use super::{Unwritable, VariableName, encoded};

/// One word of a command: bare when every shell takes it so, else quoted (POSIX XCU §2.2).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ShellWord(String);

encoded!(ShellWord);

impl ShellWord {
    /// The word that a shell reads back as `text`.
    pub fn new(text: &str) -> Result<Self, Unwritable> {
        Unwritable::check("a shell word", text, |character| character == '\0')?;
        if is_bare(text) {
            return Ok(Self(text.to_owned()));
        }
        Ok(Self(quoted(text)))
    }

    /// A word that needs no quotes: it means the same in patterns, between double quotes and as a part of a name.
    pub fn bare(text: &str) -> Result<Self, Unwritable> {
        if is_bare(text) {
            return Ok(Self(text.to_owned()));
        }
        Err(Unwritable::Name { sink: "a bare word of a shell", name: text.to_owned() })
    }

    /// The value of a variable as one word: `"${NAME}"`.
    pub fn variable(name: &VariableName) -> Self {
        Self(format!("\"${{{name}}}\""))
    }

    /// Joins two pieces into one word.
    pub fn join(mut self, next: &Self) -> Self {
        self.0.push_str(&next.0);
        self
    }
}

impl serde::Serialize for ShellWord {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// One line of a comment or of a here-document between quotes: nothing in it is expanded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShellLine(String);

encoded!(ShellLine);

impl ShellLine {
    /// The line; what could end it, or move a terminal's cursor, is refused.
    pub fn new(text: &str) -> Result<Self, Unwritable> {
        Unwritable::check("a line of a shell script", text, char::is_control)?;
        Ok(Self(text.to_owned()))
    }
}

impl serde::Serialize for ShellLine {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Between single quotes nothing is special. A `$` in them looks like a mistake to whoever reads the script, so it
/// is escaped between double quotes (POSIX XCU §2.2.3).
fn quoted(text: &str) -> String {
    if !text.contains(['$', '`']) {
        return format!("'{}'", text.replace('\'', r"'\''"));
    }
    let escape = |c: char| if "$`\"\\".contains(c) { vec!['\\', c] } else { vec![c] };
    format!("\"{}\"", text.chars().flat_map(escape).collect::<String>())
}

/// `=` stands bare only in options: `a=b` before a command is an assignment.
fn is_bare(text: &str) -> bool {
    let is_safe = |byte: u8| byte.is_ascii_alphanumeric() || b"_@%+:,./-".contains(&byte);
    let is_option = text.starts_with('-');
    !text.is_empty() && text.bytes().all(|byte| is_safe(byte) || (is_option && byte == b'='))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str) -> String {
        ShellWord::new(text).unwrap().to_string()
    }

    #[test]
    fn words_are_bare_or_single_quoted() {
        assert_eq!(word("pg_isready"), "pg_isready");
        assert_eq!(word("--url=http://a:1/x"), "--url=http://a:1/x");
        assert_eq!(word("a=b"), "'a=b'");
        assert_eq!(word(""), "''");
        assert_eq!(word("it's here"), r"'it'\''s here'");
        assert_eq!(word(r#"it's "$HOME" \ `x`"#), r#""it's \"\$HOME\" \\ \`x\`""#);
        assert_eq!(word("~"), "'~'");
    }

    #[test]
    fn pieces_make_one_word() {
        let name = VariableName::new("USER").unwrap();
        let word = ShellWord::new("--as=").unwrap().join(&ShellWord::variable(&name));
        assert_eq!(word.as_str(), "--as=\"${USER}\"");
    }

    #[test]
    fn bare_words_are_checked_and_lines_have_no_end() {
        assert_eq!(ShellWord::bare("order-api").unwrap().as_str(), "order-api");
        assert!(["", "a b", "a*", "$a", "a\"b"].iter().all(|text| ShellWord::bare(text).is_err()));
        assert_eq!(ShellLine::new("a $b `c`").unwrap().as_str(), "a $b `c`");
        assert!(ShellLine::new("a\nb").is_err());
    }

    #[test]
    fn nul_has_no_form() {
        assert_eq!(ShellWord::new("a\0").unwrap_err().to_string(), "a shell word cannot hold a NUL");
    }
}
