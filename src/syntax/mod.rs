//! Source text to syntax tree. Must not fail, read files or know what a block kind means.

mod again;
pub mod ast;
mod characters;
pub mod dump;
mod lexer;
pub mod literal;
mod parser;
mod shift;
mod token;

use crate::diagnostic::Diagnostic;
use crate::source::Source;

pub use again::parse_again;
pub use lexer::lex;
pub use token::{Tape, Token, TokenKind};

/// A syntax tree, the tokens that it came from, and what was wrong with the text.
#[derive(Debug, Clone, Default)]
pub struct Parse {
    /// The tree; broken statements are in it as errors.
    pub file: ast::File,
    /// The tokens, comments and blanks included.
    pub tape: Tape,
    /// Problems, in source order.
    pub diagnostics: Vec<Diagnostic>,
}

/// Parses a text. Always returns a tree; every statement that can be read is in it.
pub fn parse(source: &Source) -> Parse {
    let mut diagnostics = Vec::new();
    characters::check(source, 0..source.text.len(), &mut diagnostics);
    let tape = lex(&source.text);
    let (file, found) = parser::file(source, &tape);
    diagnostics.extend(found);
    diagnostics.sort_by_key(|problem| problem.primary.as_ref().map(|label| label.span.start));
    Parse { file, tape, diagnostics }
}
