//! Statements in a row, and recovery: after an error the parser goes on at the next line or at the brace that
//! closes the block. Must not know statements beyond where they end.

use super::cursor::{Expected, Tokens};
use super::statement;
use crate::diagnostic::{Diagnostic, Edit, codes};
use crate::source::Span;
use crate::syntax::ast::{Statement, StatementKind};
use crate::syntax::token::TokenKind;

/// Words that start declarations at the beginning of a line; only recovery looks at them.
const ANCHORS: &[&str] = &[
    "alert",
    "check",
    "environment",
    "ingress",
    "let",
    "notify",
    "param",
    "pipeline",
    "secret",
    "service",
    "template",
    "type",
    "use",
];

/// All statements of a file.
pub(super) fn top(mut input: Tokens<'_>) -> Vec<Statement> {
    let mut statements = Vec::new();
    loop {
        input = separators(input);
        match input.kind() {
            TokenKind::End => return statements,
            TokenKind::BraceClose => {
                let problem = Diagnostic::error(codes::UNEXPECTED_TOKEN, "this `}` closes nothing");
                let edit = Edit { span: input.span(), text: String::new() };
                input.report(
                    problem.at(input.span(), "no block is open here").maybe_fix("remove it", vec![edit]),
                );
                input = input.skip();
            }
            _ => input = one(input, &mut statements),
        }
    }
}

/// The statements of a block after its `{`, and whether its `}` was there.
pub(super) fn block(mut input: Tokens<'_>, open: Span) -> (Tokens<'_>, Vec<Statement>) {
    let mut statements: Vec<Statement> = Vec::new();
    let indented = first_is_indented(input);
    loop {
        input = separators(input);
        // Only where something is wrong: a text without mistakes is read as it stands, however it is indented.
        let anchored = indented && input.is_doubtful() && at_anchor(input);
        match input.kind() {
            TokenKind::BraceClose => return (input.skip(), statements),
            TokenKind::End => return (unclosed(input, open, &mut statements), statements),
            _ if anchored => return (unclosed(input, open, &mut statements), statements),
            _ => input = one(input, &mut statements),
        }
    }
}

/// One statement and what separates it from the next; always takes something.
fn one<'a>(input: Tokens<'a>, statements: &mut Vec<Statement>) -> Tokens<'a> {
    let doc = input.doc();
    let start = input.span();
    let before = input.len();
    let (rest, kind) = match statement::statement(input) {
        Ok(done) => done,
        Err(nom::Err::Error(expected) | nom::Err::Failure(expected)) => {
            let rest = after_error(input, &expected);
            input.report_expected(expected);
            (rest, StatementKind::Error)
        }
        Err(nom::Err::Incomplete(_)) => (input.skip(), StatementKind::Error),
    };
    let rest = if rest.len() == before { rest.skip() } else { rest };
    let span = start.to(last_span(input, rest));
    let failed = matches!(kind, StatementKind::Error);
    statements.push(Statement { span, doc, kind });
    if failed { rest } else { expect_end(rest) }
}

/// The place of the last token before `rest`.
fn last_span<'a>(from: Tokens<'a>, rest: Tokens<'a>) -> Span {
    let taken = from.len().saturating_sub(rest.len());
    match taken.checked_sub(1) {
        Some(last) => from.span_of(from.nth(last)),
        None => from.span(),
    }
}

