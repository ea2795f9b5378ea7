//! Strings as YAML scalars: which style is safe, and how each is written. Must not know where the scalar stands.

use std::fmt::Write as _;

use crate::print::comment::{is_printable, push_indent};

/// What a byte may do in a plain scalar.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Stands anywhere after the first character.
    Safe,
    /// Separates words.
    Space,
    /// `:` and `#`: an indicator beside a space.
    Mark,
    /// Part of a character outside ASCII.
    Wide,
    /// Never plain.
    Unsafe,
}

/// The class of every byte.
const CLASS: [Class; 256] = {
    let mut table = [Class::Unsafe; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b' ' => Class::Space,
            b':' | b'#' => Class::Mark,
            b'`' => Class::Unsafe,
            b'!'..=b'~' => Class::Safe,
            0x80.. => Class::Wide,
            _ => Class::Unsafe,
        };
        byte += 1;
    }
    table
};

/// Words that some reader takes for a boolean, a null or a number.
const RESERVED: [&str; 11] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"];

/// Whether every reader takes the bare text for this string, in block context.
pub(super) fn is_plain(text: &str) -> bool {
    starts_plain(text.as_bytes())
        && (is_safe(text) || words_are_plain(text))
        && !is_reserved(text)
        && !is_exponent(text)
}

/// Whether nothing but [`Class::Safe`] is in it: most keys and values, and the cheapest question.
fn is_safe(text: &str) -> bool {
    text.bytes().all(|byte| CLASS[usize::from(byte)] == Class::Safe)
}

/// Whether every reader takes the bare text for this string between brackets, where `,` and `}` are indicators too.
pub(super) fn is_plain_in_flow(text: &str) -> bool {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/');
    text.bytes().all(is_name) && is_plain(text)
}

/// Whether the text can stand as the lines that it has.
pub(super) fn is_literal(text: &str) -> bool {
    let body = text.strip_suffix('\n').unwrap_or(text);
    text.contains('\n')
        && !text.starts_with([' ', '\n', '\t'])
        && !body.ends_with('\n')
        && !text.contains("\n\n\n\n")
        && body.split('\n').all(is_literal_line)
}

/// Whether the text can stand between single quotes, on one line.
pub(super) fn is_single_quotable(text: &str) -> bool {
    text.chars().all(is_printable)
}

/// Appends the text between single quotes.
pub(super) fn write_single_quoted(text: &str, out: &mut String) {
    out.push('\'');
    out.push_str(&text.replace('\'', "''"));
    out.push('\'');
}

/// Appends the text between double quotes, with escapes.
pub(super) fn write_double_quoted(text: &str, out: &mut String) {
    out.push('"');
    let mut copied = 0;
    for (at, character) in text.char_indices() {
        if is_verbatim(character) {
            continue;
        }
        out.push_str(text.get(copied..at).unwrap_or_default());
        write_escape(character, out);
        copied = at + character.len_utf8();
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    out.push('"');
}

/// Appends the lines of a literal scalar after its indicator, without the last line end.
pub(super) fn write_literal_lines(text: &str, indent: usize, out: &mut String) {
    let body = text.strip_suffix('\n').unwrap_or(text);
    for line in body.split('\n') {
        out.push('\n');
        if !line.is_empty() {
            push_indent(out, indent);
            out.push_str(line);
        }
    }
}

fn starts_plain(bytes: &[u8]) -> bool {
    match bytes {
        [b'.', b'/', ..] | [b'.', b'.', b'/', ..] => true,
        [first, ..] => first.is_ascii_alphabetic() || *first == b'/',
        [] => false,
    }
}

fn words_are_plain(text: &str) -> bool {
    let mut before = b' ';
    let mut wide = false;
    for &byte in text.as_bytes() {
        match CLASS[usize::from(byte)] {
            Class::Space if matches!(before, b' ' | b':') => return false,
            Class::Mark if before == b' ' => return false,
            Class::Unsafe => return false,
            Class::Wide => wide = true,
            Class::Safe | Class::Space | Class::Mark => {}
        }
        before = byte;
    }
    let ends_well = !matches!(before, b' ' | b':');
    ends_well && (!wide || text.chars().all(|character| character.is_ascii() || is_plain_wide(character)))
}

fn is_plain_wide(character: char) -> bool {
    character > '\u{a0}' && character.is_alphanumeric()
}

fn is_reserved(text: &str) -> bool {
    text.len() <= 5 && RESERVED.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// `e2`, `E+16`: a float to a reader that allows an empty mantissa.
fn is_exponent(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(['e', 'E']) else {
        return false;
    };
    let digits = rest.strip_prefix(['+', '-']).unwrap_or(rest);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'_' | b'.'))
}

