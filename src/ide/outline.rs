//! The shape of a file: its declarations as a tree, what can be folded, and what a selection grows to. Must not need
//! more than one file.

use crate::source::{Source, Span};
use crate::syntax::ast::{Expr, ExprKind, Label, Statement, StatementKind, StringPart};
use crate::syntax::{Parse, TokenKind};

/// A declaration or a block in the tree of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// The first word.
    pub kind: String,
    /// What it is called.
    pub name: String,
    /// The whole statement.
    pub full: Span,
    /// The name, or the first word where there is none.
    pub span: Span,
    /// What is inside.
    pub children: Vec<Outline>,
}

/// The declarations of a file.
pub fn outline(source: &Source, statements: &[Statement]) -> Vec<Outline> {
    statements.iter().filter_map(|statement| one(source, statement)).collect()
}

fn one(source: &Source, statement: &Statement) -> Option<Outline> {
    let leaf = |kind: &str, span: Span| Outline {
        kind: kind.to_owned(),
        name: source.slice(span).to_owned(),
        full: statement.span,
        span,
        children: Vec::new(),
    };
    match &statement.kind {
        StatementKind::Let(item) => Some(leaf("let", item.name.span)),
        StatementKind::Param(item) => Some(leaf("param", item.name.span)),
        StatementKind::Type(item) => Some(leaf("type", item.name.span)),
        StatementKind::Block(block) => {
            let children = outline(source, block.body.as_deref().unwrap_or_default());
            let kind = source.slice(block.kind.span);
            let labels: Vec<&str> =
                block.labels.iter().map(|label| source.slice(label.span()).trim_matches('"')).collect();
            // Editors refuse symbols without a name.
            let name = Some(labels.join(" ")).filter(|name| !name.trim().is_empty());
            let name = name.unwrap_or_else(|| kind.to_owned());
            let span = block.labels.last().map_or(block.kind.span, Label::span);
            Some(Outline { kind: kind.to_owned(), name, full: statement.span, span, children })
        }
        StatementKind::Use(_)
        | StatementKind::Check(_)
        | StatementKind::Setting(_)
        | StatementKind::Error => None,
    }
}

/// What a folded region is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoldKind {
    /// A block, a list or a long string.
    Region,
    /// Comments in a row.
    Comment,
    /// Imports in a row.
    Imports,
}

/// Lines that fold into their first one; both ends are lines from 0.
pub fn folds(source: &Source, parsed: &Parse) -> Vec<(u32, u32, FoldKind)> {
    let line = |offset: u32| source.lines.line(offset);
    let mut found = Vec::new();
    let mut open = Vec::new();
    let mut comments: Option<(u32, u32)> = None;
    for token in &parsed.tape.tokens {
        let (start, end) = (line(token.start), line(token.end.saturating_sub(1).max(token.start)));
        match token.kind {
            TokenKind::BraceOpen | TokenKind::BracketOpen => open.push(start),
            TokenKind::BraceClose | TokenKind::BracketClose => {
                // The line of the closing bracket stays visible.
                let from = open.pop().filter(|from| from + 1 < start);
                found.extend(from.map(|from| (from, start - 1, FoldKind::Region)));
            }
            TokenKind::RawString if start < end => found.push((start, end, FoldKind::Region)),
            TokenKind::Comment | TokenKind::DocComment => match &mut comments {
                Some((_, last)) if *last + 1 == start => *last = start,
                _ => {
                    found.extend(comments.filter(|(from, to)| from < to).map(comment));
                    comments = Some((start, start));
                }
            },
            _ => {}
        }
    }
    found.extend(comments.filter(|(from, to)| from < to).map(comment));
    let imports = parsed.file.statements.iter().filter(|it| matches!(it.kind, StatementKind::Use(_)));
    let lines: Vec<u32> = imports.map(|statement| line(statement.span.end)).collect();
    if let (Some(first), Some(last)) = (lines.first(), lines.last()) {
        if first < last {
            found.push((*first, *last, FoldKind::Imports));
        }
    }
    found.sort_by_key(|(from, to, _)| (*from, *to));
    found
}

fn comment((from, to): (u32, u32)) -> (u32, u32, FoldKind) {
    (from, to, FoldKind::Comment)
}

/// The nodes around an offset, the smallest first.
pub fn selections(source: &Source, parsed: &Parse, offset: u32) -> Vec<Span> {
    let mut around = vec![Span::new(source.id, 0, source.text.len() as u32)];
    let covers = |span: Span| span.start <= offset && offset <= span.end;
    enclosing(&parsed.file.statements, &covers, &mut around);
    let token = parsed.tape.tokens.iter().find(|token| token.start <= offset && offset < token.end);
    if let Some(token) = token.filter(|token| !token.kind.is_trivia() && token.kind != TokenKind::Newline) {
        around.push(Span::new(source.id, token.start, token.end));
    }
    around.dedup();
    around.reverse();
    around
}

fn enclosing(statements: &[Statement], covers: &dyn Fn(Span) -> bool, around: &mut Vec<Span>) {
    let Some(statement) = statements.iter().find(|statement| covers(statement.span)) else { return };
    around.push(statement.span);
    match &statement.kind {
        StatementKind::Setting(setting) => expression(&setting.value, covers, around),
        StatementKind::Let(item) => expression(&item.value, covers, around),
        StatementKind::Param(item) => item.default.iter().for_each(|value| expression(value, covers, around)),
        StatementKind::Check(check) => {
            expression(&check.condition, covers, around);
            check.message.iter().for_each(|value| expression(value, covers, around));
        }
        StatementKind::Block(block) => {
            enclosing(block.body.as_deref().unwrap_or_default(), covers, around);
        }
        _ => {}
    }
}

fn expression(expr: &Expr, covers: &dyn Fn(Span) -> bool, around: &mut Vec<Span>) {
    if !covers(expr.span) {
        return;
    }
    around.push(expr.span);
    match &expr.kind {
        ExprKind::List(items) | ExprKind::Call(_, items) => {
            for item in items {
                expression(item, covers, around);
            }
        }
        ExprKind::Map(entries) => entries.iter().for_each(|entry| expression(&entry.value, covers, around)),
        ExprKind::Not(inner) => expression(inner, covers, around),
        ExprKind::Binary(_, sides) => {
            expression(&sides.0, covers, around);
            expression(&sides.1, covers, around);
        }
        ExprKind::Quantified(parts) => {
            expression(&parts.of, covers, around);
            expression(&parts.condition, covers, around);
        }
        ExprKind::If(parts) => {
            for part in [&parts.0, &parts.1, &parts.2] {
                expression(part, covers, around);
            }
        }
        ExprKind::Interpolated(parts) => {
            for part in parts {
                if let StringPart::Value(value) = part {
                    expression(value, covers, around);
                }
            }
        }
        _ => {}
    }
}
