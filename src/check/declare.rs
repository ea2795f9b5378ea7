//! What a program declares, by name: values per file, blocks per program. Must not evaluate or merge anything.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::duplicate;
use super::merge::label_of;
use super::problem;
use crate::diagnostic::{Diagnostic, codes};
use crate::load::{Import, Program};
use crate::model::EnvironmentBlock;
use crate::schema::Kind;
use crate::source::Span;
use crate::syntax::ast::{Block, Check, Label, Let, Name, Param, Statement, StatementKind, TypeDefinition};
use crate::syntax::literal;

/// A name that a file binds.
#[derive(Debug, Clone, Copy)]
pub(super) enum Binding<'a> {
    /// `let`
    Let(&'a Let),
    /// `param`
    Param(&'a Param),
    /// `type`
    Type(&'a TypeDefinition),
    /// `template`
    Template(&'a Block),
    /// `use … as name`, or a module imported whole.
    Module(usize),
}

/// The names of one file and where each is bound: the module index and the binding.
#[derive(Debug, Default)]
pub(super) struct Names<'a> {
    bound: IndexMap<&'a str, (usize, Binding<'a>, Span)>,
    /// Modules whose every name is visible here.
    open: Vec<usize>,
}

/// A block at the top of a file or an environment, with the module that it stands in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Declared<'a> {
    pub(super) module: usize,
    pub(super) statement: &'a Statement,
    pub(super) block: &'a Block,
}

/// Everything that a program declares.
#[derive(Debug, Default)]
pub(super) struct Declarations<'a> {
    names: Vec<Names<'a>>,
    /// Environments, by name, in declaration order.
    pub(super) environments: IndexMap<&'a str, Declared<'a>>,
    /// All other blocks of project files, in declaration order.
    pub(super) blocks: Vec<Declared<'a>>,
    /// `check` statements at the top of project files.
    pub(super) checks: Vec<(usize, &'a Check)>,
    /// The templates of project files.
    templates: Vec<(usize, &'a Statement, &'a Block)>,
    /// Parameters of project files that environments may set.
    pub(super) params: IndexMap<&'a str, (usize, &'a Param)>,
    /// The statements that say something twice.
    pub(super) doubled: BTreeSet<Span>,
}

impl<'a> Declarations<'a> {
    /// Collects the declarations and reports names that are bound twice or imported in vain.
    /// Only `doubtful` ones are asked whether they say something twice, where it is known which those are.
    pub(super) fn collect(
        program: &'a Program,
        doubtful: Option<&BTreeSet<Span>>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut all = Self::default();
        for (index, module) in program.modules.iter().enumerate() {
            let mut names = Names::default();
            for statement in &module.file.statements {
                if let StatementKind::Block(block) = &statement.kind
                    && doubtful.is_none_or(|doubtful| doubtful.contains(&statement.span))
                {
                    let before = diagnostics.len();
                    duplicate::check(program, block, diagnostics);
                    if diagnostics.len() > before {
                        all.doubled.insert(statement.span);
                    }
                }
                all.statement(program, index, statement, &mut names, diagnostics);
            }
            all.names.push(names);
        }
        for index in 0..program.modules.len() {
            all.imports(program, index, diagnostics);
        }
        all
    }

    fn statement(
        &mut self,
        program: &'a Program,
        module: usize,
        statement: &'a Statement,
        names: &mut Names<'a>,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let project = program.modules.get(module).is_some_and(|module| !module.is_std());
        let mut bind = |name: Name, binding| {
            let text = slice(program, name.span);
            if let Some((_, _, first)) = names.bound.get(text) {
                diagnostics.push(problem::duplicate("name", text, name.span, *first));
            } else {
                names.bound.insert(text, (module, binding, name.span));
            }
        };
        match &statement.kind {
            StatementKind::Let(item) => bind(item.name, Binding::Let(item)),
            StatementKind::Type(item) => bind(item.name, Binding::Type(item)),
            StatementKind::Param(item) => {
                bind(item.name, Binding::Param(item));
                if project {
                    self.params.entry(slice(program, item.name.span)).or_insert((module, item));
                }
            }
            StatementKind::Block(block) if slice(program, block.kind.span) == "template" => {
                match block.labels.as_slice() {
                    [Label::Path(kind), Label::Path(name)]
                        if kind.rest.is_empty() && name.rest.is_empty() =>
                    {
                        bind(name.first, Binding::Template(block));
                        if project {
                            self.templates.push((module, statement, block));
                        }
                    }
                    _ => diagnostics.push(problem::template_shape(block.kind.span)),
                }
            }
            StatementKind::Block(block) if project => {
                let declared = Declared { module, statement, block };
                if slice(program, block.kind.span) == "environment" {
                    self.environment(program, declared, diagnostics);
                } else {
                    self.blocks.push(declared);
                }
            }
            StatementKind::Check(check) if project => self.checks.push((module, check)),
            StatementKind::Setting(setting) => diagnostics.push(problem::setting_at_top(setting.key.span())),
            StatementKind::Block(block) => diagnostics.push(problem::block_in_library(block.kind.span)),
            StatementKind::Use(_) | StatementKind::Check(_) | StatementKind::Error => {}
        }
    }

