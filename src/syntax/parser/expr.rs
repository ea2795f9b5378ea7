//! Expressions, weakest operator first. Must not evaluate.

use super::cursor::{Expected, Parsed, Tokens, token};
use super::string::{fixed, string};
use crate::diagnostic::{Diagnostic, Edit, codes};
use crate::syntax::ast::{BinaryOperator, Expr, ExprKind, MapEntry, MapKey, Name, Path};
use crate::syntax::token::TokenKind;

/// A whole value: what stands right of `=`, after `check` or `where`.
pub(super) fn whole(input: Tokens<'_>) -> Parsed<'_, Expr> {
    input.start_value();
    expr(input)
}

/// `expr = or`
pub(super) fn expr(input: Tokens<'_>) -> Parsed<'_, Expr> {
    input.deeper(|input| chain(input, Level::Or))
}

/// Binary operators by how strongly they bind.
#[derive(Clone, Copy)]
enum Level {
    Or,
    And,
    Compare,
    Coalesce,
    Range,
}

impl Level {
    fn next(self) -> Option<Self> {
        match self {
            Self::Or => Some(Self::And),
            Self::And => Some(Self::Compare),
            Self::Compare => Some(Self::Coalesce),
            Self::Coalesce => Some(Self::Range),
            Self::Range => None,
        }
    }

    fn operator(self, input: Tokens<'_>) -> Option<BinaryOperator> {
        match (self, input.kind()) {
            (Self::Or, TokenKind::OrOr) => Some(BinaryOperator::Or),
            (Self::And, TokenKind::AndAnd) => Some(BinaryOperator::And),
            (Self::Compare, TokenKind::EqualsEquals) => Some(BinaryOperator::Equal),
            (Self::Compare, TokenKind::BangEquals) => Some(BinaryOperator::NotEqual),
            (Self::Compare, TokenKind::Less) => Some(BinaryOperator::Less),
            (Self::Compare, TokenKind::LessEquals) => Some(BinaryOperator::LessOrEqual),
            (Self::Compare, TokenKind::Greater) => Some(BinaryOperator::Greater),
            (Self::Compare, TokenKind::GreaterEquals) => Some(BinaryOperator::GreaterOrEqual),
            (Self::Compare, TokenKind::Name) if input.at_word("in") => Some(BinaryOperator::In),
            (Self::Coalesce, TokenKind::QuestionQuestion) => Some(BinaryOperator::Coalesce),
            (Self::Range, TokenKind::DotDot) => Some(BinaryOperator::Range),
            _ => None,
        }
    }
}

/// `level = next { operator next }`; comparisons do not chain.
fn chain(input: Tokens<'_>, level: Level) -> Parsed<'_, Expr> {
    let operand = |input| match level.next() {
        Some(next) => chain(input, next),
        None => unary(input),
    };
    let (mut rest, mut left) = operand(input)?;
    while let Some(operator) = level.operator(rest) {
        if !rest.count_operator() {
            return Err(nom::Err::Failure(Expected {
                code: codes::TOO_DEEP,
                span: rest.span(),
                message: "too many operators in one value".to_owned(),
                help: Some("give parts of it a name with `let`"),
            }));
        }
        let (after, right) = operand(rest.skip().skip_newlines())?;
        let span = left.span.to(right.span);
        left = Expr { span, kind: ExprKind::Binary(operator, Box::new((left, right))) };
        rest = after;
        if matches!(level, Level::Compare) {
            break;
        }
    }
    Ok((rest, left))
}

/// `unary = [ "!" ] atom`
fn unary(input: Tokens<'_>) -> Parsed<'_, Expr> {
    if input.kind() != TokenKind::Bang {
        return atom(input);
    }
    let start = input.span();
    let (rest, inner) = input.skip().deeper(unary)?;
    Ok((rest, Expr { span: start.to(inner.span), kind: ExprKind::Not(Box::new(inner)) }))
}

fn atom(input: Tokens<'_>) -> Parsed<'_, Expr> {
    let leaf = |kind| Ok((input.skip(), Expr { span: input.span(), kind }));
    match input.kind() {
        TokenKind::Int => leaf(ExprKind::Int),
        TokenKind::Float => leaf(ExprKind::Float),
        TokenKind::Quantity => leaf(ExprKind::Quantity),
        TokenKind::Rate => leaf(ExprKind::Rate),
        TokenKind::RawString => raw(input),
        TokenKind::StringPlain | TokenKind::StringStart => string(input),
        TokenKind::BracketOpen => input.deeper(list),
        TokenKind::BraceOpen => input.deeper(map),
        TokenKind::ParenOpen => {
            let (rest, inner) = expr(input.skip().skip_newlines())?;
            let (rest, _) = token(TokenKind::ParenClose, "`)`")(rest.skip_newlines())?;
            Ok((rest, inner))
        }
        TokenKind::Name => match input.text(input.peek()) {
            "true" => leaf(ExprKind::Bool(true)),
            "false" => leaf(ExprKind::Bool(false)),
            "none" => leaf(ExprKind::None),
            "if" => condition(input),
            _ => path_or_call(input),
        },
        _ if input.found() == "`'`" => {
            input.expected("a value", Some("strings stand in double quotes: `\"text\"`"))
        }
        _ => input.expected(
            "a value",
            Some("such as `3000`, `\"text\"`, `10s`, `[a, b]` or the name of a service"),
        ),
    }
}

pub(super) fn raw(input: Tokens<'_>) -> Parsed<'_, Expr> {
    let span = input.span();
    let text = input.text(input.peek());
    if text.len() < 6 || !text.ends_with("\"\"\"") {
        let problem = Diagnostic::error(codes::UNCLOSED_STRING, "the raw string is not closed");
        let open = crate::source::Span::new(span.source, span.start, span.start + 3);
        input.report(problem.at(open, "starts here").help("close it with `\"\"\"`"));
    }
    Ok((input.skip(), Expr { span, kind: ExprKind::Raw }))
}

/// `"if" expr "then" expr "else" expr`
fn condition(input: Tokens<'_>) -> Parsed<'_, Expr> {
    let start = input.span();
    let help = Some("write `if condition then a else b`");
    let (rest, test) = expr(input.skip())?;
    let rest = rest.skip_newlines();
    if !rest.at_word("then") {
        return rest.expected("`then`", help);
    }
    let (rest, yes) = expr(rest.skip().skip_newlines())?;
    let after = rest.skip_newlines();
    if !after.at_word("else") {
        return after.expected("`else`", help);
    }
    let (rest, no) = expr(after.skip().skip_newlines())?;
    let span = start.to(no.span);
    Ok((rest, Expr { span, kind: ExprKind::If(Box::new((test, yes, no))) }))
}

fn path_or_call(input: Tokens<'_>) -> Parsed<'_, Expr> {
    let (rest, found) = path(input)?;
    let start = found.span();
    if rest.kind() != TokenKind::ParenOpen {
        return Ok((rest, Expr { span: start, kind: ExprKind::Path(found) }));
    }
    let (rest, arguments) = sequence(rest, TokenKind::ParenClose, "`,` or `)`", expr)?;
    let span = start.to(rest.1);
    Ok((rest.0, Expr { span, kind: ExprKind::Call(found, arguments) }))
}

/// `path = name { "." name }`
pub(super) fn path(input: Tokens<'_>) -> Parsed<'_, Path> {
    match maybe_path(input) {
        Some(done) => Ok(done),
        None => input.expected("a name", None),
    }
}

pub(super) fn maybe_path(input: Tokens<'_>) -> Option<(Tokens<'_>, Path)> {
    if input.kind() != TokenKind::Name {
        return None;
    }
    let first = Name { span: input.span() };
    let mut found = Path { first, rest: Vec::new(), incomplete: None };
    let mut rest = input.skip();
    while rest.kind() == TokenKind::Dot {
        let dot = rest.span();
        rest = rest.skip();
        if rest.kind() != TokenKind::Name {
            let problem = Diagnostic::error(
                codes::UNEXPECTED_TOKEN,
                format!("expected a name after `.`, found {}", rest.found()),
            );
            rest.report(problem.at(dot, "a name is missing after this"));
            found.incomplete = Some(dot);
            break;
        }
        found.rest.push(Name { span: rest.span() });
        rest = rest.skip();
    }
    Some((rest, found))
}

/// `"[" [ expr { "," expr } [ "," ] ] "]"`
fn list(input: Tokens<'_>) -> Parsed<'_, Expr> {
    let start = input.span();
    let ((rest, end), items) = sequence(input, TokenKind::BracketClose, "`,` or `]`", expr)?;
    Ok((rest, Expr { span: start.to(end), kind: ExprKind::List(items) }))
}

/// `"{" { key "=" expr [ "," ] } "}"`
fn map(input: Tokens<'_>) -> Parsed<'_, Expr> {
    let start = input.span();
    let mut rest = input.skip().skip_newlines();
    let mut entries = Vec::new();
    while rest.kind() != TokenKind::BraceClose {
        let (after, entry) = entry(rest)?;
        entries.push(entry);
        rest = after;
        match rest.kind() {
            TokenKind::Comma | TokenKind::Newline => {
                while matches!(rest.kind(), TokenKind::Comma | TokenKind::Newline) {
                    rest = rest.skip();
                }
            }
            TokenKind::BraceClose => {}
            _ => return rest.expected("`,` or `}`", Some("such as `{ A = \"x\", B = \"y\" }`")),
        }
    }
    Ok((rest.skip(), Expr { span: start.to(rest.span()), kind: ExprKind::Map(entries) }))
}

fn entry(input: Tokens<'_>) -> Parsed<'_, MapEntry> {
    let (rest, key) = match input.kind() {
        TokenKind::Name => path(input).map(|(rest, path)| (rest, MapKey::Path(path)))?,
        TokenKind::StringPlain | TokenKind::StringStart => {
            fixed(input).map(|(rest, key)| (rest, MapKey::String(key)))?
        }
        _ => {
            return input.expected("a name, a string or `}`", Some("such as `{ A = \"x\", B = \"y\" }`"));
        }
    };
    let rest = match rest.kind() {
        TokenKind::Equals => rest.skip(),
        TokenKind::Colon => {
            let edit = Edit { span: rest.span(), text: " =".to_owned() };
            let problem = Diagnostic::error(codes::WRONG_SEPARATOR, "settings use `=`, not `:`");
            rest.report(problem.at(rest.span(), "expected `=`").safe_fix("replace with `=`", vec![edit]));
            rest.skip()
        }
        _ => return rest.expected("`=`", None),
    };
    let (rest, value) = expr(rest)?;
    Ok((rest, MapEntry { key, value }))
}

/// What remains and the place of the closing bracket.
type Closed<'a> = (Tokens<'a>, crate::source::Span);

/// Items between brackets, with commas; line breaks are free.
fn sequence<'a, T>(
    input: Tokens<'a>,
    close: TokenKind,
    what: &'static str,
    item: impl Fn(Tokens<'a>) -> Parsed<'a, T>,
) -> Result<(Closed<'a>, Vec<T>), nom::Err<Expected>> {
    let mut rest = input.skip().skip_newlines();
    let mut items = Vec::new();
    while rest.kind() != close {
        let (after, found) = item(rest)?;
        items.push(found);
        rest = after.skip_newlines();
        if rest.kind() == TokenKind::Comma {
            rest = rest.skip().skip_newlines();
        } else if rest.kind() != close {
            return rest.expected(what, None).map(|(rest, ())| ((rest, rest.span()), Vec::new()));
        }
    }
    Ok(((rest.skip(), rest.span()), items))
}
