//! Text from sources made safe to show: what a terminal or an editor would obey is spelt out. Must not know
//! who shows it.

use serde::Serialize;

/// Whether a terminal or an editor would obey the character, or show nothing for it: C0, DEL, C1, directions,
/// line separators, zero-width characters and tags. Line feeds count; most callers let them through.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{2069}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// Appends one character, spelt as `\u{1b}` when it is hidden.
pub(super) fn push_visible(out: &mut String, character: char) {
    if is_hidden(character) {
        out.extend(character.escape_unicode());
    } else {
        out.push(character);
    }
}

/// Text of several lines: all hidden characters but line feeds are spelt out.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => out.push('\n'),
            other => push_visible(&mut out, other),
        }
    }
    out
}

/// Text that must stay on its line, such as a path: all hidden characters are spelt out.
pub fn visible_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    text.chars().for_each(|character| push_visible(&mut out, character));
    out
}

/// A JSON document for people and programs. Hidden characters are escaped as JSON does it, so nothing is lost.
pub(super) fn json(document: &impl Serialize) -> String {
    // Strings, numbers and lists of them: nothing here can fail to serialise.
    let text = serde_json::to_string_pretty(document).unwrap_or_default();
    let mut out = String::with_capacity(text.len() + 1);
    for character in text.chars() {
        if character != '\n' && is_hidden(character) {
            let mut units = [0; 2];
            out.extend(character.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            out.push(character);
        }
    }
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_are_spelt_out() {
        assert_eq!(
            visible("a\u{1b}[31m\r\nb\u{202e}\u{9b}\t"),
            "a\\u{1b}[31m\\u{d}\nb\\u{202e}\\u{9b}\\u{9}"
        );
        assert_eq!(visible_line("a\nb"), "a\\u{a}b");
        assert_eq!(visible("é 日本 𝄞 e\u{301}"), "é 日本 𝄞 e\u{301}");
    }

    #[test]
    fn json_keeps_the_text() {
        let text = "\u{1b}\u{202e}\u{85}\u{7f}\u{e0041}\n\"";
        let document = json(&text);
        assert_eq!(document, "\"\\u001b\\u202e\\u0085\\u007f\\udb40\\udc41\\n\\\"\"\n");
        assert_eq!(serde_json::from_str::<String>(&document).unwrap(), text);
    }
}