    fn environment(
        &mut self,
        program: &'a Program,
        declared: Declared<'a>,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let label = match label_of(program, EnvironmentBlock::SCHEMA, declared.block) {
            Ok(label) => label,
            Err(problem) => return diagnostics.push(problem),
        };
        if let Some(target) = &declared.block.target {
            diagnostics.push(problem::no_target(EnvironmentBlock::SCHEMA.keyword, target.span()));
        }
        let name = literal::plain(slice(program, label.span));
        match self.environments.get(name) {
            Some(first) => {
                let first = first.block.labels.first().map_or(first.statement.span, Label::span);
                diagnostics.push(problem::duplicate("environment", name, label.span, first));
            }
            None => {
                self.environments.insert(name, declared);
            }
        }
    }

    fn imports(&mut self, program: &'a Program, index: usize, diagnostics: &mut Vec<Diagnostic>) {
        let Some(module) = program.modules.get(index) else {
            return;
        };
        for import in &module.imports {
            if let Some(alias) = import.clause.alias {
                self.bind_import(
                    program,
                    index,
                    alias,
                    (import.module, Binding::Module(import.module)),
                    diagnostics,
                );
            }
            if import.clause.names.is_empty() && import.clause.alias.is_none() {
                self.ambiguous(index, import, diagnostics);
                if let Some(names) = self.names.get_mut(index) {
                    names.open.push(import.module);
                }
            }
            for name in &import.clause.names {
                let text = slice(program, name.span);
                match self.exported(import.module, text) {
                    Some(target) => self.bind_import(program, index, *name, target, diagnostics),
                    None => {
                        let path = program.modules.get(import.module).map_or("", |module| &module.path);
                        let known = self.exports(import.module);
                        diagnostics.push(problem::unknown_import(text, path, name.span, &known));
                    }
                }
            }
        }
    }

    /// Reports the names that an import makes visible although another import already did.
    fn ambiguous(&self, index: usize, import: &Import, diagnostics: &mut Vec<Diagnostic>) {
        let Some(names) = self.names.get(index) else {
            return;
        };
        let others = || names.open.iter().filter(|open| **open != import.module);
        for name in self.exports(import.module) {
            let again = others().any(|open| self.exported(*open, name).is_some());
            if again && !names.bound.contains_key(name) {
                let message = format!("two imports bring the name `{name}`");
                let problem = Diagnostic::error(codes::DUPLICATE_NAME, message);
                let problem = problem.at(import.span(), "brings it again");
                diagnostics.push(
                    problem.help(
                        "import the names that you need in `{ … }`, or give one import a name with `as`",
                    ),
                );
            }
        }
    }

    fn bind_import(
        &mut self,
        program: &'a Program,
        index: usize,
        name: Name,
        (module, binding): (usize, Binding<'a>),
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let text = slice(program, name.span);
        let Some(names) = self.names.get_mut(index) else {
            return;
        };
        match names.bound.get(text) {
            Some((_, _, first)) => diagnostics.push(problem::duplicate("name", text, name.span, *first)),
            None => {
                names.bound.insert(text, (module, binding, name.span));
            }
        }
    }

    /// What a module binds itself.
    fn exported(&self, module: usize, name: &str) -> Option<(usize, Binding<'a>)> {
        let (home, binding, _) = self.names.get(module)?.bound.get(name)?;
        (*home == module).then_some((*home, *binding))
    }

    fn exports(&self, module: usize) -> Vec<&'a str> {
        let Some(names) = self.names.get(module) else {
            return Vec::new();
        };
        names.bound.iter().filter(|(_, (home, _, _))| *home == module).map(|(name, _)| *name).collect()
    }

    /// What `name` means in a module, and the module in which it is bound.
    pub(super) fn lookup(&self, module: usize, name: &str) -> Option<(usize, Binding<'a>)> {
        let names = self.names.get(module)?;
        if let Some((home, binding, _)) = names.bound.get(name) {
            return Some((*home, *binding));
        }
        names.open.iter().find_map(|open| self.exported(*open, name))
    }

    /// What `alias.name` means.
    pub(super) fn lookup_in(&self, module: usize, name: &str) -> Option<(usize, Binding<'a>)> {
        self.exported(module, name)
    }

    /// The templates of project files, with their modules.
    pub(super) fn templates(&self) -> Vec<(usize, &'a Statement, &'a Block)> {
        self.templates.clone()
    }

    /// The values and types that a module binds itself, in declaration order.
    pub(super) fn values(&self, module: usize) -> Vec<(&'a str, Binding<'a>)> {
        let Some(names) = self.names.get(module) else {
            return Vec::new();
        };
        let own = names.bound.iter().filter(|(_, (home, _, _))| *home == module);
        own.map(|(name, (_, binding, _))| (*name, *binding)).collect()
    }

    /// The names that a module can see, for suggestions.
    pub(super) fn visible(&self, module: usize) -> Vec<&'a str> {
        let Some(names) = self.names.get(module) else {
            return Vec::new();
        };
        let open = names.open.iter().flat_map(|open| self.exports(*open));
        names.bound.keys().copied().chain(open).collect()
    }
}

/// The characters of a span.
pub(super) fn slice(program: &Program, span: Span) -> &str {
    program.sources.get(span.source).map_or("", |source| source.slice(span))
}
