//! Where statements and entries of maps start, and what they line up with. Must not look at tokens.

use std::collections::BTreeMap;

use crate::source::Source;
use crate::syntax::ast::{Block, Expr, ExprKind, File, MapEntry, Statement, StatementKind, StringPart};

/// Statements of one shape in neighbouring lines are aligned with each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    /// A setting, an entry of a map, or a block without labels: a key and what it is.
    Keyed,
    /// `let`, `param`, `type`, `use`, and blocks with labels: their first word.
    Headed(String),
    /// `check`.
    Loose,
}

/// Shapes by the offset of their first token.
pub(super) type Starts = BTreeMap<u32, Shape>;

/// Everything in a file that starts a line of its own when its block is broken.
pub(super) fn starts(source: &Source, file: &File) -> Starts {
    let mut collector = Collector { source, starts: Starts::new() };
    collector.statements(&file.statements);
    collector.starts
}

struct Collector<'a> {
    source: &'a Source,
    starts: Starts,
}

impl Collector<'_> {
    fn statements(&mut self, statements: &[Statement]) {
        for statement in statements {
            let shape = self.statement(statement);
            self.starts.insert(statement.span.start, shape);
        }
    }

    fn statement(&mut self, statement: &Statement) -> Shape {
        match &statement.kind {
            StatementKind::Setting(setting) => {
                self.expr(&setting.value);
                Shape::Keyed
            }
            StatementKind::Block(block) => self.block(block),
            StatementKind::Let(found) => {
                self.expr(&found.value);
                Shape::Headed("let".to_owned())
            }
            StatementKind::Param(found) => {
                found.default.iter().for_each(|value| self.expr(value));
                Shape::Headed("param".to_owned())
            }
            StatementKind::Type(found) => {
                found.constraint.iter().for_each(|value| self.expr(value));
                Shape::Headed("type".to_owned())
            }
            StatementKind::Check(found) => {
                self.expr(&found.condition);
                found.message.iter().for_each(|value| self.expr(value));
                Shape::Loose
            }
            StatementKind::Use(_) => Shape::Headed("use".to_owned()),
            StatementKind::Error => Shape::Loose,
        }
    }

    fn block(&mut self, block: &Block) -> Shape {
        self.statements(block.body.as_deref().unwrap_or_default());
        if block.labels.is_empty() && block.from.is_none() && block.target.is_none() {
            Shape::Keyed
        } else {
            Shape::Headed(self.source.slice(block.kind.span).to_owned())
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Map(entries) => entries.iter().for_each(|entry| self.entry(entry)),
            ExprKind::List(items) | ExprKind::Call(_, items) => {
                for item in items {
                    self.expr(item);
                }
            }
            ExprKind::Not(inner) => self.expr(inner),
            ExprKind::Binary(_, sides) => {
                self.expr(&sides.0);
                self.expr(&sides.1);
            }
            ExprKind::Quantified(parts) => {
                self.expr(&parts.of);
                self.expr(&parts.condition);
            }
            ExprKind::If(parts) => {
                self.expr(&parts.0);
                self.expr(&parts.1);
                self.expr(&parts.2);
            }
            ExprKind::Interpolated(parts) => {
                for part in parts {
                    if let StringPart::Value(value) = part {
                        self.expr(value);
                    }
                }
            }
            _ => {}
        }
    }

    fn entry(&mut self, entry: &MapEntry) {
        self.starts.insert(entry.key.span().start, Shape::Keyed);
        self.expr(&entry.value);
    }
}
