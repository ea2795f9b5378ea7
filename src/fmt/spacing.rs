//! Blanks between two tokens of one line. Must not know lines.

use crate::syntax::TokenKind::{
    self, Bang, BraceClose, BraceOpen, BracketClose, BracketOpen, Colon, Comma, Dot, DotDot,
    InterpolationEnd, InterpolationStart, Name, ParenClose, ParenOpen, Question, StringEnd, StringEscape,
    StringStart, StringText,
};

/// Words after which `(` opens a group and not arguments.
const WORDS: [&str; 7] = ["if", "then", "else", "in", "where", "check", "from"];

/// Whether a blank stands between `left`, whose characters are `text`, and `right`.
pub(super) fn blank(left: TokenKind, text: &str, right: TokenKind) -> bool {
    // Characters of a string are its value.
    let in_string = matches!(left, StringStart | StringText | StringEscape | InterpolationStart)
        || matches!(right, StringText | StringEscape | StringEnd | InterpolationEnd);
    let joined = matches!(left, Dot | DotDot | Bang | BracketOpen | ParenOpen)
        || matches!(right, Comma | Colon | Question | Dot | DotDot | BracketClose | ParenClose);
    match (left, right) {
        _ if in_string || joined => false,
        (InterpolationEnd, InterpolationStart) | (BraceOpen, BraceClose) => false,
        (Name, ParenOpen) => WORDS.contains(&text),
        _ => true,
    }
}
