//! Values without operators. Must not read what a literal is worth.

use super::cursor::{Parsed, Tokens, mismatch};
use super::expr::{expect_expr, expr, missing, starts_expr};
use super::list::list;
use super::path::path;
use super::recovery::{after_close, nested, starts_quantifier};
use super::report::example;
use super::setting::map;
use super::string::{raw, string};
use crate::syntax::ast::{Expr, ExprKind, Name, Quantified};
use crate::syntax::token::TokenKind;

/// `atom = INT | FLOAT | QUANTITY | RATE | string | RAWSTRING | "true" | "false" | "none" | path [ arguments ]
/// | list | map | "(" expr ")" | "if" expr "then" expr "else" expr`
pub(super) fn atom(input: Tokens<'_>) -> Parsed<'_, Expr> {
    input.state.height.set(1);
    match input.kind() {
        TokenKind::Int => leaf(input, ExprKind::Int),
        TokenKind::Float => leaf(input, ExprKind::Float),
        TokenKind::Quantity => leaf(input, ExprKind::Quantity),
        TokenKind::Rate => leaf(input, ExprKind::Rate),
        TokenKind::StringPlain | TokenKind::StringStart => string(input),
        TokenKind::RawString => raw(input),
        TokenKind::BracketOpen => nested(input, brackets, missing),
        TokenKind::BraceOpen => nested(input, map, missing),
        TokenKind::ParenOpen => nested(input, group, missing),
        TokenKind::Name if starts_expr(input) => word(input),
        _ => mismatch(),
    }
}

fn leaf(input: Tokens<'_>, kind: ExprKind) -> Parsed<'_, Expr> {
    let span = input.span();
    Ok((input.next(), Expr { span, kind }))
}

fn word(input: Tokens<'_>) -> Parsed<'_, Expr> {
    match input.text(input.peek()) {
        "true" => leaf(input, ExprKind::Bool(true)),
        "false" => leaf(input, ExprKind::Bool(false)),
        "none" => leaf(input, ExprKind::None),
        "if" => nested(input, condition, missing),
        _ if starts_quantifier(input) => nested(input, quantifier, missing),
        _ => path_or_call(input),
    }
}

/// `path [ "(" [ expr { "," expr } [ "," ] ] ")" ]`
fn path_or_call(input: Tokens<'_>) -> Parsed<'_, Expr> {
    let (rest, path) = path(input)?;
    if rest.kind() != TokenKind::ParenOpen {
        let span = rest.since(input.start());
        let kind = ExprKind::Path(Box::new(path));
        return Ok((rest, Expr { span, kind }));
    }
    let arguments = |open| Ok(list(open, TokenKind::ParenClose, "`,` or `)`", example::CALL));
    let (rest, arguments) = nested(rest, arguments, |_| Vec::new())?;
    let span = rest.since(input.start());
    let kind = ExprKind::Call(Box::new(path), arguments);
    Ok((rest, Expr { span, kind }))
}

/// `"[" [ expr { "," expr } [ "," ] ] "]"`
fn brackets(open: Tokens<'_>) -> Parsed<'_, Expr> {
    let (rest, items) = list(open, TokenKind::BracketClose, "`,` or `]`", example::LIST);
    let span = rest.since(open.start());
    let kind = ExprKind::List(items);
    Ok((rest, Expr { span, kind }))
}

/// `"(" expr ")"`
fn group(open: Tokens<'_>) -> Parsed<'_, Expr> {
    let (rest, inner) = expect_expr(open.next().skip_newlines(), "a value", example::GROUP)?;
    let close = rest.skip_newlines();
    if close.kind() == TokenKind::ParenClose {
        return Ok((close.next(), inner));
    }
    rest.unclosed("`)`", example::GROUP, open.span());
    Ok((after_close(open, rest).unwrap_or(rest), inner))
}

/// `"if" expr "then" expr "else" expr`; `then` and `else` may start lines.
fn condition(input: Tokens<'_>) -> Parsed<'_, Expr> {
    let mut tallest = 0;
    let mut part = |rest: Tokens<'_>| {
        tallest = rest.state.height.get().max(tallest);
    };
    let (rest, test) = expect_expr(input.next(), "a condition after `if`", example::CONDITION)?;
    part(rest);
    let (rest, yes) = branch(rest, "then", "`then`")?;
    part(rest);
    let (rest, no) = match yes.kind {
        // What came instead of `then` is reported; `else` would be reported at the same place.
        ExprKind::Missing if rest.since(test.span.end).is_empty() => (rest, missing(rest)),
        _ => branch(rest, "else", "`else`")?,
    };
    part(rest);
    rest.state.height.set(tallest + 1);
    let span = rest.since(input.start());
    let kind = ExprKind::If(Box::new((test, yes, no)));
    Ok((rest, Expr { span, kind }))
}

/// `( "all" | "any" ) name "in" expr ":" expr`; the condition may start a line.
fn quantifier(input: Tokens<'_>) -> Parsed<'_, Expr> {
    let every = input.at_word("all");
    let name = Name { span: input.next().span() };
    let (rest, of) =
        expect_expr(input.forward_to(input.index() + 3), "a list or blocks", example::QUANTIFIER)?;
    let height = rest.state.height.get();
    if rest.kind() != TokenKind::Colon {
        rest.unexpected("`:` and a condition", example::QUANTIFIER);
        let span = rest.since(input.start());
        return Ok((rest, Expr { span, kind: ExprKind::Missing }));
    }
    let (rest, condition) = expect_expr(rest.next().skip_newlines(), "a condition", example::QUANTIFIER)?;
    rest.state.height.set(rest.state.height.get().max(height) + 1);
    let span = rest.since(input.start());
    let kind = ExprKind::Quantified(Box::new(Quantified { every, name, of, condition }));
    Ok((rest, Expr { span, kind }))
}

fn branch<'a>(input: Tokens<'a>, keyword: &str, what: &str) -> Parsed<'a, Expr> {
    let next = input.skip_newlines();
    if !next.at_word(keyword) {
        input.unexpected(what, example::CONDITION);
        return Ok((input, missing(input)));
    }
    let value = next.next();
    let on_next_line = value.skip_newlines();
    match expr(on_next_line) {
        Ok(found) => Ok(found),
        Err(_) => expect_expr(value, "a value", example::CONDITION),
    }
}
