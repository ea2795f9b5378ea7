//! Text from sources made safe to show: what a terminal, an editor or the log of a CI job would obey is spelt out.
//! Must not know what the text means.

use serde::Serialize;

/// The old form of workflow commands, obeyed anywhere in a line of a log.
const COMMAND: &str = "##[";

/// The new form, obeyed where a line starts with it.
const COMMAND_LINE: &str = "::";

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

/// Appends the first character of `rest`, spelt as `\u{1b}` when it is hidden or starts a command.
pub(super) fn push_visible(out: &mut String, rest: &str) {
    match rest.chars().next() {
        Some(character) if is_hidden(character) || rest.starts_with(COMMAND) => {
            out.extend(character.escape_unicode());
        }
        Some(character) => out.push(character),
        None => {}
    }
}

/// Text of several lines: all hidden characters but line feeds are spelt out.
pub fn visible(text: &str) -> String {
    text.split('\n').map(visible_line).collect::<Vec<_>>().join("\n")
}

/// Text that must stay on its line, such as a path: all hidden characters are spelt out.
pub fn visible_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, _) in text.char_indices() {
        push_visible(&mut out, text.get(at..).unwrap_or_default());
    }
    out
}

/// Finished lines, of which none starts with a command or ends with blanks.
pub(super) fn plain_lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines().map(str::trim_end) {
        let words = line.trim_start();
        if let Some(rest) = words.strip_prefix(COMMAND_LINE) {
            let indent = line.get(..line.len() - words.len()).unwrap_or_default();
            out.extend([indent, "\\u{3a}:", rest, "\n"]);
        } else {
            out.extend([line, "\n"]);
        }
    }
    out
}

/// A JSON document for people and programs. Hidden characters are escaped as JSON does it, so nothing is lost.
pub(super) fn json(document: &impl Serialize) -> String {
    // Strings, numbers and lists of them: nothing here can fail to serialise.
    let text = serde_json::to_string_pretty(document).unwrap_or_default();
    // Outside of strings a document has no such sign.
    let text = text.replace(COMMAND, "\\u0023#[");
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
    fn commands_are_spelt_out() {
        assert_eq!(visible("###[stop]"), "#\\u{23}#[stop]");
        assert_eq!(plain_lines("a \n  ::stop::\nb :: c\n\n"), "a\n  \\u{3a}:stop::\nb :: c\n\n");
    }

    #[test]
    fn json_keeps_the_text() {
        let text = "\u{1b}\u{202e}\u{85}\u{7f}\u{e0041}\n\"##[x]";
        let document = json(&text);
        assert_eq!(document, "\"\\u001b\\u202e\\u0085\\u007f\\udb40\\udc41\\n\\\"\\u0023#[x]\"\n");
        assert_eq!(serde_json::from_str::<String>(&document).unwrap(), text);
    }
}
