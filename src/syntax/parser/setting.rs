//! `key = value`, in blocks and in maps. Must not know which keys exist.

use nom::Parser;
use nom::branch::alt;

use super::cursor::{Parsed, Tokens, mismatch};
use super::expr::{expect_expr, missing};
use super::path::path;
use super::recovery::{sync, unclosed_blocks};
use super::report::example;
use super::string::quoted_name;
use crate::syntax::ast::{Expr, ExprKind, MapEntry, Setting, SettingKey, SettingOperator, StatementKind};
use crate::syntax::token::TokenKind;

/// `setting = key ( "=" | "+=" ) expr`
pub(super) fn setting(input: Tokens<'_>) -> Parsed<'_, StatementKind> {
    let (rest, key) = key(input)?;
    let (rest, (operator, value)) = assignment(rest)?;
    let setting = Setting { key, operator, value };
    Ok((rest, StatementKind::Setting(setting)))
}

/// `"{" { key "=" expr [ "," ] } "}"`, with the cursor on the `{`.
pub(super) fn map(open: Tokens<'_>) -> Parsed<'_, Expr> {
    open.state.open.borrow_mut().push(open.span());
    let (rest, entries) = entries(open.next());
    let rest = if rest.kind() == TokenKind::BraceClose {
        rest.next()
    } else {
        unclosed_blocks(rest);
        rest
    };
    open.state.open.borrow_mut().pop();
    let span = rest.since(open.start());
    let kind = ExprKind::Map(entries);
    Ok((rest, Expr { span, kind }))
}

/// Entries up to a `}`, the end, or a line that ends all blocks.
fn entries(mut input: Tokens<'_>) -> (Tokens<'_>, Vec<MapEntry>) {
    let mut entries = Vec::new();
    let mut tallest = 0;
    loop {
        match input.kind() {
            TokenKind::End | TokenKind::Anchor | TokenKind::BraceClose | TokenKind::InterpolationEnd => break,
            TokenKind::Newline | TokenKind::Comma => input = input.next(),
            _ => {
                let Ok((rest, entry)) = entry(input) else {
                    input.unexpected("a name, a string or `}`", example::MAP);
                    input = sync(input.next());
                    continue;
                };
                tallest = input.state.height.get().max(tallest);
                entries.push(entry);
                input = end_of_entry(rest);
            }
        }
    }
    input.state.height.set(tallest + 1);
    entries.shrink_to_fit();
    (input, entries)
}

fn entry(input: Tokens<'_>) -> Parsed<'_, MapEntry> {
    let (rest, key) = key(input)?;
    let (after, (operator, value)) = assignment(rest)?;
    if operator == SettingOperator::Append {
        rest.unexpected("`=`", example::MAP);
    }
    Ok((after, MapEntry { key, value }))
}

fn end_of_entry(input: Tokens<'_>) -> Tokens<'_> {
    match input.kind() {
        TokenKind::Comma | TokenKind::BraceClose | TokenKind::InterpolationEnd => input,
        kind if kind.ends_line() => input,
        TokenKind::Name | TokenKind::StringPlain if is_operator(input.nth(1).kind) => {
            input.missing_comma("the entries of a map");
            input
        }
        _ => {
            input.unexpected("`,` or `}`", example::MAP);
            sync(input.next())
        }
    }
}

/// `key = path | string`
fn key(input: Tokens<'_>) -> Parsed<'_, SettingKey> {
    alt((path.map(SettingKey::Path), quoted_name.map(SettingKey::String))).parse(input)
}

const fn is_operator(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Equals | TokenKind::PlusEquals | TokenKind::EqualsEquals | TokenKind::Colon)
}

/// The operator and the value after a key; what is missing is reported.
fn assignment(input: Tokens<'_>) -> Parsed<'_, (SettingOperator, Expr)> {
    let Ok((rest, operator)) = operator(input) else {
        input.unexpected("`=`", example::SETTING);
        let brace = input.kind() == TokenKind::BraceOpen;
        let rest = if brace { sync(input) } else { input };
        return Ok((rest, (SettingOperator::Replace, missing(input))));
    };
    let (rest, value) = expect_expr(rest, "a value", example::VALUE)?;
    Ok((rest, (operator, value)))
}

/// `"=" | "+="`, and the signs of other languages that can only mean `=`.
fn operator(input: Tokens<'_>) -> Parsed<'_, SettingOperator> {
    match input.kind() {
        TokenKind::Equals => Ok((input.next(), SettingOperator::Replace)),
        TokenKind::PlusEquals => Ok((input.next(), SettingOperator::Append)),
        TokenKind::Colon | TokenKind::EqualsEquals => {
            let sign = input.text(input.peek());
            input.wrong_separator(&format!("settings use `=`, not `{sign}`"), "=");
            Ok((input.next(), SettingOperator::Replace))
        }
        _ => mismatch(),
    }
}
