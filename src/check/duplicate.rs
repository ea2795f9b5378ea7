//! Settings and blocks that one body makes twice: within one body the last would win in silence. Between layers
//! that is the point of a layer, so this must look at one declaration at a time.

use std::collections::BTreeMap;

use super::declare::slice;
use super::merge::{Segment, entry_segments, segments_of};
use super::problem;
use crate::diagnostic::Diagnostic;
use crate::load::Program;
use crate::source::Span;
use crate::syntax::ast::{Block, ExprKind, Setting, SettingOperator, Statement, StatementKind};
use crate::syntax::literal;

/// Reports what the body of a declaration says twice.
pub(super) fn check(program: &Program, block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let mut walk = Walk { program, known: BTreeMap::new(), said: vec![None], diagnostics };
    walk.body(TOP, block.body.as_deref().unwrap_or_default());
}

/// A place that settings name, by whichever way: `env.A`, `env { A … }`, `volume "/data".size`.
type Place = usize;

/// The body itself.
const TOP: Place = 0;

/// How a place is found in another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step<'p> {
    /// A value or a parameter, which no setting names.
    Value(&'p str),
    /// A setting, an entry or a block without a label.
    Name(&'p str),
    /// A block with a label: the kind and the label.
    Label(&'p str, &'p str),
}

struct Walk<'p, 'd> {
    program: &'p Program,
    known: BTreeMap<(Place, Step<'p>), Place>,
    /// Where something was said about a place.
    said: Vec<Option<Span>>,
    diagnostics: &'d mut Vec<Diagnostic>,
}

impl<'p> Walk<'p, '_> {
    fn body(&mut self, place: Place, statements: &'p [Statement]) {
        for statement in statements {
            match &statement.kind {
                StatementKind::Setting(setting) => self.setting(place, setting),
                StatementKind::Let(item) => self.value(item.name.span),
                StatementKind::Param(item) => self.value(item.name.span),
                StatementKind::Block(block) => self.block(place, block),
                _ => {}
            }
        }
    }

    fn value(&mut self, span: Span) {
        let name = slice(self.program, span);
        let place = self.inside(TOP, Step::Value(name));
        self.once(place, ("name", span), || name.to_owned());
    }

    fn setting(&mut self, place: Place, setting: &'p Setting) {
        if setting.operator == SettingOperator::Append {
            return;
        }
        let segments = segments_of(self.program, &setting.key);
        let place = self.below(place, &segments);
        if !self.once(place, ("setting", setting.key.span()), || joined(&segments)) {
            return;
        }
        let ExprKind::Map(entries) = &setting.value.kind else { return };
        for entry in entries {
            let segments = entry_segments(self.program, &entry.key);
            let Some((_, span)) = segments.first().copied() else { continue };
            let place = self.below(place, &segments);
            self.once(place, ("setting", span), || joined(&segments));
        }
    }

    fn block(&mut self, place: Place, block: &'p Block) {
        let kind = slice(self.program, block.kind.span);
        if kind == "patch" {
            return;
        }
        let body = block.body.as_deref().unwrap_or_default();
        let Some(label) = block.labels.first() else {
            let place = self.inside(place, Step::Name(kind));
            return self.body(place, body);
        };
        let name = literal::plain(slice(self.program, label.span()));
        let place = self.inside(place, Step::Label(kind, name));
        if self.once(place, (kind, label.span()), || name.to_owned()) {
            self.body(place, body);
        }
    }

    fn below(&mut self, place: Place, segments: &[Segment<'p>]) -> Place {
        segments.iter().fold(place, |place, (name, _)| self.inside(place, Step::Name(name)))
    }

    fn inside(&mut self, place: Place, step: Step<'p>) -> Place {
        let next = self.said.len();
        let found = *self.known.entry((place, step)).or_insert(next);
        if found == next {
            self.said.push(None);
        }
        found
    }

    /// Remembers that something was said about a place; `false` after a report when it is not the first time.
    fn once(&mut self, place: Place, (what, span): (&str, Span), name: impl FnOnce() -> String) -> bool {
        match self.said.get_mut(place) {
            Some(Some(first)) => {
                self.diagnostics.push(problem::duplicate(what, &name(), span, *first));
                false
            }
            Some(said) => {
                *said = Some(span);
                true
            }
            None => true,
        }
    }
}

/// A name as it is written.
fn joined(segments: &[Segment<'_>]) -> String {
    let names: Vec<&str> = segments.iter().map(|(name, _)| *name).collect();
    names.join(".")
}
