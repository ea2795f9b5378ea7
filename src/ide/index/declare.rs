//! The first walk: every declaration becomes a symbol. Must not look at uses.

use super::{Index, Symbol, SymbolId, SymbolKind};
use crate::load::Program;
use crate::source::Span;
use crate::syntax::ast::{
    Block, Expr, ExprKind, Label, MapEntry, Name, SettingKey, Statement, StatementKind, Type,
};

/// Collects all declarations.
pub(super) fn declare(index: &mut Index, program: &Program) {
    let mut declarer = Declarer { index, program };
    for (module, loaded) in program.modules.iter().enumerate() {
        for statement in &loaded.file.statements {
            declarer.top(module, statement, loaded.is_std());
        }
    }
    for (module, loaded) in program.modules.iter().enumerate() {
        if !loaded.is_std() {
            for statement in &loaded.file.statements {
                declarer.overlays(statement);
            }
        }
        declarer.imports(module);
    }
}

struct Declarer<'a> {
    index: &'a mut Index,
    program: &'a Program,
}

impl<'a> Declarer<'a> {
    fn text(&self, span: Span) -> &'a str {
        self.program.sources.get(span.source).map_or("", |source| source.slice(span))
    }

    fn symbol(
        &self,
        kind: SymbolKind,
        name: Span,
        statement: &Statement,
        parent: Option<SymbolId>,
    ) -> Symbol {
        Symbol {
            kind,
            name: self.text(name).trim_matches('"').to_owned(),
            span: name,
            full: statement.span,
            doc: statement.doc,
            parent,
            template: None,
            ty: None,
            value: None,
        }
    }

    fn bind(&mut self, module: usize, symbol: Symbol) -> SymbolId {
        let name = symbol.name.clone();
        let id = self.index.add(symbol);
        self.index.bound.entry((module, name)).or_insert(id);
        id
    }

    fn top(&mut self, module: usize, statement: &'a Statement, library: bool) {
        match &statement.kind {
            StatementKind::Let(_) | StatementKind::Param(_) => {
                // Parameters of the project belong to the stack: environments set them by name.
                if let Some(symbol) = self.value(statement, None) {
                    let id = self.bind(module, symbol);
                    self.keys(statement, id);
                }
            }
            StatementKind::Type(found) => {
                let symbol = self.symbol(SymbolKind::Type, found.name.span, statement, None);
                self.bind(module, Symbol { ty: Some(found.ty.span), ..symbol });
            }
            StatementKind::Block(block) => match (self.text(block.kind.span), block.labels.as_slice()) {
                ("template", [_, name]) => {
                    let symbol = self.symbol(SymbolKind::Template, name.span(), statement, None);
                    let id = self.bind(module, symbol);
                    self.body(block, id);
                }
                (word, [label]) if !library => {
                    if let Some(kind) = SymbolKind::of_keyword(word) {
                        let symbol = self.symbol(kind, label.span(), statement, None);
                        let id = self.index.add(symbol);
                        self.body(block, id);
                    }
                }
                _ => {}
            },
            _ => {}
        }
    }

    /// Blocks of environments that declare what the base does not have.
    fn overlays(&mut self, statement: &'a Statement) {
        let StatementKind::Block(environment) = &statement.kind else { return };
        if self.text(environment.kind.span) != "environment" {
            return;
        }
        for inner in environment.body.iter().flatten() {
            let StatementKind::Block(block) = &inner.kind else { continue };
            let (Some(kind), [label]) =
                (SymbolKind::of_keyword(self.text(block.kind.span)), block.labels.as_slice())
            else {
                continue;
            };
            let name = self.text(label.span()).trim_matches('"');
            let parent = match self.index.child(None, kind, name) {
                Some(known) => known,
                None => {
                    let symbol = self.symbol(kind, label.span(), inner, None);
                    self.index.add(symbol)
                }
            };
            self.body(block, parent);
        }
    }

    fn value(&self, statement: &Statement, parent: Option<SymbolId>) -> Option<Symbol> {
        let of = |kind, name: Name, ty: Option<&Type>, value: Option<&Expr>| {
            let symbol = self.symbol(kind, name.span, statement, parent);
            Symbol { ty: ty.map(|ty| ty.span), value: value.map(|value| value.span), ..symbol }
        };
        match &statement.kind {
            StatementKind::Let(item) => {
                Some(of(SymbolKind::Let, item.name, item.ty.as_deref(), Some(&item.value)))
            }
            StatementKind::Param(item) => {
                Some(of(SymbolKind::Param, item.name, item.ty.as_deref(), item.default.as_ref()))
            }
            _ => None,
        }
    }

    /// The keys of a map that has a name.
    fn keys(&mut self, statement: &'a Statement, parent: SymbolId) {
        let StatementKind::Let(item) = &statement.kind else { return };
        let ExprKind::Map(entries) = &item.value.kind else { return };
        for MapEntry { key, value } in entries {
            let symbol = self.symbol(SymbolKind::Key, key.span(), statement, Some(parent));
            let full = key.span().to(value.span);
            self.index.add(Symbol { full, doc: None, value: Some(value.span), ..symbol });
        }
    }

    fn body(&mut self, block: &'a Block, owner: SymbolId) {
        for statement in block.body.iter().flatten() {
            if let Some(symbol) = self.value(statement, Some(owner)) {
                self.index.add(symbol);
                continue;
            }
            match &statement.kind {
                StatementKind::Block(inner) => self.inner(statement, inner, owner),
                StatementKind::Setting(setting) => {
                    let key = setting.key.span();
                    if self.text(key) == "port" {
                        let symbol = self.symbol(SymbolKind::Port, key, statement, Some(owner));
                        self.index.add(Symbol {
                            name: "http".to_owned(),
                            value: Some(setting.value.span),
                            ..symbol
                        });
                    }
                }
                _ => {}
            }
        }
    }

    fn inner(&mut self, statement: &'a Statement, block: &'a Block, owner: SymbolId) {
        let entries = match (self.text(block.kind.span), block.labels.as_slice()) {
            ("ports", []) => SymbolKind::Port,
            ("export", []) => SymbolKind::Export,
            ("build", _) => return self.body(block, owner),
            ("secret", [label]) => return self.labelled(SymbolKind::Secret, statement, label, owner),
            ("stage", [label]) => return self.labelled(SymbolKind::Stage, statement, label, owner),
            ("job", [label]) => return self.labelled(SymbolKind::Job, statement, label, owner),
            _ => return,
        };
        for statement in block.body.iter().flatten() {
            if let StatementKind::Setting(setting) = &statement.kind {
                if let SettingKey::Path(path) = &setting.key {
                    let symbol = self.symbol(entries, path.first.span, statement, Some(owner));
                    self.index.add(Symbol { value: Some(setting.value.span), ..symbol });
                }
            }
        }
    }

    fn labelled(&mut self, kind: SymbolKind, statement: &Statement, label: &Label, owner: SymbolId) {
        let symbol = self.symbol(kind, label.span(), statement, Some(owner));
        if self.index.child(Some(owner), kind, &symbol.name).is_none() {
            self.index.add(symbol);
        }
    }

    fn imports(&mut self, module: usize) {
        let mut open = Vec::new();
        for import in self.program.modules.get(module).map(|module| &*module.imports).unwrap_or_default() {
            for name in &import.clause.names {
                let text = self.text(name.span);
                if let Some(id) = self.index.bound.get(&(import.module, text.to_owned())).copied() {
                    self.index.imported.entry((module, text.to_owned())).or_insert(id);
                    self.index.uses.push(super::Use { span: name.span, symbol: id });
                }
            }
            match import.clause.alias {
                Some(alias) => {
                    let statement = Statement { span: alias.span, doc: None, kind: StatementKind::Error };
                    let symbol = self.symbol(SymbolKind::Module, alias.span, &statement, None);
                    let id = self.bind(module, symbol);
                    self.index.aliases.insert(id, import.module);
                }
                None if import.clause.names.is_empty() => open.push(import.module),
                None => {}
            }
        }
        self.index.open.push(open);
    }
}
