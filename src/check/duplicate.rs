//! Settings and blocks that one body makes twice: within one body the last would win in silence. Between layers
//! that is the point of a layer, so this must look at one declaration at a time.

use indexmap::IndexMap;

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
    let mut walk = Walk { program, known: IndexMap::new(), diagnostics };
    walk.body("", block.body.as_deref().unwrap_or_default());
}

/// What was seen, by its whole path: `env.A`, `volume "/data".size`.
struct Walk<'p, 'd> {
    program: &'p Program,
    known: IndexMap<String, Span>,
    diagnostics: &'d mut Vec<Diagnostic>,
}

impl Walk<'_, '_> {
    fn body(&mut self, prefix: &str, statements: &[Statement]) {
        for statement in statements {
            match &statement.kind {
                StatementKind::Setting(setting) => self.setting(prefix, setting),
                StatementKind::Let(item) => self.name(item.name.span),
                StatementKind::Param(item) => self.name(item.name.span),
                StatementKind::Block(block) => self.block(prefix, block),
                _ => {}
            }
        }
    }

    fn name(&mut self, span: Span) {
        let name = slice(self.program, span);
        self.once(format!("let {name}"), "name", "let ".len(), span);
    }

    fn setting(&mut self, prefix: &str, setting: &Setting) {
        if setting.operator == SettingOperator::Append {
            return;
        }
        let path = below(prefix, &segments_of(self.program, &setting.key));
        let ExprKind::Map(entries) = &setting.value.kind else {
            self.once(path, "setting", prefix.len(), setting.key.span());
            return;
        };
        let inside = format!("{path}.");
        if !self.once(path, "setting", prefix.len(), setting.key.span()) {
            return;
        }
        for entry in entries {
            let segments = entry_segments(self.program, &entry.key);
            let Some((_, span)) = segments.first().copied() else { continue };
            self.once(below(&inside, &segments), "setting", inside.len(), span);
        }
    }

    fn block(&mut self, prefix: &str, block: &Block) {
        let kind = slice(self.program, block.kind.span);
        if kind == "patch" {
            return;
        }
        let Some(label) = block.labels.first() else {
            return self.body(&format!("{prefix}{kind}."), block.body.as_deref().unwrap_or_default());
        };
        let name = literal::plain(slice(self.program, label.span()));
        let path = format!("{prefix}{kind} {name:?}.");
        if let Some(first) = self.known.get(&path).copied() {
            self.diagnostics.push(problem::duplicate(kind, name, label.span(), first));
        } else {
            self.known.insert(path.clone(), label.span());
            self.body(&path, block.body.as_deref().unwrap_or_default());
        }
    }

    /// Remembers a path; `false` after a report when it is known. Its name starts at `start`.
    fn once(&mut self, path: String, what: &str, start: usize, span: Span) -> bool {
        if let Some(first) = self.known.get(&path) {
            let name = path.get(start..).unwrap_or_default();
            self.diagnostics.push(problem::duplicate(what, name, span, *first));
            return false;
        }
        self.known.insert(path, span);
        true
    }
}

/// The path of a name that has these segments.
fn below(prefix: &str, segments: &[Segment<'_>]) -> String {
    let mut path = prefix.to_owned();
    for (index, (name, _)) in segments.iter().enumerate() {
        if index > 0 {
            path.push('.');
        }
        path.push_str(name);
    }
    path
}
