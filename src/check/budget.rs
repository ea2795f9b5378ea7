//! What evaluation may cost: steps, depth and the size of values, so that no small text can eat the machine. Must not
//! know what is evaluated.

use super::world::World;
use crate::diagnostic::{Diagnostic, codes};
use crate::load::Program;
use crate::schema::{Part, Text, Value};
use crate::source::Span;
use crate::syntax::ast::StatementKind;

/// Steps after which an environment of a small program counts as an expansion bomb; a step is an expression, or
/// 8 bytes of text; an element of a list that is copied counts 32.
const MAX_STEPS: u64 = 4_000_000;

/// Steps for each byte of a large program: ten thousand services are many steps and no bomb. A bomb is what takes
/// many steps per byte.
const STEPS_PER_BYTE: u64 = 16;

/// Steps for each block at the top of a file: a service from a template is one short line and some thousand steps.
const STEPS_PER_BLOCK: u64 = 4_000;

/// The steps that an environment of this program may take.
pub(super) fn steps_for(program: &Program) -> u64 {
    let bytes: u64 = program.sources.iter().map(|source| source.text.len() as u64).sum();
    let blocks = program.modules.iter().flat_map(|module| &module.file.statements);
    let blocks = blocks.filter(|statement| matches!(statement.kind, StatementKind::Block(_))).count() as u64;
    MAX_STEPS.max(STEPS_PER_BYTE * bytes).max(STEPS_PER_BLOCK * blocks)
}

/// Evaluation within evaluation: recursion must not reach the end of the stack.
const MAX_DEPTH: u32 = 512;

/// What a named value costs of the depth of evaluation: many calls lie between it and the next.
pub(super) const NAMED_DEPTH: u32 = 4;

impl World<'_> {
    /// Takes from the budget of the environment; `false` when it is used up, which is reported once.
    pub(super) fn spend(&self, steps: u64, span: Span) -> bool {
        let spent = self.steps.get();
        self.steps.set(spent + steps);
        if spent <= self.max_steps && spent + steps > self.max_steps {
            let message = "evaluation takes more steps than a program of this size may".to_owned();
            let problem = Diagnostic::error(codes::BUDGET_EXCEEDED, message);
            self.report(
                problem.at(span, "given up here").help("values that refer to each other grow too fast"),
            );
        }
        spent + steps <= self.max_steps
    }

    /// Runs an evaluation that is so much deeper than what surrounds it; refuses beyond the limit.
    pub(super) fn nested<T>(&self, levels: u32, span: Span, refused: T, compute: impl FnOnce() -> T) -> T {
        let depth = self.depth.get();
        if depth + levels > MAX_DEPTH {
            let problem = Diagnostic::error(codes::BUDGET_EXCEEDED, "values refer to each other too deeply");
            self.report_first(problem.at(span, "given up here").help("shorten the chain of names"));
            return refused;
        }
        self.depth.set(depth + levels);
        let value = compute();
        self.depth.set(depth);
        value
    }
}

/// What a copy of a value takes from the budget.
pub(super) fn weight(value: &Value) -> u64 {
    match value {
        Value::List(items) => items.iter().map(|item| 32 + weight(&item.value)).sum(),
        Value::Map(items) => {
            items.iter().map(|(key, item)| 32 + key.len() as u64 + weight(&item.value)).sum()
        }
        Value::Text(text) => text_weight(text),
        _ => 1,
    }
}

/// What a string takes from the budget.
pub(super) fn text_weight(text: &Text) -> u64 {
    let length = |part: &Part| if let Part::Literal(text) = part { text.len() as u64 } else { 16 };
    1 + text.0.iter().map(length).sum::<u64>() / 8
}