fn is_literal_line(line: &str) -> bool {
    let is_ascii_text = line.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    let is_text = is_ascii_text || line.chars().all(|c| c < '\u{2028}' && is_printable(c));
    is_text && !line.ends_with(char::is_whitespace)
}

fn is_verbatim(character: char) -> bool {
    !matches!(character, '"' | '\\') && is_printable(character)
}

fn write_escape(character: char, out: &mut String) {
    let code = u32::from(character);
    match character {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\t' => out.push_str("\\t"),
        '\r' => out.push_str("\\r"),
        // Writing to a string cannot fail.
        _ if code <= 0xff => drop(write!(out, "\\x{code:02X}")),
        _ => drop(write!(out, "\\u{code:04X}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn double_quoted(text: &str) -> String {
        let mut out = String::new();
        write_double_quoted(text, &mut out);
        out
    }

    #[test]
    fn ordinary_text_is_plain() {
        for text in [
            "nginx:1.27",
            "/data",
            "./conf/site.conf:/etc/site.conf:ro",
            "../up",
            "http://db:5432/x",
            "a b c",
            "x=1",
            "it's",
            "a, b",
            "v1",
            "e2e",
            "no.",
            "yes!",
            "a{b}",
            "a#b",
            "prêt",
            "x é",
            "CMD [\"a\"]",
            "a && b | c",
        ] {
            assert!(is_plain(text), "{text}");
        }
    }

    #[test]
    fn ambiguous_text_is_not_plain() {
        for text in [
            "",
            "y",
            "N",
            "Yes",
            "no",
            "ON",
            "off",
            "True",
            "FALSE",
            "null",
            "NaN",
            "inf",
            "e2",
            "E16",
            "e+3",
            "e1_0",
            "1.20",
            "22:22",
            "-x",
            "~",
            "a:",
            "a: b",
            "a #b",
            "a  b",
            " a",
            "a ",
            "a :b",
            "a\tb",
            "a\nb",
            "`x",
            "a`b",
            "*x",
            "&x",
            "@x",
            "%x",
            "=",
            "<<",
            "...",
            ".",
            "..",
            ".a",
            "_x",
            "é",
            "a\u{a0}b",
            "a\u{2028}",
            "a\u{7f}",
        ] {
            assert!(!is_plain(text), "{text}");
        }
    }

    #[test]
    fn brackets_need_more_quotes() {
        assert!(is_plain_in_flow("build-1.x/y"));
        for text in ["a b", "a,b", "a]", "a}", "a:b", "no", "-q", "1"] {
            assert!(!is_plain_in_flow(text), "{text}");
        }
    }

    #[test]
    fn lines_stay_lines_only_when_nothing_is_lost() {
        for text in ["a\n", "a\nb", "#!/bin/sh\nset -e\n", "a\n  b\n\n\nc", "é\nb"] {
            assert!(is_literal(text), "{text:?}");
        }
        for text in [
            "a",
            "\n",
            "\na",
            " a\nb",
            "\ta\nb",
            "a \nb",
            "a\n \nb",
            "a\n\n",
            "a\n\n\n\nb",
            "a\tb\nc",
            "a\r\nb",
            "a\u{85}\nb",
            "a\u{2028}\nb",
            "日本\nb",
            "a\u{a0}\nb",
            "a\u{200f}\nb",
        ] {
            assert!(!is_literal(text), "{text:?}");
        }
    }

    #[test]
    fn escapes_are_the_ones_of_the_specification() {
        assert_eq!(double_quoted("a\"b\\c\n\t\r"), r#""a\"b\\c\n\t\r""#);
        assert_eq!(double_quoted("\0\u{7f}\u{85}"), r#""\x00\x7F\x85""#);
        assert_eq!(double_quoted("\u{feff}\u{2028}\u{202e}x"), r#""\uFEFF\u2028\u202Ex""#);
        assert_eq!(double_quoted("日本 😀 é"), "\"日本 😀 é\"");
    }
}
