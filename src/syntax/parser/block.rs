//! Blocks: a kind, labels, a template, a target and a body. Must not know which of them a kind needs.

use super::body;
use super::cursor::{Parsed, Tokens};
use super::expr::{path, raw};
use super::statement::maybe_target;
use super::string::fixed;
use crate::diagnostic::{Diagnostic, Edit, codes};
use crate::syntax::ast::{Block, Label, Name, Statement, StatementKind};
use crate::syntax::token::TokenKind;

/// `block = name { label } [ "from" path ] [ "->" path ] [ body ]`
pub(super) fn block(input: Tokens<'_>) -> Parsed<'_, StatementKind> {
    let kind = Name { span: input.span() };
    let (mut rest, labels) = labels(input.skip())?;
    let mut from = None;
    if rest.at_word("from") {
        let (after, found) = path(rest.skip())?;
        (rest, from) = (after, Some(found));
    }
    let (rest, target) = maybe_target(rest)?;
    let (rest, body) = maybe_body(rest)?;
    if labels.is_empty() && from.is_none() && target.is_none() && body.is_none() {
        return rest.expected("`=`, a name or `{`", Some("such as `port = 3000` or `health { … }`"));
    }
    Ok((rest, StatementKind::Block(Block { kind, labels, from, target, body })))
}

fn labels(mut input: Tokens<'_>) -> Parsed<'_, Vec<Label>> {
    let mut labels = Vec::new();
    loop {
        match input.kind() {
            TokenKind::Name if !input.at_word("from") => {
                let (rest, found) = path(input)?;
                labels.push(Label::Path(found));
                input = rest;
            }
            TokenKind::StringPlain | TokenKind::StringStart => {
                let (rest, found) = fixed(input)?;
                labels.push(Label::String(found));
                input = rest;
            }
            TokenKind::RawString => {
                let (rest, found) = raw(input)?;
                labels.push(Label::Raw(found));
                input = rest;
            }
            _ => return Ok((input, labels)),
        }
    }
}

/// `body = "{" { statement } "}"`
fn maybe_body(input: Tokens<'_>) -> Parsed<'_, Option<Vec<Statement>>> {
    let open = match input.kind() {
        TokenKind::BraceOpen => input,
        TokenKind::Equals if input.nth(1).kind == TokenKind::BraceOpen => {
            let edit = Edit { span: input.span(), text: String::new() };
            let problem = Diagnostic::error(codes::WRONG_SEPARATOR, "a block with a name has no `=`");
            input.report(problem.at(input.span(), "expected `{`").safe_fix("remove `=`", vec![edit]));
            input.skip()
        }
        _ => return Ok((input, None)),
    };
    open.deeper(|open| {
        let (rest, statements) = body::block(open.skip(), open.span());
        Ok((rest, Some(statements)))
    })
}
