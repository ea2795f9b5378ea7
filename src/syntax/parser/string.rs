//! Strings. Must not decode escapes: `literal` does.

use super::cursor::{Parsed, Tokens, mismatch};
use super::expr::{expect_expr, missing};
use super::recovery::{after_close, nested};
use super::report::example;
use crate::diagnostic::{Diagnostic, codes};
use crate::syntax::ast::{Expr, ExprKind, StringPart};
use crate::syntax::literal;
use crate::syntax::token::TokenKind;

/// `string = '"' { TEXT | ESCAPE | "${" expr "}" } '"'`
pub(super) fn string(input: Tokens<'_>) -> Parsed<'_, Expr> {
    match input.kind() {
        TokenKind::StringPlain => {
            let span = input.span();
            let kind = ExprKind::Plain;
            Ok((input.next(), Expr { span, kind }))
        }
        TokenKind::StringStart => parts(input),
        _ => mismatch(),
    }
}

/// A name in quotes: a key or a label. It is read before values are known, so it holds none.
pub(super) fn quoted_name(input: Tokens<'_>) -> Parsed<'_, Expr> {
    let (rest, found) = string(input)?;
    if let ExprKind::Interpolated(parts) = &found.kind {
        let place = parts.iter().find_map(|part| match part {
            StringPart::Value(expr) => Some(expr.span),
            StringPart::Escape(span) => Some(*span),
            StringPart::Text(_) => None,
        });
        if let Some(span) = place {
            let message = "a name in quotes holds neither values nor escapes";
            let problem = Diagnostic::error(codes::UNEXPECTED_TOKEN, message).at(span, "expected plain text");
            input.report(problem.help("write the name out"));
        }
    }
    Ok((rest, found))
}

/// `RAWSTRING = '"""' … '"""'`
pub(super) fn raw(input: Tokens<'_>) -> Parsed<'_, Expr> {
    if input.kind() != TokenKind::RawString {
        return mismatch();
    }
    let span = input.span();
    let text = input.text(input.peek());
    if text.len() < 6 || !text.ends_with("\"\"\"") {
        let open = input.range(span.start, span.start + 3);
        let problem = Diagnostic::error(codes::UNCLOSED_STRING, "the raw string is not closed");
        input.report(problem.at(open, "opened here").help("close it with `\"\"\"`"));
    }
    let kind = ExprKind::Raw;
    Ok((input.next(), Expr { span, kind }))
}

fn parts(open: Tokens<'_>) -> Parsed<'_, Expr> {
    let mut parts = Vec::new();
    let mut tallest = 0;
    let mut rest = open.next();
    loop {
        let span = rest.span();
        match rest.kind() {
            TokenKind::StringText => parts.push(StringPart::Text(span)),
            TokenKind::StringEscape => {
                check_escape(rest);
                parts.push(StringPart::Escape(span));
            }
            TokenKind::InterpolationStart => {
                let (after, value) = nested(rest, interpolation, missing)?;
                tallest = rest.state.height.get().max(tallest);
                parts.push(StringPart::Value(value));
                rest = after;
                continue;
            }
            TokenKind::StringEnd => {
                rest = rest.next();
                break;
            }
            _ => {
                open.report(open.unclosed_string(open.start()));
                break;
            }
        }
        rest = rest.next();
    }
    open.state.height.set(tallest + 1);
    let span = rest.since(open.start());
    parts.shrink_to_fit();
    let kind = ExprKind::Interpolated(parts);
    Ok((rest, Expr { span, kind }))
}

/// `"${" expr "}"`
fn interpolation(open: Tokens<'_>) -> Parsed<'_, Expr> {
    if open.next().kind() == TokenKind::BraceOpen
        && let Some(after) = after_close(open, open.next())
    {
        return Ok((after, foreign_expression(open)));
    }
    let (rest, value) = expect_expr(open.next(), "a value", example::INTERPOLATION)?;
    if rest.kind() == TokenKind::InterpolationEnd {
        return Ok((rest.next(), value));
    }
    let is_index = rest.kind() == TokenKind::BracketOpen;
    let help = if is_index { example::NO_INDEX } else { example::INTERPOLATION };
    rest.unclosed("`}`", help, open.span());
    // What stands there is not what was meant: its type would be a second report of the same mistake.
    let value = Expr { span: value.span, kind: ExprKind::Missing };
    let mut after = after_close(open, rest).unwrap_or(rest);
    if after.index() == rest.index() {
        // The line ends before the `}`, and the string with it.
        while !after.kind().ends_line() {
            after = after.next();
        }
        after.silence();
    }
    Ok((after, value))
}

/// `${{ … }}` belongs to other languages; here it would be a map, which is no text.
fn foreign_expression(open: Tokens<'_>) -> Expr {
    let problem = Diagnostic::error(codes::UNEXPECTED_TOKEN, "expected a value, found `{`")
        .at(open.next().span(), "a map is no text")
        .help("write `$${{` for text that says `${{`");
    open.report(problem);
    missing(open)
}

fn check_escape(input: Tokens<'_>) {
    let text = input.text(input.peek());
    if literal::unescape(text).is_none() {
        let problem = Diagnostic::error(codes::BAD_ESCAPE, format!("`{text}` is no escape"));
        let help = "write one of `\\n`, `\\t`, `\\r`, `\\\\`, `\\\"`, `\\$`, `$${` and `\\u{…}`";
        input.report(problem.at(input.span(), "not known").help(help));
    }
}
