//! Statements in a row, each chosen by its first two tokens. Must not know what a keyword's clause looks like.

use super::block::{block, brace_on_next_line};
use super::cursor::{Parsed, Tokens, mismatch};
use super::declaration::declaration;
use super::recovery::{starts_statement, sync, unclosed_blocks};
use super::report::example;
use super::setting::setting;
use crate::diagnostic::{Diagnostic, Edit, codes};
use crate::source::Span;
use crate::syntax::ast::{Statement, StatementKind};
use crate::syntax::token::TokenKind;

/// `file = { NL } { statement { NL } } EOF`
pub(super) fn file(mut input: Tokens<'_>) -> Vec<Statement> {
    let mut statements = Vec::new();
    loop {
        match input.kind() {
            TokenKind::End => {
                statements.shrink_to_fit();
                return statements;
            }
            TokenKind::Anchor => input = input.next(),
            TokenKind::BraceClose => input = stray_close(input),
            _ => input = row(input, &mut statements),
        }
    }
}

/// `body = "{" { NL | "," } { statement { NL | "," } } "}"`, with the cursor on the `{`.
pub(super) fn body(input: Tokens<'_>) -> Parsed<'_, Vec<Statement>> {
    let mut statements = Vec::new();
    input.state.open.borrow_mut().push(input.span());
    let mut rest = row(input.next(), &mut statements);
    if rest.kind() == TokenKind::BraceClose {
        rest = rest.next();
    } else {
        unclosed_blocks(rest);
    }
    input.state.open.borrow_mut().pop();
    statements.shrink_to_fit();
    Ok((rest, statements))
}

/// Statements up to a `}`, the end, or a line that ends all blocks.
fn row<'a>(mut input: Tokens<'a>, statements: &mut Vec<Statement>) -> Tokens<'a> {
    loop {
        match input.kind() {
            TokenKind::End | TokenKind::Anchor | TokenKind::BraceClose => return input,
            TokenKind::Newline | TokenKind::Comma => input = input.next(),
            TokenKind::Semicolon => input = semicolon(input),
            _ => input = one(input, statements),
        }
    }
}

/// One statement and its end; always takes something.
fn one<'a>(input: Tokens<'a>, statements: &mut Vec<Statement>) -> Tokens<'a> {
    let start = input.start();
    let (rest, kind) = statement(input).unwrap_or_else(|_| {
        input.unexpected("a setting or a block", example::STATEMENT);
        (sync(input.next()), StatementKind::Error)
    });
    statements.push(Statement { span: rest.since(start), doc: input.state.significant.doc(start), kind });
    let (rest, skipped) = end(rest);
    statements.extend(skipped.map(|span| Statement { span, doc: None, kind: StatementKind::Error }));
    rest
}

/// `end = NL | "," | (? next token is "}" or EOF or a line-start anchor ?)`; also, what was skipped to get there.
fn end(input: Tokens<'_>) -> (Tokens<'_>, Option<Span>) {
    match input.kind() {
        TokenKind::Comma | TokenKind::BraceClose | TokenKind::Semicolon => (input, None),
        kind if kind.ends_line() => (input, None),
        _ if starts_statement(input) => {
            input.missing_comma("settings on one line");
            (input, None)
        }
        _ => {
            input.unexpected("`,` or the end of the line", "write one setting per line, or `,` between two");
            let rest = sync(input.next());
            (rest, Some(rest.since(input.start())))
        }
    }
}

/// `statement = ( use | let | param | typedef | check | setting | block ) end`
fn statement(input: Tokens<'_>) -> Parsed<'_, StatementKind> {
    if input.kind().starts_string() {
        return setting(input);
    }
    if input.kind() != TokenKind::Name {
        return mismatch();
    }
    match input.nth(1).kind {
        TokenKind::Equals
        | TokenKind::PlusEquals
        | TokenKind::EqualsEquals
        | TokenKind::Colon
        | TokenKind::Dot => setting(input),
        TokenKind::BraceOpen => block(input),
        next => declaration(input).or_else(|_| match next {
            TokenKind::Name | TokenKind::Arrow => block(input),
            TokenKind::Newline if brace_on_next_line(input.next()) => block(input),
            next if next.starts_string() => block(input),
            _ => lone_name(input),
        }),
    }
}

/// A name and nothing that makes it a statement.
fn lone_name(input: Tokens<'_>) -> Parsed<'_, StatementKind> {
    let rest = input.next();
    if !rest.kind().ends_line() && !matches!(rest.kind(), TokenKind::Comma | TokenKind::BraceClose) {
        rest.unexpected("`=` or `{`", example::STATEMENT);
        return Ok((sync(rest), StatementKind::Error));
    }
    let word = input.text(input.peek());
    let message = format!("`{word}` alone says nothing");
    let problem = Diagnostic::error(codes::UNEXPECTED_TOKEN, message)
        .at(input.span(), "expected `=` or `{` after this name")
        .help(format!("write `{word} = value` or `{word} {{ … }}`"));
    input.report(problem);
    Ok((rest, StatementKind::Error))
}

/// `;` as people write it elsewhere.
fn semicolon(input: Tokens<'_>) -> Tokens<'_> {
    let another = starts_statement(input.next());
    let right = if another { "," } else { "" };
    input.wrong_separator("statements end with the line or with `,`, not with `;`", right);
    input.next()
}

/// Closing brackets where no block is open: one report for all that follow each other.
fn stray_close(input: Tokens<'_>) -> Tokens<'_> {
    let edit = Edit { span: input.span(), text: String::new() };
    let problem = Diagnostic::error(codes::UNEXPECTED_TOKEN, "this `}` closes nothing")
        .at(input.span(), "no block is open here")
        .help("remove it, or open the block above as in `service api {`")
        .maybe_fix("remove it", vec![edit]);
    input.report(problem);
    let mut rest = input.next();
    while matches!(rest.kind(), TokenKind::BraceClose | TokenKind::BracketClose | TokenKind::ParenClose) {
        rest = rest.next();
    }
    rest
}
