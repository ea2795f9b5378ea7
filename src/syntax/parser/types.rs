//! Type expressions. Must not know which types exist.

use super::cursor::{Parsed, Tokens, token};
use super::expr::path;
use super::string::string;
use crate::syntax::ast::{Type, TypeKind};
use crate::syntax::token::TokenKind;

/// `type = ( path | "[" type "]" | STRING { "|" STRING } ) [ "?" ]`
pub(super) fn ty(input: Tokens<'_>) -> Parsed<'_, Type> {
    input
        .deeper(|input| {
            let start = input.span();
            let (mut rest, kind, mut span) = match input.kind() {
                TokenKind::Name => named(input)?,
                TokenKind::BracketOpen => {
                    let (rest, item) = ty(input.skip())?;
                    let (after, _) = token(TokenKind::BracketClose, "`]`")(rest)?;
                    (after, TypeKind::List(Box::new(item)), start.to(rest.span()))
                }
                TokenKind::StringPlain => literals(input)?,
                _ => {
                    return input
                        .expected("a type", Some("such as `Port`, `[Path]` or `\"small\" | \"large\"`"));
                }
            };
            let optional = rest.kind() == TokenKind::Question;
            if optional {
                span = span.to(rest.span());
                rest = rest.skip();
            }
            Ok((rest, Type { span, kind, optional }))
        })
        .map(|(rest, ty)| (rest, ty))
}

type Found<'a> = (Tokens<'a>, TypeKind, crate::source::Span);

fn named<'a>(input: Tokens<'a>) -> Result<Found<'a>, nom::Err<super::cursor::Expected>> {
    let start = input.span();
    let secret = input.at_word("secret") && input.nth(1).kind == TokenKind::Name;
    let (rest, path) = path(if secret { input.skip() } else { input })?;
    let span = start.to(path.span());
    Ok((rest, TypeKind::Name { path, secret }, span))
}

fn literals<'a>(input: Tokens<'a>) -> Result<Found<'a>, nom::Err<super::cursor::Expected>> {
    let (mut rest, first) = string(input)?;
    let mut span = first.span;
    let mut words = vec![first];
    while rest.kind() == TokenKind::Or {
        let next = rest.skip().skip_newlines();
        if next.kind() != TokenKind::StringPlain {
            return Err(next.wrong("another word in quotes", Some("such as `\"small\" | \"large\"`")));
        }
        let (after, word) = string(next)?;
        span = span.to(word.span);
        words.push(word);
        rest = after;
    }
    Ok((rest, TypeKind::Literals(words), span))
}
