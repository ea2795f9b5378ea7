//! Tokens to tree with nom over a token slice. Parsers that may be absent start with `maybe_`, those that report
//! with `expect_`. Recovery is here and in `body` only; must not know what a name means.

mod block;
mod body;
mod cursor;
mod expr;
mod statement;
mod string;
mod types;

use super::ast::File;
use super::token::Tape;
use crate::diagnostic::Diagnostic;
use crate::source::Source;

use cursor::{State, Tokens};

/// The statements of a file and what was wrong with them.
pub(super) fn file(source: &Source, tape: &Tape) -> (File, Vec<Diagnostic>) {
    let state = State::new(source, tape);
    let significant = state.significant();
    let input = Tokens::new(&significant, &state);
    let statements = body::top(input);
    let file = File { source: source.id, statements };
    (file, state.into_diagnostics())
}
