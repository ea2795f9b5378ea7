//! The statements that start with a keyword. Must not know settings and blocks.

use nom::Parser;
use nom::combinator::opt;
use nom::sequence::preceded;

use super::cursor::{Parsed, Tokens, mismatch, name, token, word};
use super::expr::expect_expr;
use super::path::expect_path;
use super::recovery::{after_close, starts_statement, sync};
use super::report::example;
use super::types::expect_type;
use crate::syntax::ast::{
    Check, Expr, ExprKind, Let, Name, Param, StatementKind, Type, TypeDefinition, Use, UseFrom,
};
use crate::syntax::token::TokenKind;

/// `declaration = use | let | param | typedef | check`; a mismatch when the first word is no keyword.
pub(super) fn declaration(input: Tokens<'_>) -> Parsed<'_, StatementKind> {
    let rest = input.next();
    match input.text(input.peek()) {
        "use" => import(rest),
        "let" => constant(rest),
        "param" => parameter(rest),
        "type" => type_definition(rest),
        "check" => check(rest),
        _ => mismatch(),
    }
}

/// `use = "use" ( path | STRING ) [ "{" name { "," name } [ "," ] "}" ] [ "as" name ]`
fn import(input: Tokens<'_>) -> Parsed<'_, StatementKind> {
    let (rest, from) = match input.kind() {
        TokenKind::StringPlain => {
            let span = input.span();
            (input.next(), UseFrom::File(input.range(span.start + 1, span.end - 1)))
        }
        _ => match expect_path(input, "a module or a file", example::USE)? {
            (rest, Some(path)) => (rest, UseFrom::Module(path)),
            (rest, None) => return Ok((sync(rest), StatementKind::Error)),
        },
    };
    let (rest, names) =
        if rest.kind() == TokenKind::BraceOpen { imported(rest)? } else { (rest, Vec::new()) };
    let (rest, alias) = match word("as")(rest) {
        Ok((rest, _)) => expect_name(
            rest,
            "a name after `as`",
            "name the module, as in `use \"./shared.stack\" as shared`",
        )?,
        Err(_) => (rest, None),
    };
    Ok((rest, StatementKind::Use(Use { from, names, alias })))
}

fn imported(open: Tokens<'_>) -> Parsed<'_, Vec<Name>> {
    let mut names = Vec::new();
    let mut input = open.next();
    loop {
        let line = input.skip_newlines();
        let new_line = line.index() > input.index();
        match line.kind() {
            TokenKind::BraceClose => return Ok((line.next(), names)),
            TokenKind::Name if !(new_line && starts_statement(line)) => {
                names.push(Name { span: line.span() });
                let rest = line.next();
                let (after, comma) = opt(token(TokenKind::Comma)).parse(rest.skip_newlines())?;
                let another = after.kind() == TokenKind::Name && !starts_statement(after);
                if comma.is_none() && another {
                    after.missing_comma("imported names");
                }
                input = if comma.is_some() || another { after } else { rest };
            }
            _ => {
                input.unclosed("a name or `}`", example::USE, open.span());
                return Ok((after_close(open, input).unwrap_or(input), names));
            }
        }
    }
}

/// `let = "let" name [ ":" type ] "=" expr`
fn constant(input: Tokens<'_>) -> Parsed<'_, StatementKind> {
    let (rest, Some(name)) = expect_name(input, "a name after `let`", example::LET)? else {
        return Ok((sync(input), StatementKind::Error));
    };
    let (rest, ty) = maybe_type(rest)?;
    let (rest, value) = maybe_value(rest)?;
    let value = value.unwrap_or_else(|| {
        rest.unexpected("`=`", example::LET);
        let place = rest.place();
        Expr { span: rest.range(place.start, place.start), kind: ExprKind::Missing }
    });
    Ok((rest, StatementKind::Let(Let { name, ty, value })))
}

/// `param = "param" name [ ":" type ] [ "=" expr ]`
fn parameter(input: Tokens<'_>) -> Parsed<'_, StatementKind> {
    let (rest, Some(name)) = expect_name(input, "a name after `param`", example::PARAM)? else {
        return Ok((sync(input), StatementKind::Error));
    };
    let (rest, ty) = maybe_type(rest)?;
    let (rest, default) = maybe_value(rest)?;
    if ty.is_none() && default.is_none() && rest.kind() == TokenKind::Name {
        rest.unexpected("`:` or `=`", example::PARAM);
        return Ok((sync(rest), StatementKind::Param(Param { name, ty, default })));
    }
    Ok((rest, StatementKind::Param(Param { name, ty, default })))
}

/// `typedef = "type" name "=" type [ "where" expr ]`
fn type_definition(input: Tokens<'_>) -> Parsed<'_, StatementKind> {
    let (rest, Some(name)) = expect_name(input, "a name after `type`", example::TYPEDEF)? else {
        return Ok((sync(input), StatementKind::Error));
    };
    let rest = match rest.kind() {
        TokenKind::Equals => rest.next(),
        TokenKind::Colon => {
            rest.wrong_separator("types are defined with `=`, not with `:`", "=");
            rest.next()
        }
        _ => {
            rest.unexpected("`=`", example::TYPEDEF);
            return Ok((sync(rest), StatementKind::Error));
        }
    };
    let (rest, ty) = expect_type(rest, example::TYPEDEF)?;
    let condition = |rest| expect_expr(rest, "a condition after `where`", example::TYPEDEF);
    let (rest, constraint) = opt(preceded(word("where"), condition)).parse(rest)?;
    Ok((rest, StatementKind::Type(TypeDefinition { name, ty: Box::new(ty), constraint })))
}

/// `check = "check" expr [ "else" expr ]`
fn check(input: Tokens<'_>) -> Parsed<'_, StatementKind> {
    let (rest, condition) = expect_expr(input, "a condition after `check`", example::CHECK)?;
    let message = |rest| expect_expr(rest, "a message after `else`", example::CHECK);
    let (rest, message) = opt(preceded(word("else"), message)).parse(rest)?;
    Ok((rest, StatementKind::Check(Check { condition, message })))
}

fn expect_name<'a>(input: Tokens<'a>, what: &str, help: &str) -> Parsed<'a, Option<Name>> {
    let (rest, found) = opt(name).parse(input)?;
    if found.is_none() {
        input.unexpected(what, help);
    }
    Ok((rest, found))
}

fn maybe_type(input: Tokens<'_>) -> Parsed<'_, Option<Box<Type>>> {
    let ty = |rest| expect_type(rest, example::TYPE);
    opt(preceded(token(TokenKind::Colon), ty).map(Box::new)).parse(input)
}

fn maybe_value(input: Tokens<'_>) -> Parsed<'_, Option<Expr>> {
    if input.kind() == TokenKind::EqualsEquals {
        input.wrong_separator("values are given with `=`, not with `==`", "=");
        return expect_expr(input.next(), "a value", example::VALUE).map(|(rest, value)| (rest, Some(value)));
    }
    let value = |rest| expect_expr(rest, "a value", example::VALUE);
    opt(preceded(token(TokenKind::Equals), value)).parse(input)
}
