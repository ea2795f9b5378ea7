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

/// The value of `"""…"""`: without the first line break, without the indentation that all lines share, with
/// `\n` line breaks however the file is stored. A last line of blanks before the quotes disappears.
pub fn raw(text: &str) -> String {
    let text = text.strip_prefix("\"\"\"").unwrap_or(text);
    let text = text.strip_suffix("\"\"\"").unwrap_or(text).replace("\r\n", "\n");
    let Some(body) = text.strip_prefix('\n') else {
        return text;
    };
    let blank = |line: &str| line.trim().is_empty();
    let indentation = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let written = body.split('\n').filter(|line| !blank(line));
    let common = written.map(indentation).min().unwrap_or(0);
    let stripped = body.split('\n').map(|line| match line.get(common..) {
        Some(rest) if !blank(line) => rest,
        _ => "",
    });
    stripped.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_strings_lose_their_common_indentation() {
        assert_eq!(raw("\"\"\"\n    a {\n      b\n    }\n  \"\"\""), "a {\n  b\n}\n");
        assert_eq!(raw("\"\"\"one line\"\"\""), "one line");
        assert_eq!(raw("\"\"\"\r\n\ta \r\n\r\n\tb\"\"\""), "a \n\nb");
        assert_eq!(raw("\"\"\"\"\"\""), "");
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
