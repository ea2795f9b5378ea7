//! Where an allowance for a rule goes and what it says. Must not know rules.

use super::Analysis;
use crate::diagnostic::{Diagnostic, Edit};
use crate::source::{Source, Span};
use crate::syntax::ast::{Statement, StatementKind};

/// The edit that allows a finding of a rule where it is: a comment above the declaration, with room for a reason.
pub fn allowance(analysis: &Analysis, problem: &Diagnostic) -> Option<Edit> {
    let span = problem.primary.as_ref().filter(|_| problem.code.has_level())?.span;
    let source = analysis.source_of(span.source).filter(|source| !source.path.starts_with("std/"))?;
    let module = analysis.program.modules.get(analysis.module(span.source)?)?;
    let statement = declaration(&module.file.statements, span, source)?;
    let (line, _) = source.lines.range(source.lines.line(statement.start));
    let indent = source.slice(Span::new(source.id, line, statement.start));
    let text = format!("{indent}# stackc: allow({}) {REASON}\n", problem.code.name);
    Some(Edit { span: Span::new(source.id, line, line), text })
}

/// What stands in the place of a reason until somebody writes one: an allowance without any has no effect.
const REASON: &str = "say why this is right here";

/// The innermost statement around a place that begins its line.
fn declaration(statements: &[Statement], place: Span, source: &Source) -> Option<Span> {
    let covers = |span: Span| span.start <= place.start && place.end <= span.end;
    let around = statements.iter().find(|statement| covers(statement.span))?;
    let inner = match &around.kind {
        StatementKind::Block(block) => declaration(block.body.as_deref().unwrap_or_default(), place, source),
        _ => None,
    };
    let (line, _) = source.lines.range(source.lines.line(around.span.start));
    let is_first = source.slice(Span::new(source.id, line, around.span.start)).trim().is_empty();
    inner.or(is_first.then_some(around.span))
}
