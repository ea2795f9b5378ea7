//! What every name in a program means, sound or broken: declarations, uses, and the vocabulary behind settings. Must
//! not evaluate: it works on files that do not check.

mod declare;
mod resolve;

use std::collections::BTreeMap;

use crate::load::Program;
use crate::schema::{FieldSchema, KindSchema, Ty};
use crate::source::Span;

/// What a declaration declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SymbolKind {
    /// `let`
    Let,
    /// `param`
    Param,
    /// `type`
    Type,
    /// `template`
    Template,
    /// `use … as name`
    Module,
    /// `service`
    Service,
    /// `secret`, of the stack or of a service.
    Secret,
    /// `ingress`
    Ingress,
    /// `environment`
    Environment,
    /// `pipeline`
    Pipeline,
    /// `alert`
    Alert,
    /// `notify`
    Notify,
    /// A job of a pipeline or of a service.
    Job,
    /// A stage of a build.
    Stage,
    /// A port by its name.
    Port,
    /// A name of an `export` block.
    Export,
    /// A key of a map that has a name.
    Key,
}

impl SymbolKind {
    /// The word that people know it by.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Let => "let",
            Self::Param => "param",
            Self::Type => "type",
            Self::Template => "template",
            Self::Module => "module",
            Self::Service => "service",
            Self::Secret => "secret",
            Self::Ingress => "ingress",
            Self::Environment => "environment",
            Self::Pipeline => "pipeline",
            Self::Alert => "alert",
            Self::Notify => "notify",
            Self::Job => "job",
            Self::Stage => "stage",
            Self::Port => "port",
            Self::Export => "export",
            Self::Key => "key",
        }
    }

    fn of_keyword(word: &str) -> Option<Self> {
        Some(match word {
            "service" => Self::Service,
            "secret" => Self::Secret,
            "ingress" => Self::Ingress,
            "environment" => Self::Environment,
            "pipeline" => Self::Pipeline,
            "alert" => Self::Alert,
            "notify" => Self::Notify,
            _ => return None,
        })
    }
}

/// Position of a symbol in its index.
pub type SymbolId = usize;

/// A declaration.
#[derive(Debug, Clone)]
pub struct Symbol {
    /// What it declares.
    pub kind: SymbolKind,
    /// The name.
    pub name: String,
    /// Where the name is written.
    pub span: Span,
    /// The whole statement.
    pub full: Span,
    /// The doc comment above it.
    pub doc: Option<Span>,
    /// The declaration that it belongs to.
    pub parent: Option<SymbolId>,
    /// The template behind `from`.
    pub template: Option<SymbolId>,
    /// The declared type, where one is written.
    pub ty: Option<Span>,
    /// The value or default, where one is written.
    pub value: Option<Span>,
}

/// A place where a symbol is used; declarations are not among them.
#[derive(Debug, Clone, Copy)]
pub struct Use {
    /// The name as written.
    pub span: Span,
    /// What it means.
    pub symbol: SymbolId,
}

/// Everything that names mean.
#[derive(Debug, Default)]
pub struct Index {
    /// All declarations, in order.
    pub symbols: Vec<Symbol>,
    /// All uses, in order of the walk.
    pub uses: Vec<Use>,
    /// Keys of settings and kinds of blocks that a schema knows: the place, the block around it and the field.
    pub fields: Vec<(Span, &'static KindSchema, &'static FieldSchema)>,
    /// Kinds of blocks at the top of a file.
    pub kinds: Vec<(Span, &'static KindSchema)>,
    /// Bare words whose place says what they are.
    pub words: Vec<(Span, Ty)>,
    /// Files and folders of the project that strings name.
    pub files: Vec<(Span, String)>,
    /// Symbols by parent, kind and name.
    named: BTreeMap<(Option<SymbolId>, SymbolKind, String), SymbolId>,
    /// Names of values, types and templates by module.
    bound: BTreeMap<(usize, String), SymbolId>,
    /// Names that a module imports one by one.
    imported: BTreeMap<(usize, String), SymbolId>,
    /// Modules whose every name is visible in a module.
    open: Vec<Vec<usize>>,
    /// The modules that aliases stand for.
    aliases: BTreeMap<SymbolId, usize>,
    /// The first symbol of each statement.
    statements: BTreeMap<Span, SymbolId>,
}

impl Index {
    /// Reads a program.
    pub fn new(program: &Program) -> Self {
        let mut index = Self::default();
        declare::declare(&mut index, program);
        resolve::resolve(&mut index, program);
        index
    }

    /// A symbol.
    pub fn symbol(&self, id: SymbolId) -> Option<&Symbol> {
        self.symbols.get(id)
    }

