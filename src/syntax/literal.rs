//! The value of a literal from its characters. Pure; must not know units or types.

/// A whole number with `_` between digits. The error is an overflow.
pub fn int(text: &str) -> Result<i64, std::num::ParseIntError> {
    if text.contains('_') { text.replace('_', "").parse() } else { text.parse() }
}

/// The characters of a string without escapes: what stands between the quotes.
pub fn plain(text: &str) -> &str {
    let text = text.strip_prefix('"').unwrap_or(text);
    text.strip_suffix('"').unwrap_or(text)
}

/// A quantity as its number and its unit.
pub fn quantity(text: &str) -> (&str, &str) {
    let unit = text.find(|c: char| !c.is_ascii_digit() && c != '.' && c != '_').unwrap_or(text.len());
    text.split_at(unit)
}

/// The characters that an escape stands for; `None` when there is no such escape.
pub fn unescape(text: &str) -> Option<String> {
    let simple = match text {
        "\\n" => "\n",
        "\\t" => "\t",
        "\\r" => "\r",
        "\\\\" => "\\",
        "\\\"" => "\"",
        "\\$" => "$",
        "$${" => "${",
        _ => {
            let hex = text.strip_prefix("\\u{")?.strip_suffix('}')?;
            let character = u32::from_str_radix(hex, 16).ok().and_then(char::from_u32)?;
            let legal = !character.is_control() && !super::characters::is_forbidden(character);
            return legal.then(|| character.to_string());
        }
    };
    Some(simple.to_owned())
}

/// The characters that an escape stands for; as written when it was reported as wrong.
pub fn escape(text: &str) -> String {
    unescape(text).unwrap_or_else(|| text.to_owned())
}

/// The text of a raw string: the first line break and the common indentation are dropped.
pub fn raw(text: &str) -> String {
    let body = text.strip_prefix("\"\"\"").unwrap_or(text);
    let body = body.strip_suffix("\"\"\"").unwrap_or(body);
    let body = body.strip_prefix("\r\n").or_else(|| body.strip_prefix('\n')).unwrap_or(body);
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let common = body.lines().filter(|line| !line.trim().is_empty()).map(indent).min().unwrap_or(0);
    let mut lines: Vec<&str> = body.lines().map(|line| line.get(common..).unwrap_or("").trim_end()).collect();
    if body.ends_with('\n') || lines.last().is_some_and(|line| line.is_empty() && lines.len() > 1) {
        while lines.last().is_some_and(|line| line.is_empty()) {
            lines.pop();
        }
        return lines.join("\n") + "\n";
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_strings_lose_their_common_indentation() {
        assert_eq!(raw("\"\"\"\n    a {\n      b\n    }\n  \"\"\""), "a {\n  b\n}\n");
        assert_eq!(raw("\"\"\"one line\"\"\""), "one line");
    }

    #[test]
    fn escapes_have_a_value_or_none() {
        assert_eq!(unescape("\\u{e9}").as_deref(), Some("é"));
        assert_eq!(unescape("$${").as_deref(), Some("${"));
        assert_eq!(unescape("\\u{202e}"), None);
        assert_eq!(unescape("\\q"), None);
    }

    #[test]
    fn numbers_split_and_overflow_is_an_error() {
        assert_eq!(quantity("1.5GiB"), ("1.5", "GiB"));
        assert_eq!(int("3_000"), Ok(3000));
        assert!(int("99999999999999999999").is_err());
    }
}
