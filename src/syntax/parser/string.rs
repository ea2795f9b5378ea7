//! Strings with parts. Must not decode escapes: `literal` does.

use super::cursor::{Parsed, Tokens};
use super::expr::expr;
use crate::diagnostic::{Diagnostic, Edit, codes};
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprKind, StringPart};
use crate::syntax::literal;
use crate::syntax::token::TokenKind;

/// `string = '"' { TEXT | ESCAPE | "${" expr "}" } '"'`
pub(super) fn string(input: Tokens<'_>) -> Parsed<'_, Expr> {
    match input.kind() {
        TokenKind::StringPlain => Ok((input.skip(), Expr { span: input.span(), kind: ExprKind::Plain })),
        TokenKind::StringStart => input.deeper(parts),
        _ => input.expected("a string", None),
    }
}

/// A string that is a name: what it says must be what is written, so that it can be found and renamed.
pub(super) fn fixed(input: Tokens<'_>) -> Parsed<'_, Expr> {
    let (rest, found) = string(input)?;
    if let ExprKind::Interpolated(parts) = &found.kind {
        let moving = parts.iter().find_map(|part| match part {
            StringPart::Text(_) => None,
            StringPart::Escape(span) => Some(*span),
            StringPart::Value(expr) => Some(expr.span),
        });
        if let Some(span) = moving {
            let message = "a name in quotes holds neither values nor escapes";
            let problem = Diagnostic::error(codes::UNEXPECTED_TOKEN, message);
            input.report(problem.at(span, "expected plain text").help("write the name out"));
        }
    }
    Ok((rest, found))
}

fn parts(input: Tokens<'_>) -> Parsed<'_, Expr> {
    let open = input.span();
    let mut rest = input.skip();
    let mut parts = Vec::new();
    let mut end = open;
    loop {
        let (token, span) = (rest.peek(), rest.span());
        match token.kind {
            TokenKind::StringText => parts.push(StringPart::Text(span)),
            TokenKind::StringEscape => {
                check_escape(rest, span);
                parts.push(StringPart::Escape(span));
            }
            TokenKind::InterpolationStart => {
                let (after, value) = expr(rest.skip())?;
                parts.push(StringPart::Value(value));
                if after.kind() != TokenKind::InterpolationEnd {
                    return after.expected("`}`", Some("an interpolation is `${name}` and ends on its line"));
                }
                rest = after;
            }
            TokenKind::StringEnd => {
                let kind = ExprKind::Interpolated(parts);
                return Ok((rest.skip(), Expr { span: open.to(span), kind }));
            }
            _ => {
                unclosed(rest, open, end);
                return Ok((rest, Expr { span: open.to(end), kind: ExprKind::Interpolated(parts) }));
            }
        }
        end = rest.span();
        rest = rest.skip();
    }
}

fn check_escape(input: Tokens<'_>, span: Span) {
    let text = input.text(input.peek());
    if literal::unescape(text).is_none() {
        let problem = Diagnostic::error(codes::BAD_ESCAPE, format!("`{text}` is no escape"));
        let help = "known are `\\n`, `\\t`, `\\r`, `\\\\`, `\\\"`, `\\$`, `$${` and `\\u{…}`";
        input.report(problem.at(span, "not known").help(help));
    }
}

fn unclosed(input: Tokens<'_>, open: Span, end: Span) {
    let at = end.end_point();
    let problem = Diagnostic::error(codes::UNCLOSED_STRING, "the string does not end on its line");
    let problem = problem.at(open.to(end), "starts here");
    let edit = Edit { span: at, text: "\"".to_owned() };
    input.report(
        problem
            .help("close it with `\"`, or use `\"\"\"` for several lines")
            .maybe_fix("add `\"`", vec![edit]),
    );
}
