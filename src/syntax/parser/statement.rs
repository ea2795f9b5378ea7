//! One statement, chosen by its first two tokens. Must not backtrack after a report.

use super::block::block;
use super::cursor::{Parsed, Tokens, token};
use super::expr::{maybe_path, path, whole};
use super::types::ty;
use crate::diagnostic::{Diagnostic, Edit, codes};
use crate::source::Span;
use crate::syntax::ast::{
    Check, Expr, ExprKind, Let, Name, Param, Setting, SettingKey, SettingOperator, StatementKind,
    TypeDefinition, Use, UseFrom,
};
use crate::syntax::token::TokenKind;

/// `statement = use | let | param | typedef | check | setting | block`
pub(super) fn statement(input: Tokens<'_>) -> Parsed<'_, StatementKind> {
    match (input.kind(), input.nth(1).kind) {
        (TokenKind::Name, next) => {
            let word = input.text(input.peek());
            let name_follows = next == TokenKind::Name;
            let string_follows = matches!(next, TokenKind::StringPlain | TokenKind::StringStart);
            match word {
                "use" if name_follows || string_follows => use_clause(input.skip()),
                "let" if name_follows => let_binding(input.skip()),
                "param" if name_follows => param(input.skip()),
                "type" if name_follows => type_definition(input.skip()),
                "check" if starts_expr(next) => check(input.skip()),
                _ => setting_or_block(input, next),
            }
        }
        (TokenKind::StringPlain | TokenKind::StringStart, _) => {
            let (rest, key) = super::string::fixed(input)?;
            setting(rest, SettingKey::String(key))
        }
        _ => input.expected("a setting or a block", Some("such as `port = 3000` or `service api { … }`")),
    }
}

/// Whether `check` is followed by a condition and not by `=` or `{`.
fn starts_expr(kind: TokenKind) -> bool {
    !matches!(
        kind,
        TokenKind::Equals
            | TokenKind::PlusEquals
            | TokenKind::Dot
            | TokenKind::BraceOpen
            | TokenKind::Colon
            | TokenKind::Newline
            | TokenKind::End
    )
}

fn setting_or_block(input: Tokens<'_>, next: TokenKind) -> Parsed<'_, StatementKind> {
    match next {
        TokenKind::Equals
        | TokenKind::PlusEquals
        | TokenKind::Dot
        | TokenKind::Colon
        | TokenKind::EqualsEquals => {
            let (rest, key) = path(input)?;
            setting(rest, SettingKey::Path(key))
        }
        TokenKind::Newline | TokenKind::End | TokenKind::BraceClose | TokenKind::Comma => {
            let word = input.text(input.peek());
            let span = input.span();
            let message = format!("`{word}` alone says nothing");
            let problem =
                Diagnostic::error(codes::UNEXPECTED_TOKEN, message).at(span, "the line ends too early");
            let help = match example(word) {
                Some(example) => format!("such as `{example}`"),
                None => format!("write `{word} = value` or `{word} {{ … }}`"),
            };
            if input.first_alone_on_line() {
                input.report(problem.help(help));
            }
            Ok((input.skip(), StatementKind::Error))
        }
        _ => block(input),
    }
}

/// What a statement looks like that starts with this keyword.
fn example(word: &str) -> Option<&'static str> {
    Some(match word {
        "use" => "use std.web { node }",
        "let" => "let domain = \"shop.example\"",
        "param" => "param domain: Host",
        "type" => "type Tier = \"small\" | \"large\"",
        "check" => "check api.replicas >= 2 else \"one is not enough\"",
        "patch" => "patch compose { services.api.tty = true }",
        "service" => "service api { image = \"registry.example/api:1.0\" }",
        "environment" => "environment production { target compose }",
        _ => return None,
    })
}

/// `setting = path ( "=" | "+=" ) expr`
fn setting(input: Tokens<'_>, key: SettingKey) -> Parsed<'_, StatementKind> {
    let operator = match input.kind() {
        TokenKind::Equals => SettingOperator::Replace,
        TokenKind::PlusEquals => SettingOperator::Append,
        wrong @ (TokenKind::Colon | TokenKind::EqualsEquals) => {
            let message =
                format!("settings use `=`, not {}", if wrong == TokenKind::Colon { "`:`" } else { "`==`" });
            let edit = Edit {
                span: input.span(),
                text: if wrong == TokenKind::Colon { " =".to_owned() } else { "=".to_owned() },
            };
            let problem = Diagnostic::error(codes::WRONG_SEPARATOR, message).at(input.span(), "expected `=`");
            input.report(problem.safe_fix("replace with `=`", vec![edit]));
            SettingOperator::Replace
        }
        _ => return input.expected("`=`", Some("such as `port = 3000`")),
    };
    let (rest, value) = value(input.skip())?;
    Ok((rest, StatementKind::Setting(Setting { key, operator, value })))
}

/// An expression, or a reported hole where the line ends: incomplete code is code.
fn value(input: Tokens<'_>) -> Parsed<'_, Expr> {
    if matches!(input.kind(), TokenKind::Newline | TokenKind::End | TokenKind::BraceClose | TokenKind::Comma)
    {
        let span = input.span();
        let message = format!("expected a value, found {}", input.found());
        input.report(Diagnostic::error(codes::UNEXPECTED_TOKEN, message).at(span, "a value is missing here"));
        return Ok((input, Expr { span, kind: ExprKind::Missing }));
    }
    whole(input)
}

/// `use = "use" ( path | STRING ) [ "{" name { "," name } "}" ] [ "as" name ]`
fn use_clause(input: Tokens<'_>) -> Parsed<'_, StatementKind> {
    let (mut rest, from) = if input.kind() == TokenKind::StringPlain {
        let span = input.span();
        (input.skip(), UseFrom::File(Span::new(span.source, span.start + 1, span.end - 1)))
    } else if input.kind() == TokenKind::Name {
        let (rest, module) = path(input)?;
        (rest, UseFrom::Module(module))
    } else {
        return input.expected("a module or a path in quotes", Some("such as `use \"./shared.stack\"`"));
    };
    let mut names = Vec::new();
    if rest.kind() == TokenKind::BraceOpen {
        rest = rest.skip().skip_newlines();
        while rest.kind() != TokenKind::BraceClose {
            let (after, name) = token(TokenKind::Name, "a name to import")(rest)?;
            names.push(Name { span: rest.span_of(name) });
            rest = after.skip_newlines();
            if rest.kind() == TokenKind::Comma {
                rest = rest.skip().skip_newlines();
            } else if rest.kind() != TokenKind::BraceClose {
                return rest.expected("`,` or `}`", Some("such as `use std.data { postgres, redis }`"));
            }
        }
        rest = rest.skip();
    }
    let mut alias = None;
    if rest.at_word("as") {
        let (after, name) = token(TokenKind::Name, "a name after `as`")(rest.skip())?;
        alias = Some(Name { span: rest.span_of(name) });
        rest = after;
    }
    Ok((rest, StatementKind::Use(Use { from, names, alias })))
}

fn name(input: Tokens<'_>) -> Parsed<'_, Name> {
    let (rest, found) = token(TokenKind::Name, "a name")(input)?;
    Ok((rest, Name { span: input.span_of(found) }))
}

/// `let = "let" name [ ":" type ] "=" expr`
fn let_binding(input: Tokens<'_>) -> Parsed<'_, StatementKind> {
    let (rest, name) = name(input)?;
    let (rest, ty) = maybe_type(rest)?;
    let (rest, _) = token(TokenKind::Equals, "`=`")(rest)?;
    let (rest, value) = value(rest)?;
    Ok((rest, StatementKind::Let(Let { name, ty, value })))
}

/// `param = "param" name [ ":" type ] [ "=" expr ]`
fn param(input: Tokens<'_>) -> Parsed<'_, StatementKind> {
    let (rest, name) = name(input)?;
    let (mut rest, ty) = maybe_type(rest)?;
    let mut default = None;
    if rest.kind() == TokenKind::Equals {
        let (after, found) = value(rest.skip())?;
        (rest, default) = (after, Some(found));
    }
    Ok((rest, StatementKind::Param(Param { name, ty, default })))
}

fn maybe_type(input: Tokens<'_>) -> Parsed<'_, Option<crate::syntax::ast::Type>> {
    if input.kind() != TokenKind::Colon {
        return Ok((input, None));
    }
    let (rest, found) = ty(input.skip())?;
    Ok((rest, Some(found)))
}

/// `typedef = "type" name "=" type [ "where" expr ]`
fn type_definition(input: Tokens<'_>) -> Parsed<'_, StatementKind> {
    let (rest, name) = name(input)?;
    let (rest, _) = token(TokenKind::Equals, "`=`")(rest)?;
    let (mut rest, ty) = ty(rest)?;
    let mut constraint = None;
    if rest.at_word("where") {
        let (after, found) = whole(rest.skip())?;
        (rest, constraint) = (after, Some(found));
    }
    Ok((rest, StatementKind::Type(TypeDefinition { name, ty, constraint })))
}

/// `check = "check" expr [ "else" expr ]`
fn check(input: Tokens<'_>) -> Parsed<'_, StatementKind> {
    let (mut rest, condition) = whole(input)?;
    let mut message = None;
    if rest.at_word("else") {
        let (after, found) = whole(rest.skip())?;
        (rest, message) = (after, Some(found));
    }
    Ok((rest, StatementKind::Check(Check { condition, message })))
}

/// `-> path`, where there is one.
pub(super) fn maybe_target(input: Tokens<'_>) -> Parsed<'_, Option<crate::syntax::ast::Path>> {
    let input = match (input.kind(), input.nth(1).kind) {
        (TokenKind::Arrow, _) => input,
        (TokenKind::Equals, TokenKind::Greater) => {
            let span = input.span().to(input.span_of(input.nth(1)));
            let edit = Edit { span, text: "->".to_owned() };
            let problem = Diagnostic::error(codes::WRONG_SEPARATOR, "a target follows `->`, not `=>`");
            input.report(problem.at(span, "expected `->`").safe_fix("replace with `->`", vec![edit]));
            input.skip()
        }
        _ => return Ok((input, None)),
    };
    match maybe_path(input.skip()) {
        Some((rest, found)) => Ok((rest, Some(found))),
        None => input.skip().expected("a service after `->`", Some("such as `route \"/\" -> web`")),
    }
}
