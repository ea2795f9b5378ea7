//! Which lines hold something that cannot be read. Must not know layouts.

use std::collections::BTreeSet;

use crate::source::{Source, Span};
use crate::syntax::Parse;
use crate::syntax::ast::{Block, Statement, StatementKind};

/// Lines to leave as they are: of the innermost statements around each problem, whole statements only.
pub(super) fn lines(source: &Source, parsed: &Parse) -> BTreeSet<u32> {
    let mut frozen = Frozen { source, lines: BTreeSet::new() };
    for problem in &parsed.diagnostics {
        for label in problem.primary.iter().chain(&problem.secondary) {
            frozen.freeze(label.span);
        }
    }
    if frozen.lines.is_empty() {
        return frozen.lines;
    }
    // Freezing a line freezes all that stands on it, which may reach further lines.
    loop {
        let before = frozen.lines.len();
        frozen.statements(&parsed.file.statements);
        if frozen.lines.len() == before {
            return frozen.lines;
        }
    }
}

struct Frozen<'a> {
    source: &'a Source,
    lines: BTreeSet<u32>,
}

impl Frozen<'_> {
    fn range(&self, span: Span) -> std::ops::RangeInclusive<u32> {
        let lines = &self.source.lines;
        lines.line(span.start)..=lines.line(span.end.saturating_sub(1).max(span.start))
    }

    fn freeze(&mut self, span: Span) {
        self.lines.extend(self.range(span));
    }

    fn touched(&self, span: Span) -> bool {
        self.lines.range(self.range(span)).next().is_some()
    }

    fn statements(&mut self, statements: &[Statement]) {
        for statement in statements {
            self.statement(statement);
        }
    }

    fn statement(&mut self, statement: &Statement) {
        if matches!(statement.kind, StatementKind::Error) {
            return self.freeze(statement.span);
        }
        if !self.touched(statement.span) {
            return;
        }
        match &statement.kind {
            StatementKind::Block(Block { body: Some(body), .. }) if self.only_inside(statement, body) => {
                self.statements(body);
            }
            _ => self.freeze(statement.span),
        }
    }

    /// Whether the lines with the head and the end of a block are sound, and nothing between its statements is not.
    fn only_inside(&self, block: &Statement, body: &[Statement]) -> bool {
        let (Some(first), Some(last)) = (body.first(), body.last()) else {
            return false;
        };
        let head = Span { end: first.span.start, ..block.span };
        let tail = Span { start: last.span.end, ..block.span };
        let lines = &self.source.lines;
        let sound = |span: Span, inner: u32| {
            let inner = lines.line(inner);
            self.range(span).all(|line| line == inner || !self.lines.contains(&line))
        };
        lines.line(block.span.start) < lines.line(first.span.start)
            && lines.line(last.span.end) < lines.line(block.span.end.saturating_sub(1))
            && sound(head, first.span.start)
            && sound(tail, last.span.end)
    }
}
