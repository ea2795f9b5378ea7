//! Values between brackets with commas. Must not know what they are for.

use super::cursor::Tokens;
use super::expr::{expect_expr, starts_expr};
use super::recovery::{after_close, starts_statement};
use crate::syntax::ast::Expr;
use crate::syntax::token::TokenKind;

/// `open [ expr { "," expr } [ "," ] ] close`, line breaks free, with the cursor on the opening bracket. A list
/// that is not closed ends where a statement starts, so that it costs its own line only.
pub(super) fn list<'a>(
    open: Tokens<'a>,
    close: TokenKind,
    what: &str,
    help: &str,
) -> (Tokens<'a>, Vec<Expr>) {
    let mut items = Vec::new();
    let mut tallest = 0;
    let mut separated = true;
    let mut input = open.next();
    let rest = loop {
        let next = input.skip_newlines();
        let new_line = next.index() > input.index();
        match next.kind() {
            kind if kind == close => break next.next(),
            TokenKind::Comma if !separated => {
                separated = true;
                input = next.next();
            }
            _ if starts_expr(next) && !(new_line && starts_statement(next)) => {
                if !separated {
                    next.missing_comma("the items of a list");
                }
                let Ok((rest, item)) = expect_expr(next, "a value", help) else {
                    break input;
                };
                tallest = next.state.height.get().max(tallest);
                items.push(item);
                separated = false;
                input = rest;
            }
            _ => {
                input.unclosed(what, help, open.span());
                // A bracket further down would close it, but not over statements.
                let close = if new_line && starts_statement(next) { None } else { after_close(open, input) };
                break close.unwrap_or(input);
            }
        }
    };
    open.state.height.set(tallest + 1);
    items.shrink_to_fit();
    (rest, items)
}
