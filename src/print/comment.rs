//! Comments that start with `#`, alike in every target. Must not let a comment end early or hide what follows.

/// Appends comment lines at an indentation: one per line of `text`.
pub(super) fn push_lines(out: &mut String, indent: usize, text: &str) {
    for line in text.split(['\n', '\r']) {
        push_indent(out, indent);
        push(out, line);
        out.push('\n');
    }
}

/// Appends one comment without a line end; what does not print is replaced.
pub(super) fn push(out: &mut String, line: &str) {
    out.push('#');
    let line = line.trim_end();
    if !line.is_empty() {
        out.push(' ');
        out.extend(line.chars().map(|c| if is_printable(c) { c } else { '\u{fffd}' }));
    }
}

/// Appends spaces.
pub(super) fn push_indent(out: &mut String, columns: usize) {
    const SPACES: &str = "                                ";
    match SPACES.get(..columns) {
        Some(spaces) => out.push_str(spaces),
        None => out.extend(std::iter::repeat_n(' ', columns)),
    }
}

/// Whether a character shows as itself: not a control, not a line separator, not one that reorders its neighbours.
pub(super) fn is_printable(character: char) -> bool {
    match character {
        ' '..='~' => true,
        '\u{61c}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}'
        | '\u{fffe}'
        | '\u{ffff}' => false,
        _ => character >= '\u{a0}',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_stay_comments() {
        let mut out = String::new();
        push_lines(&mut out, 2, "a \n\rb\u{85}c\u{202e}\u{1b}");
        assert_eq!(out, "  # a\n  #\n  # b\u{fffd}c\u{fffd}\u{fffd}\n");
    }

    #[test]
    fn deep_indentation() {
        let mut out = String::new();
        push_indent(&mut out, 40);
        assert_eq!(out.len(), 40);
    }
}
