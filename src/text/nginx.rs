//! Arguments of nginx directives. Must not choose directives.
//!
//! Between double quotes nginx knows `\"`, `\\`, `\t`, `\r` and `\n`, and a backslash before anything else is itself.
//! There is no escape for `$` where variables are expanded: a variable that holds `$` stands in, and
//! `print::nginx::dollar` declares it.

use std::fmt;

use super::{Unwritable, VariableName};

/// Parameters of `map` and `geo` blocks that stand where a source value stands.
const MAP_WORDS: [&str; 8] =
    ["default", "hostnames", "include", "volatile", "delete", "proxy", "proxy_recursive", "ranges"];

/// One directive argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NginxValue {
    /// With escapes, without quotes.
    content: String,
    needs_quotes: bool,
}

impl NginxValue {
    /// An argument in which nginx expands variables: `return`, `proxy_set_header`, `root`, …
    pub fn expanded(text: &str) -> Result<Self, Unwritable> {
        encode(text, "${dollar}")
    }

    /// An argument that nginx takes as it is: `server_name`, `listen`, patterns of `location`, …
    pub fn verbatim(text: &str) -> Result<Self, Unwritable> {
        encode(text, "$")
    }

    /// The value of a response header: [`expanded`](Self::expanded), and without line ends, which would start another
    /// header.
    pub fn header(text: &str) -> Result<Self, Unwritable> {
        Unwritable::check("a header value", text, |c| c.is_ascii_control() && c != '\t')?;
        Self::expanded(text)
    }

    /// A source value of `map` that stands for itself, not for a pattern or a parameter.
    pub fn map_key(text: &str) -> Result<Self, Unwritable> {
        if text.starts_with(['~', '\\']) || MAP_WORDS.contains(&text) {
            Self::verbatim(&format!("\\{text}"))
        } else {
            Self::verbatim(text)
        }
    }

    /// The value of a variable: `${name}`.
    pub fn variable(name: &VariableName) -> Self {
        Self { content: format!("${{{name}}}"), needs_quotes: false }
    }

    /// A variable where a directive declares it: `$name`, which takes no braces.
    pub fn declared(name: &VariableName) -> Self {
        Self { content: format!("${name}"), needs_quotes: false }
    }

    /// Joins two pieces into one argument.
    pub fn join(mut self, next: &Self) -> Self {
        self.content.push_str(&next.content);
        self.needs_quotes |= next.needs_quotes;
        self
    }

    /// Whether it needs the variable that holds `$`.
    pub fn needs_dollar(&self) -> bool {
        self.content.contains("${dollar}")
    }
}

impl fmt::Display for NginxValue {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.needs_quotes || self.content.is_empty() {
            write!(out, "\"{}\"", self.content)
        } else {
            out.write_str(&self.content)
        }
    }
}

fn encode(text: &str, dollar: &str) -> Result<NginxValue, Unwritable> {
    Unwritable::check("an nginx value", text, |character| character == '\0')?;
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./:,@*=+%?&~^".contains(&byte);
    let needs_quotes = !text.bytes().all(is_bare);
    let mut content = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' => content.push_str("\\\""),
            '\\' => content.push_str("\\\\"),
            '\n' => content.push_str("\\n"),
            '\r' => content.push_str("\\r"),
            '\t' => content.push_str("\\t"),
            '$' => content.push_str(dollar),
            _ => content.push(character),
        }
    }
    Ok(NginxValue { content, needs_quotes })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(text: &str) -> String {
        NginxValue::expanded(text).unwrap().to_string()
    }

    #[test]
    fn values_cannot_end_the_directive() {
        assert_eq!(expanded("app.example:8080"), "app.example:8080");
        assert_eq!(expanded(""), "\"\"");
        assert_eq!(expanded("x; } server {"), "\"x; } server {\"");
        assert_eq!(expanded("a\"b\\c\n"), r#""a\"b\\c\n""#);
        assert_eq!(expanded("# no comment"), "\"# no comment\"");
    }

    #[test]
    fn dollar_goes_through_a_variable() {
        assert_eq!(expanded("5$"), "\"5${dollar}\"");
        assert!(NginxValue::expanded("$host").unwrap().needs_dollar());
        assert_eq!(NginxValue::verbatim("^a$").unwrap().to_string(), "\"^a$\"");
    }

    #[test]
    fn pieces_make_one_argument() {
        let variable = NginxValue::variable(&VariableName::new("upstream").unwrap());
        let piece = |text| NginxValue::expanded(text).unwrap();
        assert_eq!(piece("http://").join(&variable).join(&piece(":80")).to_string(), "http://${upstream}:80");
        assert_eq!(piece("a b").join(&variable).to_string(), "\"a b${upstream}\"");
    }

    #[test]
    fn map_keys_are_not_parameters() {
        let key = |text| NginxValue::map_key(text).unwrap().to_string();
        assert_eq!(key("/old"), "/old");
        assert_eq!(key("default"), "\"\\\\default\"");
        assert_eq!(key("~x"), "\"\\\\~x\"");
    }

    #[test]
    fn headers_stay_one_line() {
        assert!(NginxValue::header("a\r\nSet-Cookie: x").is_err());
        assert!(NginxValue::header("default-src 'self'").is_ok());
        assert!(NginxValue::expanded("\0").is_err());
    }
}
