//! Operators, weakest first. Must not evaluate.

use super::atom::atom;
use super::cursor::{Parsed, Tokens};
use super::recovery::{MAX_DEPTH, starts_statement, too_deep};
use super::report::example;
use crate::diagnostic::{Diagnostic, codes};
use crate::syntax::ast::{BinaryOperator, Expr, ExprKind};
use crate::syntax::token::TokenKind;

/// How strongly an operator binds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Or,
    And,
    Compare,
    Range,
    Coalesce,
    Unary,
}

impl Level {
    /// The level of the operands to the right.
    const fn tighter(self) -> Self {
        match self {
            Self::Or => Self::And,
            Self::And => Self::Compare,
            Self::Compare => Self::Range,
            Self::Range => Self::Coalesce,
            Self::Coalesce | Self::Unary => Self::Unary,
        }
    }

    /// Whether `a < b < c` has no meaning.
    const fn stands_alone(self) -> bool {
        matches!(self, Self::Compare | Self::Range)
    }
}

/// `expr = or`; a mismatch when no value starts here.
pub(super) fn expr(input: Tokens<'_>) -> Parsed<'_, Expr> {
    operation(input, Level::Or)
}

/// An expression, or a report that there is none.
pub(super) fn expect_expr<'a>(input: Tokens<'a>, what: &str, help: &str) -> Parsed<'a, Expr> {
    expr(input).or_else(|_| {
        input.unexpected(what, help);
        Ok((input, missing(input)))
    })
}

/// The value that is not here.
pub(super) fn missing(input: Tokens<'_>) -> Expr {
    let start = input.place().start;
    input.state.height.set(1);
    Expr { span: input.range(start, start), kind: ExprKind::Missing }
}

/// Whether a value starts here.
pub(super) fn starts_expr(input: Tokens<'_>) -> bool {
    match input.kind() {
        TokenKind::Name => !is_connective(input.text(input.peek())),
        TokenKind::Int
        | TokenKind::Float
        | TokenKind::Quantity
        | TokenKind::Rate
        | TokenKind::BracketOpen
        | TokenKind::BraceOpen
        | TokenKind::ParenOpen
        | TokenKind::Bang => true,
        kind => kind.starts_string(),
    }
}

/// Words that join values and therefore are none.
fn is_connective(word: &str) -> bool {
    matches!(word, "then" | "else" | "in")
}

/// `or = and { "||" and }` and so on, down to `coal = unary { "??" unary }`.
fn operation(input: Tokens<'_>, weakest: Level) -> Parsed<'_, Expr> {
    let (mut rest, mut left) = unary(input)?;
    let mut last = None;
    let mut chained = false;
    while let Some((operator, level)) = operator(rest)
        && level >= weakest
    {
        if level.stands_alone() && last == Some(level) && !chained {
            report_chain(rest);
            chained = true;
        }
        last = Some(level);
        let height = rest.state.height.get();
        let (after, right) = operand(rest.next(), level.tighter())?;
        let height = rest.state.height.get().max(height) + 1;
        if height > MAX_DEPTH {
            rest = too_deep(rest);
            break;
        }
        rest.state.height.set(height);
        left = Expr {
            span: after.since(input.start()),
            kind: ExprKind::Binary(operator, Box::new((left, right))),
        };
        rest = after;
    }
    Ok((rest, left))
}

/// The right side of an operator; it may stand on the next line.
fn operand(input: Tokens<'_>, level: Level) -> Parsed<'_, Expr> {
    let next = input.skip_newlines();
    let on_next_line = next.index() > input.index();
    let next = if on_next_line && starts_statement(next) { input } else { next };
    operation(next, level).or_else(|_| {
        input.unexpected("a value", example::VALUE);
        Ok((input, missing(input)))
    })
}

fn operator(input: Tokens<'_>) -> Option<(BinaryOperator, Level)> {
    Some(match input.kind() {
        TokenKind::OrOr => (BinaryOperator::Or, Level::Or),
        TokenKind::AndAnd => (BinaryOperator::And, Level::And),
        TokenKind::EqualsEquals => (BinaryOperator::Equal, Level::Compare),
        TokenKind::BangEquals => (BinaryOperator::NotEqual, Level::Compare),
        TokenKind::Less => (BinaryOperator::Less, Level::Compare),
        TokenKind::LessEquals => (BinaryOperator::LessOrEqual, Level::Compare),
        TokenKind::Greater => (BinaryOperator::Greater, Level::Compare),
        TokenKind::GreaterEquals => (BinaryOperator::GreaterOrEqual, Level::Compare),
        TokenKind::Name if input.at_word("in") => (BinaryOperator::In, Level::Compare),
        TokenKind::DotDot => (BinaryOperator::Range, Level::Range),
        TokenKind::QuestionQuestion => (BinaryOperator::Coalesce, Level::Coalesce),
        _ => return None,
    })
}

fn report_chain(input: Tokens<'_>) {
    let sign = input.text(input.peek());
    let message = format!("`{sign}` does not continue the comparison before it");
    let problem = Diagnostic::error(codes::UNEXPECTED_TOKEN, message)
        .at(input.span(), "a second comparison")
        .help("compare one pair at a time, as in `a < b && b < c`");
    input.report(problem);
}

/// `unary = [ "!" ] atom`, and several `!`.
fn unary(input: Tokens<'_>) -> Parsed<'_, Expr> {
    let mut rest = input;
    let mut signs = 0;
    while rest.kind() == TokenKind::Bang {
        signs += 1;
        rest = rest.next();
        if signs > MAX_DEPTH {
            return Ok((too_deep(rest), missing(rest)));
        }
    }
    let (rest, mut value) = match atom(rest) {
        Err(_) if signs > 0 => {
            rest.unexpected("a value", example::VALUE);
            (rest, missing(rest))
        }
        found => found?,
    };
    for sign in (0..signs).rev() {
        let start = input.forward_to(input.index() + sign).start();
        value = Expr { span: rest.since(start), kind: ExprKind::Not(Box::new(value)) };
    }
    let height = rest.state.height.get();
    rest.state.height.set(height + signs);
    Ok((rest, value))
}
