//! Type expressions. Must not know which types exist.

use super::cursor::{Parsed, Tokens, mismatch};
use super::path::path;
use super::recovery::{after_close, nested};
use super::report::example;
use super::string::string;
use crate::syntax::ast::{Type, TypeKind};
use crate::syntax::token::TokenKind;

/// `type = ( [ "secret" ] path | "[" type "]" | STRING { "|" STRING } ) [ "?" ]`, or a report that there is none.
pub(super) fn expect_type<'a>(input: Tokens<'a>, help: &str) -> Parsed<'a, Type> {
    let found = match input.kind() {
        TokenKind::Name => named(input),
        TokenKind::BracketOpen => nested(input, list, |_| TypeKind::Error),
        TokenKind::StringPlain => literals(input),
        _ => mismatch(),
    };
    let Ok((rest, kind)) = found else {
        input.unexpected("a type", help);
        let start = input.place().start;
        let ty = Type { span: input.range(start, start), kind: TypeKind::Error, optional: false };
        return Ok((input, ty));
    };
    let optional = rest.kind() == TokenKind::Question;
    let rest = if optional { rest.next() } else { rest };
    let span = rest.since(input.start());
    Ok((rest, Type { span, kind, optional }))
}

fn named(input: Tokens<'_>) -> Parsed<'_, TypeKind> {
    let secret = input.at_word("secret") && input.nth(1).kind == TokenKind::Name;
    let (rest, path) = path(if secret { input.next() } else { input })?;
    Ok((rest, TypeKind::Name { path, secret }))
}

fn list(open: Tokens<'_>) -> Parsed<'_, TypeKind> {
    let (rest, item) = expect_type(open.next(), example::TYPE)?;
    let kind = TypeKind::List(Box::new(item));
    if rest.kind() == TokenKind::BracketClose {
        return Ok((rest.next(), kind));
    }
    rest.unclosed("`]`", example::TYPE, open.span());
    Ok((after_close(open, rest).unwrap_or(rest), kind))
}

fn literals(input: Tokens<'_>) -> Parsed<'_, TypeKind> {
    let (mut rest, first) = string(input)?;
    let mut words = vec![first];
    while rest.kind() == TokenKind::Or {
        let next = rest.next().skip_newlines();
        let Ok((after, word)) = string(next) else {
            rest.next().unexpected("a string after `|`", example::TYPE);
            return Ok((rest.next(), TypeKind::Literals(words)));
        };
        words.push(word);
        rest = after;
    }
    Ok((rest, TypeKind::Literals(words)))
}
