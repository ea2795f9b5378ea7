//! Dotted names. Must not know what they refer to.

use nom::Parser;
use nom::combinator::opt;

use super::cursor::{Parsed, Tokens, name};
use super::report::example;
use crate::syntax::ast::{Name, Path};
use crate::syntax::token::TokenKind;

/// `path = name { "." ( name | INT ) }`; the numbers are items of lists, which patches reach. A dot that nothing
/// follows is reported and kept.
pub(super) fn path(input: Tokens<'_>) -> Parsed<'_, Path> {
    let (mut rest, first) = name(input)?;
    let mut path = Path { first, rest: Vec::new(), incomplete: None };
    while rest.kind() == TokenKind::Dot {
        let dot = rest.span();
        rest = rest.next();
        if !matches!(rest.kind(), TokenKind::Name | TokenKind::Int) {
            rest.unexpected("a name after `.`", example::PATH);
            path.incomplete = Some(dot);
            break;
        }
        path.rest.push(Name { span: rest.span() });
        rest = rest.next();
    }
    Ok((rest, path))
}

/// A path, or a report that there is none.
pub(super) fn expect_path<'a>(input: Tokens<'a>, what: &str, help: &str) -> Parsed<'a, Option<Path>> {
    let (rest, found) = opt(path).parse(input)?;
    if found.is_none() {
        input.unexpected(what, help);
    }
    Ok((rest, found))
}
