//! Offers of declared names: templates, services, modules and what they export. Must not look at types.

use super::{Completer, Kind, documentation};
use crate::ide::index::{SymbolId, SymbolKind};
use crate::stdlib;

impl Completer<'_> {
    /// All declarations of a kind at the top of the stack.
    pub(super) fn symbols(&mut self, kind: SymbolKind) {
        let ids: Vec<SymbolId> = self.analysis.index().children(None, kind).collect();
        // Values of the standard library are no parameters of the stack.
        let own = |id: &SymbolId| {
            let symbol = self.analysis.index().symbol(*id);
            let source = symbol.and_then(|symbol| self.analysis.source_of(symbol.span.source));
            source.is_some_and(|source| !source.path.starts_with(crate::load::STD_PREFIX))
        };
        let ids = ids.into_iter().filter(own).collect();
        self.offers(ids);
    }

    /// Declarations of a kind in the block around and the templates behind it.
    pub(super) fn beside(&mut self, kind: SymbolKind) {
        let index = self.analysis.index();
        let chain = self.owner().into_iter().flat_map(|owner| index.chain(owner));
        let ids = chain.flat_map(|owner| index.children(Some(owner), kind)).collect();
        self.offers(ids);
    }

    pub(super) fn offers(&mut self, ids: Vec<SymbolId>) {
        for id in ids {
            let Some(symbol) = self.analysis.index().symbol(id) else { continue };
            let detail = symbol.ty.map_or_else(
                || symbol.kind.word().to_owned(),
                |ty| format!("{}: {}", symbol.kind.word(), self.analysis.text(ty)),
            );
            let doc = documentation(self.analysis, symbol);
            let name = symbol.name.clone();
            self.offer(&name, Kind::Symbol(symbol.kind), &detail, &doc);
        }
    }

    /// Templates for a kind of block, or environments for an environment.
    pub(super) fn templates(&mut self, kind: &str) {
        // Nothing is built from itself.
        let label = if kind == "template" { 2 } else { 1 };
        let own = self.place.before.get(label).map(|token| self.place.text(*token).to_owned());
        self.templates_of(kind);
        if matches!(kind, "template" | "environment") {
            self.items.retain(|item| Some(&item.label) != own.as_ref());
        }
    }

    fn templates_of(&mut self, kind: &str) {
        if kind == "environment" {
            return self.symbols(SymbolKind::Environment);
        }
        // The kind of a template on a template is its second word.
        let kind = match kind {
            "template" => self.place.before.get(1).map(|token| self.place.text(*token)).unwrap_or_default(),
            kind => kind,
        };
        let index = self.analysis.index();
        let visible = self.analysis.module(self.source.id).map(|module| index.visible(module));
        let fits = |id: &SymbolId| {
            index.symbol(*id).is_some_and(|symbol| {
                let head = self.analysis.text(symbol.full).split_whitespace().nth(1);
                symbol.kind == SymbolKind::Template && head == Some(kind)
            })
        };
        let ids = visible.unwrap_or_default().into_iter().filter(fits).collect();
        self.offers(ids);
    }

    /// `use std.…`
    pub(super) fn module(&mut self) {
        let words: Vec<&str> = self.place.before.iter().map(|token| self.place.text(*token)).collect();
        match words.as_slice() {
            ["use"] => {
                for module in stdlib::modules() {
                    self.offer(&module, Kind::Module, "standard library", "");
                }
            }
            ["use", "std", "."] => {
                for module in stdlib::modules() {
                    let name = module.trim_start_matches("std.").to_owned();
                    self.offer(&name, Kind::Module, "standard library", "");
                }
            }
            _ => {}
        }
    }

    /// `use std.data { … }`
    pub(super) fn imports(&mut self) {
        let head = self.place.frames.last().map(|frame| &*frame.head).unwrap_or_default();
        let words: Vec<&str> = head.iter().skip(1).map(|token| self.place.text(*token)).collect();
        let wanted = words.concat();
        let module = self.analysis.module(self.source.id);
        let imports = module.and_then(|module| self.analysis.program.modules.get(module));
        let target = imports
            .into_iter()
            .flat_map(|module| &module.imports)
            .find(|import| self.analysis.text(import.span()) == wanted.trim_matches('"'));
        let index = self.analysis.index();
        let taken = |name: &str| {
            let names = target.iter().flat_map(|import| &import.clause.names);
            let others = names.filter(|taken| taken.span.start != self.place.word_start);
            others.map(|taken| self.analysis.text(taken.span)).any(|taken| taken == name)
        };
        let is_free = |id: &SymbolId| index.symbol(*id).is_some_and(|symbol| !taken(&symbol.name));
        let ids = target.into_iter().flat_map(|import| index.exports(import.module)).filter(is_free);
        self.offers(ids.collect());
    }
}

/// The kind of symbol that a block of this kind declares.
pub(super) fn kind_of(keyword: &str) -> Option<SymbolKind> {
    Some(match keyword {
        "service" => SymbolKind::Service,
        "secret" => SymbolKind::Secret,
        "ingress" => SymbolKind::Ingress,
        "environment" => SymbolKind::Environment,
        "pipeline" => SymbolKind::Pipeline,
        "alert" => SymbolKind::Alert,
        "notify" => SymbolKind::Notify,
        _ => return None,
    })
}
