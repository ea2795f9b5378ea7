//! Characters that no source may hold: they make text look like something else. Must not know tokens.

use std::ops::Range;

use crate::diagnostic::{Diagnostic, Edit, codes};
use crate::source::{Source, Span};

/// All characters with the Unicode property `Bidi_Control`, zero-width ones, tags, and controls besides
/// line feed and tab (Unicode Technical Report 36, CVE-2021-42574).
pub(super) fn is_forbidden(character: char) -> bool {
    match character {
        '\n' | '\t' => false,
        '\u{61c}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{feff}'
        | '\u{e0000}'..='\u{e007f}' => true,
        _ => character.is_control(),
    }
}

/// Reports forbidden characters, each kind once per line.
pub(super) fn check(source: &Source, range: Range<usize>, diagnostics: &mut Vec<Diagnostic>) {
    let (start, text) = (range.start, source.text.get(range).unwrap_or_default());
    let bytes = text.as_bytes();
    if bytes.iter().all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\t')) {
        return;
    }
    let mut last = None;
    for (at, character) in text.char_indices() {
        if !is_forbidden(character) || (character == '\r' && bytes.get(at + 1) == Some(&b'\n')) {
            continue;
        }
        let at = start + at;
        let line = source.lines.line(at as u32);
        if last.replace((line, character)) == Some((line, character)) {
            continue;
        }
        let span = Span::new(source.id, at as u32, (at + character.len_utf8()) as u32);
        let code = character as u32;
        let problem = Diagnostic::error(
            codes::FORBIDDEN_CHARACTER,
            format!("the character U+{code:04X} is not allowed"),
        );
        let problem = problem.at(span, "an invisible or control character");
        let edit = Edit { span, text: String::new() };
        diagnostics
            .push(problem.help("remove it: readers would not see it").maybe_fix("remove it", vec![edit]));
        if diagnostics.len() >= 50 {
            return;
        }
    }
}
