//! Arguments of nginx directives. Must not choose directives.
//!
//! Between double quotes nginx knows `\"`, `\\`, `\t`, `\r` and `\n`, and a backslash before anything else is itself.
//! There is no escape for `$` where variables are expanded: a variable that holds `$` stands in, and
//! `print::nginx::dollar` declares it.

use super::{Unwritable, encoded};

/// One directive argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NginxValue(String);

encoded!(NginxValue);

impl NginxValue {
    /// An argument in which nginx expands variables: `return`, `proxy_set_header`, `root`, …
    pub fn expanded(text: &str) -> Result<Self, Unwritable> {
        encode(text, "${dollar}")
    }

    /// An argument that nginx takes as it is: `server_name`, `listen`, `ssl_certificate` without variables, …
    pub fn verbatim(text: &str) -> Result<Self, Unwritable> {
        encode(text, "$")
    }

    /// The value of a response header: [`expanded`](Self::expanded), and without line ends, which would start another
    /// header.
    pub fn header(text: &str) -> Result<Self, Unwritable> {
        Unwritable::check("a header value", text, |c| c.is_ascii_control() && c != '\t')?;
        Self::expanded(text)
    }

    /// Whether it needs the variable that holds `$`.
    pub fn needs_dollar(&self) -> bool {
        self.0.contains("${dollar}")
    }
}

fn encode(text: &str, dollar: &str) -> Result<NginxValue, Unwritable> {
    Unwritable::check("an nginx value", text, |character| character == '\0')?;
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./:,@*=+%?&".contains(&byte);
    if !text.is_empty() && text.bytes().all(is_bare) {
        return Ok(NginxValue(text.to_owned()));
    }
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' => out.push_str(dollar),
            _ => out.push(character),
        }
    }
    out.push('"');
    Ok(NginxValue(out))
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
        assert_eq!(NginxValue::verbatim("^a$").unwrap().as_str(), "\"^a$\"");
    }

    #[test]
    fn headers_stay_one_line() {
        assert!(NginxValue::header("a\r\nSet-Cookie: x").is_err());
        assert!(NginxValue::header("default-src 'self'").is_ok());
        assert!(NginxValue::expanded("\0").is_err());
    }
}