/// A statement ends at a line break, a comma, `}` or the end of the file.
fn expect_end(input: Tokens<'_>) -> Tokens<'_> {
    match input.kind() {
        TokenKind::Newline | TokenKind::Comma | TokenKind::BraceClose | TokenKind::End => input,
        // The statement ended in a block that was not closed, which is reported.
        _ if at_anchor(input) => input,
        TokenKind::Semicolon => {
            let problem =
                Diagnostic::error(codes::WRONG_SEPARATOR, "statements end with the line, not with `;`");
            let edit = Edit { span: input.span(), text: String::new() };
            input.report(
                problem.at(input.span(), "expected the end of the line").safe_fix("remove `;`", vec![edit]),
            );
            input.skip()
        }
        _ => {
            let message = format!("expected the end of the line, found {}", input.found());
            let problem = Diagnostic::error(codes::UNEXPECTED_TOKEN, message);
            input.report(
                problem
                    .at(input.span(), "not expected here")
                    .help("write one setting per line, or `,` between two"),
            );
            sync(input)
        }
    }
}

fn separators(mut input: Tokens<'_>) -> Tokens<'_> {
    while matches!(input.kind(), TokenKind::Newline | TokenKind::Comma) {
        input = input.skip();
    }
    input
}

/// Where to go on after an error: from the place of the error when it is on the way, else from the start.
fn after_error<'a>(input: Tokens<'a>, expected: &Expected) -> Tokens<'a> {
    sync_from(input, expected.span.start)
}

/// To the next line break outside of brackets, or to the `}` that closes the current block.
fn sync(input: Tokens<'_>) -> Tokens<'_> {
    sync_from(input, 0)
}

fn sync_from(mut input: Tokens<'_>, at_least: u32) -> Tokens<'_> {
    let mut open: Vec<TokenKind> = Vec::new();
    loop {
        let token = input.peek();
        let passed = token.start >= at_least;
        let in_list = matches!(open.last(), Some(TokenKind::BracketOpen | TokenKind::ParenOpen));
        match token.kind {
            TokenKind::End => return input,
            TokenKind::Newline if open.is_empty() && passed => return input,
            TokenKind::Newline if at_anchor(input.skip()) => return input,
            TokenKind::Newline if in_list && ends_a_list(input.skip()) => return input,
            TokenKind::BraceClose if open.is_empty() => return input,
            TokenKind::BraceOpen | TokenKind::BracketOpen | TokenKind::ParenOpen => open.push(token.kind),
            TokenKind::BraceClose | TokenKind::BracketClose | TokenKind::ParenClose => drop(open.pop()),
            _ => {}
        }
        input = input.skip();
    }
}

/// Whether this line cannot be in a list, so that the list must have been left open.
fn ends_a_list(input: Tokens<'_>) -> bool {
    let next = input.nth(1).kind;
    match input.kind() {
        TokenKind::BraceClose => true,
        TokenKind::Name => matches!(next, TokenKind::Equals | TokenKind::PlusEquals | TokenKind::BraceOpen),
        _ => false,
    }
}

/// Whether a declaration starts here: a known word in the first column, followed by a name or a string.
fn at_anchor(input: Tokens<'_>) -> bool {
    let token = input.peek();
    let next = input.nth(1).kind;
    token.kind == TokenKind::Name
        && matches!(next, TokenKind::Name | TokenKind::StringPlain | TokenKind::StringStart | TokenKind::Bang)
        && input.column(token) == 0
        && ANCHORS.contains(&input.text(token))
}

fn first_is_indented(input: Tokens<'_>) -> bool {
    let first = separators(input);
    match first.kind() {
        TokenKind::Name => first.column(first.peek()) > 0 || at_anchor(first),
        _ => true,
    }
}

/// Reports the innermost block that misses its brace here; those around it are told when that is mended.
fn unclosed<'a>(input: Tokens<'a>, open: Span, statements: &mut Vec<Statement>) -> Tokens<'a> {
    // What the block lacks may be what was not read.
    statements.push(Statement { span: input.span(), doc: None, kind: StatementKind::Error });
    if !input.first_unclosed_here() {
        return input;
    }
    let place = input.span();
    let edit = Edit { span: Span::new(place.source, place.start, place.start), text: "}\n".to_owned() };
    let problem = Diagnostic::error(codes::UNCLOSED_BLOCK, "this block is not closed")
        .at(open, "opened here")
        .also(place, "expected `}` before this")
        .maybe_fix("close it before the next declaration", vec![edit]);
    input.report(problem);
    input
}
