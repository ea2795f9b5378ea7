//! One environment while it is checked: merged blocks, scopes and parameters. Must not evaluate while it is built,
//! so that every expression sees the values of the whole chain (late binding).

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexMap;

use super::declare::{Declarations, slice};
use super::node::{Assignment, Node, ScopeId};
use super::provenance::Watch;
use super::recall::{Looked, Recall};
use crate::diagnostic::Diagnostic;
use crate::load::Program;
use crate::schema::{Sourced, Value};
use crate::source::{Files, Span};
use crate::syntax::ast::{Block, Let, Param};

/// Problems after which an environment is not evaluated any further.
pub(super) const MAX_DIAGNOSTICS: usize = 200;

/// Names that an expression sees, beyond those of its file.
#[derive(Debug, Default)]
pub(super) struct Scope<'a> {
    /// The file.
    pub(super) module: usize,
    /// The block that `self` means: kind and name.
    pub(super) owner: Option<(&'static str, Arc<str>)>,
    /// The parameters of the template that the scope belongs to.
    pub(super) params: IndexMap<&'a str, BoundParam<'a>>,
    /// For a template, the scope of the one that it is built from: its parameters are visible.
    pub(super) below: Option<ScopeId>,
    /// `let` inside a body.
    pub(super) lets: IndexMap<&'a str, &'a Let>,
}

/// A parameter and what it is bound to.
#[derive(Debug, Clone, Copy)]
pub(super) struct BoundParam<'a> {
    pub(super) declaration: &'a Param,
    pub(super) value: Option<Assignment<'a>>,
}

/// A patch before its values are evaluated.
#[derive(Debug, Clone, Copy)]
pub(super) struct RawPatch<'a> {
    pub(super) block: &'a Block,
    pub(super) span: Span,
    pub(super) scope: ScopeId,
    pub(super) layer: crate::schema::Layer,
}

/// State of a named value during evaluation.
#[derive(Debug, Clone)]
pub(super) enum Memo {
    /// Being computed: meeting it again is a cycle.
    Running(Span),
    /// Computed, what a copy takes from the budget, and what it was computed from.
    Done(Sourced<Value>, u64, Looked),
}

