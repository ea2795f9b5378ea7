//! A program as an editor has it: the trees, what was found, and the names, read when somebody asks. Must not emit.

use std::cell::OnceCell;

use super::index::Index;
pub use crate::check::Memory;
use crate::check::{self, Computed};
use crate::diagnostic::Diagnostic;
use crate::load::{Loaded, ParseCache, Program, load_again};
use crate::model::Project;
use crate::source::{Files, Source, SourceId};

/// A program and everything that is known about it without emitting.
pub struct Analysis {
    /// The files.
    pub program: Program,
    /// What loading and checking found.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether it was checked, not only loaded.
    pub is_checked: bool,
    index: OnceCell<Index>,
}

/// What one analysis leaves to the next.
#[derive(Debug, Default)]
pub struct Cache {
    trees: ParseCache,
    /// What the last two whole checks heard, the one that served last first: what was typed is often taken back.
    memories: [Memory; 2],
}

impl Cache {
    /// Takes in what a whole check heard.
    pub fn learn(&mut self, memory: Memory) {
        let [last, before] = &mut self.memories;
        *before = std::mem::replace(last, memory);
    }

    /// Whether nothing was checked yet.
    pub fn is_new(&self) -> bool {
        self.memories.iter().all(Memory::is_empty)
    }

    fn covers(&self, program: &Program) -> bool {
        self.memories.iter().any(|memory| memory.covers(program))
    }

    /// The memory that covers a program; the older one is given up for a new one when none does.
    fn remember(&mut self, program: &Program) -> &mut Memory {
        let [last, before] = &mut self.memories;
        if !last.covers(program) {
            std::mem::swap(last, before);
            if !last.covers(program) {
                *last = Memory::default();
            }
        }
        last
    }
}

impl Analysis {
    /// Loads and checks a program; what did not change is neither parsed nor evaluated again.
    pub fn new(entry: &str, project: &Project, files: &dyn Files, cache: &mut Cache) -> Self {
        Self::within(entry, project, files, cache, usize::MAX)
    }

    /// The same, but a program with more bytes than `limit` is not checked as a whole: that would take longer than
    /// a key. Only after changes that a check before it covers, it is.
    pub fn within(
        entry: &str,
        project: &Project,
        files: &dyn Files,
        cache: &mut Cache,
        limit: usize,
    ) -> Self {
        let Loaded { program, mut diagnostics } = load_again(entry, files, &mut cache.trees);
        let bytes: usize = program.sources.iter().map(|source| source.text.len()).sum();
        let is_checked = bytes <= limit || cache.covers(&program);
        if is_checked {
            let memory = cache.remember(&program);
            diagnostics.extend(check::problems(&program, project, files, memory));
        }
        Self { program, diagnostics, is_checked, index: OnceCell::new() }
    }

    /// What a whole check of a program hears, for the cache of later ones.
    pub fn heard(program: &Program, project: &Project, files: &dyn Files) -> Memory {
        let mut memory = Memory::default();
        check::problems(program, project, files, &mut memory);
        memory
    }

    /// Gives up the trees, so that the next analysis can go on with them.
    pub fn release(&mut self) {
        self.program.modules.clear();
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