    /// The symbol whose declaration or use covers an offset, and the place.
    pub fn at(&self, source: crate::source::SourceId, offset: u32) -> Option<(SymbolId, Span)> {
        let covers = |span: Span| span.source == source && span.start <= offset && offset <= span.end;
        let used = self.uses.iter().find(|found| covers(found.span)).map(|found| (found.symbol, found.span));
        used.or_else(|| {
            let own = self.symbols.iter().position(|symbol| covers(symbol.span))?;
            Some((own, self.symbols.get(own)?.span))
        })
    }

    /// The field whose key covers an offset.
    pub fn field_at(
        &self,
        source: crate::source::SourceId,
        offset: u32,
    ) -> Option<(Span, &'static KindSchema, &'static FieldSchema)> {
        let covers = |span: Span| span.source == source && span.start <= offset && offset <= span.end;
        self.fields.iter().rev().find(|(span, ..)| covers(*span)).copied()
    }

    /// All uses of a symbol.
    pub fn uses_of(&self, symbol: SymbolId) -> impl Iterator<Item = Span> + '_ {
        self.uses.iter().filter(move |found| found.symbol == symbol).map(|found| found.span)
    }

    /// Symbols directly inside another one, or at the top of the stack.
    pub fn children(
        &self,
        parent: Option<SymbolId>,
        kind: SymbolKind,
    ) -> impl Iterator<Item = SymbolId> + '_ {
        self.named
            .range((parent, kind, String::new())..)
            .take_while(move |((above, of, _), _)| *above == parent && *of == kind)
            .map(|(_, id)| *id)
    }

    /// A symbol inside another one or in the templates behind it.
    pub fn inherited(&self, owner: SymbolId, kind: SymbolKind, name: &str) -> Option<SymbolId> {
        self.chain(owner).find_map(|owner| self.child(Some(owner), kind, name))
    }

    /// A declaration and the templates behind it, nearest first.
    pub fn chain(&self, owner: SymbolId) -> impl Iterator<Item = SymbolId> + '_ {
        // Templates on templates are few, and may be a circle while somebody types.
        let behind = |id: &SymbolId| self.symbols.get(*id).and_then(|symbol| symbol.template);
        std::iter::successors(Some(owner), behind).take(16)
    }

    /// The declarations whose parameters an expression in this one sees: a template sees those that it is built from.
    pub fn sees(&self, owner: SymbolId) -> impl Iterator<Item = SymbolId> + '_ {
        let is_template = self.symbol(owner).is_some_and(|symbol| symbol.kind == SymbolKind::Template);
        self.chain(owner).take(if is_template { usize::MAX } else { 1 })
    }

    /// A symbol by parent, kind and name.
    pub fn child(&self, parent: Option<SymbolId>, kind: SymbolKind, name: &str) -> Option<SymbolId> {
        self.named.get(&(parent, kind, name.to_owned())).copied()
    }

    /// What a name of a file means: a value, a type, a template or an imported module.
    pub fn lookup(&self, module: usize, name: &str) -> Option<SymbolId> {
        let key = |module| (module, name.to_owned());
        let open = || self.open.get(module).into_iter().flatten();
        self.bound
            .get(&key(module))
            .or_else(|| self.imported.get(&key(module)))
            .or_else(|| open().find_map(|other| self.bound.get(&key(*other))))
            .copied()
    }

    /// The names that a file binds, imports, or sees through whole imports.
    pub fn visible(&self, module: usize) -> Vec<SymbolId> {
        let open = self.open.get(module).into_iter().flatten().flat_map(|module| self.exports(*module));
        self.exports(module).chain(of_module(&self.imported, module)).chain(open).collect()
    }

    /// The names that a file binds.
    pub fn exports(&self, module: usize) -> impl Iterator<Item = SymbolId> + '_ {
        of_module(&self.bound, module)
    }

    /// The module that an alias stands for.
    pub fn module_of(&self, alias: SymbolId) -> Option<usize> {
        self.aliases.get(&alias).copied()
    }

    /// The symbol that a statement declares.
    pub fn declared_by(&self, statement: Span) -> Option<SymbolId> {
        self.statements.get(&statement).copied()
    }

    fn add(&mut self, symbol: Symbol) -> SymbolId {
        let id = self.symbols.len();
        self.named.entry((symbol.parent, symbol.kind, symbol.name.clone())).or_insert(id);
        self.statements.entry(symbol.full).or_insert(id);
        self.symbols.push(symbol);
        id
    }
}

fn of_module(
    names: &BTreeMap<(usize, String), SymbolId>,
    module: usize,
) -> impl Iterator<Item = SymbolId> + '_ {
    let first = (module, String::new());
    names.range(first..).take_while(move |((home, _), _)| *home == module).map(|(_, id)| *id)
}