/// One environment while it is checked.
pub(super) struct World<'a> {
    pub(super) program: &'a Program,
    pub(super) files: &'a dyn Files,
    pub(super) declared: &'a Declarations<'a>,
    /// The environment's name.
    pub(super) name: Arc<str>,
    /// Folder of the emitted files.
    pub(super) output: Arc<str>,
    pub(super) scopes: Vec<Scope<'a>>,
    /// The environment's own settings.
    pub(super) environment: Node<'a>,
    /// Merged blocks by kind and name, in declaration order.
    pub(super) entities: IndexMap<&'static str, IndexMap<Arc<str>, Node<'a>>>,
    /// Parameters that the environment sets.
    pub(super) params: IndexMap<&'a str, Assignment<'a>>,
    pub(super) patches: Vec<RawPatch<'a>>,
    /// Checks that stand in environments.
    pub(super) checks: Vec<(&'a crate::syntax::ast::Check, ScopeId)>,
    /// The jobs of the pipeline that is being evaluated.
    pub(super) jobs: RefCell<Vec<Arc<str>>>,
    pub(super) memo: RefCell<IndexMap<(ScopeId, &'a str), Memo>>,
    /// Fields of services that are being evaluated, to stop at cycles through `self` and references.
    pub(super) running: RefCell<Vec<(Arc<str>, Span)>>,
    /// What `self` means in conditions of types, the innermost last.
    pub(super) selves: RefCell<Vec<Value>>,
    /// Names of quantifiers, the innermost last.
    pub(super) bound: RefCell<Vec<super::quantify::Bound<'a>>>,
    /// For what the condition of a quantifier did not hold.
    pub(super) witnesses: RefCell<Vec<(Arc<str>, Span)>>,
    pub(super) steps: Cell<u64>,
    /// How many steps there may be.
    pub(super) max_steps: u64,
    /// The block and the field whose value is evaluated, for messages about secrets.
    pub(super) sink: Cell<Option<(&'static str, &'static str)>>,
    /// How deep evaluation is.
    pub(super) depth: Cell<u32>,
    /// Whether a check of the environment itself is evaluated: `self` means the environment.
    pub(super) in_environment: Cell<bool>,
    /// What spans all environments, once they are known.
    pub(super) whole: Option<IndexMap<&'static str, Value>>,
    /// Whether an expression has asked for it before.
    pub(super) asks_whole: Cell<bool>,
    /// Whether what is evaluated belongs to a file and not to one environment.
    pub(super) is_of_file: Cell<bool>,
    /// Where computed values go, for those who ask what something is worth.
    pub(super) trace: Option<&'a RefCell<Vec<super::Computed>>>,
    /// Who listens for the next check.
    pub(super) recall: Recall,
    /// Who looks on while layers are merged.
    pub(super) watch: Option<&'a Watch<'a>>,
    /// The secrets that expressions have named.
    pub(super) read_secrets: RefCell<BTreeSet<Arc<str>>>,
    /// Blocks of which no struct could be made: a mistake of stackc where nothing else is wrong.
    pub(super) lost: RefCell<Vec<Diagnostic>>,
    pub(super) diagnostics: RefCell<Vec<Diagnostic>>,
}

impl<'a> World<'a> {
    /// The characters of a span.
    pub(super) fn text(&self, span: Span) -> &'a str {
        slice(self.program, span)
    }

    /// Reports a problem, once per place and code.
    pub(super) fn report(&self, problem: Diagnostic) {
        self.recall.speak();
        let mut diagnostics = self.diagnostics.borrow_mut();
        let place = |known: &Diagnostic| known.primary.as_ref().map(|label| label.span);
        if diagnostics.iter().any(|known| known.code == problem.code && place(known) == place(&problem)) {
            return;
        }
        diagnostics.push(problem);
        if diagnostics.len() >= MAX_DIAGNOSTICS {
            self.steps.set(u64::MAX / 2);
        }
    }

    /// Reports a problem of which one in an environment says enough.
    pub(super) fn report_first(&self, problem: Diagnostic) {
        self.recall.speak();
        let known = |known: &Diagnostic| known.code == problem.code && known.message == problem.message;
        if !self.diagnostics.borrow().iter().any(known) {
            self.report(problem);
        }
    }

    /// Remembers a value for those who ask what something is worth.
    pub(super) fn trace(&self, value: &Sourced<Value>) {
        if let Some(trace) = self.trace {
            let environment = self.name.clone();
            trace.borrow_mut().push(super::Computed { environment, value: value.clone() });
        }
    }

    pub(super) fn scope(&self, id: ScopeId) -> Option<&Scope<'a>> {
        self.scopes.get(id.0 as usize)
    }

    /// A merged block.
    pub(super) fn entity(&self, kind: &str, name: &str) -> Option<&Node<'a>> {
        let (kind, _, blocks) = self.entities.get_full(kind)?;
        let (at, _, node) = blocks.get_full(name)?;
        self.recall.look((kind as u32, at as u32), node.is_merged);
        Some(node)
    }

    /// The project's files. What they hold is not known to the next check.
    pub(super) fn files(&self) -> &'a dyn Files {
        self.recall.speak();
        self.files
    }

    /// Whether there is a block of this name. Nothing of what is in it is looked at.
    pub(super) fn has(&self, kind: &str, name: &str) -> bool {
        self.entities.get(kind).is_some_and(|blocks| blocks.contains_key(name))
    }

    /// The names of all blocks of a kind.
    pub(super) fn names(&self, kind: &str) -> Vec<&str> {
        self.entities.get(kind).map(|all| all.keys().map(|name| &**name).collect()).unwrap_or_default()
    }

    /// The scope of the file that a scope belongs to.
    pub(super) fn file_scope(module: usize) -> ScopeId {
        ScopeId(module as u32)
    }
}
