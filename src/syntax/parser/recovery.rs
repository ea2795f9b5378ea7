//! Where the parser goes on after a mistake. The only place that skips tokens; must not build trees.

use super::cursor::{Parsed, Tokens};
use crate::diagnostic::{Diagnostic, Edit, codes};
use crate::syntax::token::TokenKind;

/// Trees are not higher than this in brackets, and not higher than this in operators: every walk over a tree is
/// recursive, and none may reach the end of the stack.
pub(super) const MAX_DEPTH: u32 = 64;

/// Open brackets named in the report of an unclosed block.
const MAX_LABELS: usize = 8;

/// To the end of the line, to the `}` of the block around, or to the next statement of the line; over brackets
/// that are closed, whatever is in them.
pub(super) fn sync(mut input: Tokens<'_>) -> Tokens<'_> {
    loop {
        match input.kind() {
            kind if kind.ends_line() => return input,
            TokenKind::BraceClose => return input,
            TokenKind::Comma if starts_statement(input.next()) => return input,
            _ => input = over(input),
        }
    }
}

/// Over the next token, and over what it opens when that is closed.
fn over(input: Tokens<'_>) -> Tokens<'_> {
    match input.state.significant.close_of(input.index()) {
        Some(close) => input.forward_to(close).next(),
        None => input.next(),
    }
}

/// Whether these tokens can only be the start of a statement.
pub(super) fn starts_statement(input: Tokens<'_>) -> bool {
    if input.kind() == TokenKind::StringPlain {
        return input.nth(1).kind == TokenKind::Equals;
    }
    let mut next = 1;
    while input.nth(next).kind == TokenKind::Dot && input.nth(next + 1).kind == TokenKind::Name {
        next += 2;
    }
    let in_value = |at| matches!(input.text(input.nth(at)), "if" | "in" | "then" | "else");
    input.kind() == TokenKind::Name
        && match input.nth(next).kind {
            TokenKind::Equals | TokenKind::PlusEquals => true,
            TokenKind::BraceOpen => next == 1,
            TokenKind::Name => next == 1 && !in_value(0) && !in_value(1) && !starts_quantifier(input),
            kind => next == 1 && kind.starts_string() && !in_value(0),
        }
}

/// Whether `all x in` or `any x in` starts here.
pub(super) fn starts_quantifier(input: Tokens<'_>) -> bool {
    matches!(input.text(input.peek()), "all" | "any")
        && input.nth(1).kind == TokenKind::Name
        && input.nth(2).kind == TokenKind::Name
        && input.text(input.nth(2)) == "in"
}

/// To the bracket that closes the one at `open`, and over it; `None` when nothing closes it.
pub(super) fn after_close<'a>(open: Tokens<'a>, rest: Tokens<'a>) -> Option<Tokens<'a>> {
    let close = open.state.significant.close_of(open.index())?;
    (close >= rest.index()).then(|| rest.forward_to(close).next())
}

/// Parses what the next token opens, one level deeper; beyond the limit, skips it.
pub(super) fn nested<'a, T>(
    input: Tokens<'a>,
    parser: impl FnOnce(Tokens<'a>) -> Parsed<'a, T>,
    skipped: impl FnOnce(Tokens<'a>) -> T,
) -> Parsed<'a, T> {
    let depth = input.state.depth.get();
    if depth >= MAX_DEPTH {
        return Ok((too_deep(input), skipped(input)));
    }
    input.state.depth.set(depth + 1);
    let result = parser(input);
    input.state.depth.set(depth);
    result
}

/// Reports that the tree gets too high here, and skips to where the next token is closed, or its line.
pub(super) fn too_deep(input: Tokens<'_>) -> Tokens<'_> {
    let message = format!("nested more than {MAX_DEPTH} levels deep");
    let problem = Diagnostic::error(codes::TOO_DEEP, message)
        .at(input.span(), "too deep from here on")
        .help("give the inner part a name with `let`");
    input.report(problem);
    let mut rest = over(input);
    if rest.index() == input.index() + 1 {
        let whole_block = input.kind() == TokenKind::BraceOpen;
        while !rest.kind().ends_line() || (whole_block && rest.kind() == TokenKind::Newline) {
            rest = over(rest);
        }
    }
    rest.silence();
    rest
}

/// Reports once that all open blocks end here, without their `}`.
pub(super) fn unclosed_blocks(input: Tokens<'_>) {
    let at_anchor = input.kind() == TokenKind::Anchor;
    let before = if at_anchor { input.next() } else { input };
    let place = if at_anchor { before.span() } else { input.place() };
    let found = if at_anchor {
        format!("`{}`", before.text(before.peek()))
    } else {
        "the end of the file".to_owned()
    };
    let open = input.state.open.borrow();
    let message = format!("expected `}}` before {found}");
    let mut problem =
        Diagnostic::error(codes::UNCLOSED_BLOCK, message).at(place, "a block is still open here");
    for span in open.iter().rev().take(MAX_LABELS) {
        problem = problem.also(*span, "this `{` is not closed");
    }
    let start = if at_anchor { before.start() } else { place.start };
    let closing = "}\n".repeat(open.len());
    let edit = Edit {
        span: input.range(start, start),
        text: if at_anchor { closing } else { format!("\n{}", closing.trim_end()) },
    };
    input.report(problem.help("close every block with `}`").maybe_fix("add what is missing", vec![edit]));
}
