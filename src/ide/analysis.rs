//! A program as an editor has it: the trees, what was found, and the names, read when somebody asks. Must not emit.

use std::cell::OnceCell;

use super::index::Index;
use crate::check::{self, Checked, Computed};
use crate::diagnostic::Diagnostic;
use crate::load::{Loaded, ParseCache, Program, load_again};
use crate::model::{Project, Stack};
use crate::source::{Files, Source, SourceId};

/// A program and everything that is known about it without emitting.
pub struct Analysis {
    /// The files.
    pub program: Program,
    /// What loading and checking found.
    pub diagnostics: Vec<Diagnostic>,
    /// The stack, when nothing is wrong.
    pub stack: Option<Stack>,
    index: OnceCell<Index>,
}

impl Analysis {
    /// Loads and checks a program; files that did not change keep their trees.
    pub fn new(entry: &str, project: &Project, files: &dyn Files, cache: &mut ParseCache) -> Self {
        let Loaded { program, mut diagnostics } = load_again(entry, files, cache);
        let Checked { stack, diagnostics: found } = check::check(&program, project, files, &[]);
        diagnostics.extend(found);
        Self { program, diagnostics, stack, index: OnceCell::new() }
    }

    /// What names mean.
    pub fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::new(&self.program))
    }

    /// The source with this path.
    pub fn source(&self, path: &str) -> Option<&Source> {
        self.program.sources.iter().find(|source| *source.path == *path)
    }

    /// A source by its identity.
    pub fn source_of(&self, id: SourceId) -> Option<&Source> {
        self.program.sources.get(id)
    }

    /// The module of a source.
    pub fn module(&self, id: SourceId) -> Option<usize> {
        self.program.modules.iter().position(|module| module.file.source == id)
    }

    /// What every assignment is worth in each environment.
    pub fn computed(&self, project: &Project, files: &dyn Files) -> Vec<Computed> {
        check::computed(&self.program, project, files)
    }

    /// Characters of a span.
    pub fn text(&self, span: crate::source::Span) -> &str {
        self.program.sources.get(span.source).map_or("", |source| source.slice(span))
    }
}
