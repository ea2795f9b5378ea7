//! Tokens to tree with nom over a token slice. `expect_` reports what is missing and goes on, `maybe_` takes what
//! is there, everything else mismatches without a report. Must not know what a name means.
#![expect(
    clippy::unnecessary_wraps,
    reason = "parsers share the signature that nom combines, also those that never mismatch"
)]

mod atom;
mod block;
mod cursor;
mod declaration;
mod expr;
mod list;
mod path;
mod recovery;
mod report;
mod setting;
mod significant;
mod statement;
mod string;
mod types;

use super::ast::{File, Statement};
use super::token::Tape;
use crate::diagnostic::Diagnostic;
use crate::source::Source;

use cursor::{State, Tokens};
use significant::Significant;

/// The statements of a file and what was wrong with them.
pub(super) fn file(source: &Source, tape: &Tape) -> (File, Vec<Diagnostic>) {
    let significant = Significant::new(source, tape, source.text.len() as u32);
    let state = State::new(source, &significant);
    let file = File { source: source.id, statements: statement::file(Tokens::new(&state)) };
    (file, state.into_diagnostics())
}

/// The same for some whole lines of a text up to `end`, when their brackets match.
pub(super) fn part(source: &Source, tape: &Tape, end: u32) -> Option<(Vec<Statement>, Vec<Diagnostic>)> {
    let significant = Significant::new(source, tape, end);
    if !significant.is_sound {
        return None;
    }
    let state = State::new(source, &significant);
    let statements = statement::file(Tokens::new(&state));
    Some((statements, state.into_diagnostics()))
}
