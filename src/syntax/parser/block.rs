//! Blocks: a kind, labels, a template, a target and a body. Must not know which of them a kind needs.

use nom::Parser;
use nom::branch::alt;
use nom::multi::many0;

use super::cursor::{Parsed, Tokens, mismatch, name, token, word};
use super::path::{expect_path, path};
use super::recovery::{nested, sync};
use super::report::example;
use super::statement;
use super::string::{quoted_name, raw};
use crate::diagnostic::{Diagnostic, Edit, codes};
use crate::syntax::ast::{Block, Label, Path, Statement, StatementKind};
use crate::syntax::token::TokenKind;

/// `block = name { label } [ "from" path ] [ "->" path ] [ body ]`
pub(super) fn block(input: Tokens<'_>) -> Parsed<'_, StatementKind> {
    let (rest, kind) = name(input)?;
    let (rest, mut labels) = many0(label).parse(rest)?;
    labels.shrink_to_fit();
    let (rest, from) = clause(rest, word("from"), "a template after `from`", example::FROM)?;
    let (rest, target) = clause(rest, token(TokenKind::Arrow), "a service after `->`", example::TARGET)?;
    let (rest, body) = maybe_body(rest)?;
    let block = Block { kind, labels, from, target, body };
    Ok((rest, StatementKind::Block(block)))
}

/// `label = path | STRING`, and raw strings, which only `patch` has a use for.
fn label(input: Tokens<'_>) -> Parsed<'_, Label> {
    if input.at_word("from") {
        return mismatch();
    }
    alt((path.map(Label::Path), quoted_name.map(Label::String), raw.map(Label::Raw))).parse(input)
}

/// A path after its sign, where that is.
fn clause<'a, S>(
    input: Tokens<'a>,
    sign: impl Fn(Tokens<'a>) -> Parsed<'a, S>,
    what: &str,
    help: &str,
) -> Parsed<'a, Option<Box<Path>>> {
    match sign(input) {
        Ok((rest, _)) => expect_path(rest, what, help).map(|(rest, path)| (rest, path.map(Box::new))),
        Err(_) => Ok((input, None)),
    }
}

/// `[ body ]`, and the spellings of other languages that can only mean one.
fn maybe_body(input: Tokens<'_>) -> Parsed<'_, Option<Vec<Statement>>> {
    let brace_follows = input.nth(1).kind == TokenKind::BraceOpen;
    let open = match input.kind() {
        TokenKind::BraceOpen => input,
        TokenKind::Equals | TokenKind::Colon if brace_follows => {
            let sign = input.text(input.peek());
            input.wrong_separator(&format!("a block has no `{sign}` before its `{{`"), "");
            input.next()
        }
        TokenKind::Newline if brace_on_next_line(input) => {
            report_brace(input);
            input.next()
        }
        TokenKind::Equals | TokenKind::PlusEquals | TokenKind::Colon => {
            input.unexpected("`{`", example::BLOCK);
            return Ok((sync(input), None));
        }
        _ => return Ok((input, None)),
    };
    nested(open, |open| statement::body(open).map(|(rest, body)| (rest, Some(body))), |_| Some(Vec::new()))
}

/// Whether the next line starts with a `{` that is closed. Any other belongs to something else.
pub(super) fn brace_on_next_line(input: Tokens<'_>) -> bool {
    let brace = input.nth(1);
    let gap = input.state.source.slice(input.range(input.previous_end(), brace.start));
    input.kind() == TokenKind::Newline
        && brace.kind == TokenKind::BraceOpen
        && input.state.significant.close_of(input.index() + 1).is_some()
        && gap.bytes().filter(|byte| *byte == b'\n').count() == 1
}

fn report_brace(input: Tokens<'_>) {
    let brace = input.next();
    let problem =
        Diagnostic::error(codes::WRONG_SEPARATOR, "the `{` of a block stands on the line of its name")
            .at(brace.span(), "expected at the end of the line above");
    let gap = input.range(input.previous_end(), brace.start());
    let problem = if input.state.source.slice(gap).trim().is_empty() {
        let edit = Edit { span: gap, text: " ".to_owned() };
        problem.safe_fix("move it up", vec![edit])
    } else {
        problem.help(example::BLOCK)
    };
    input.report(problem);
}
