//! Who needs whom, from the names that are written: the dependency graph where it was made. Must not plan.

use std::collections::BTreeMap;

use super::Analysis;
use super::index::{SymbolId, SymbolKind};
use crate::source::{Source, Span};

/// The service at an offset.
pub fn service_at(analysis: &Analysis, source: &Source, offset: u32) -> Option<SymbolId> {
    let index = analysis.index();
    let (id, _) = index.at(source.id, offset)?;
    index.symbol(id).filter(|symbol| is_block(symbol.kind)).map(|_| id)
}

/// What a service or an ingress refers to, and where it does: for what its templates refer to, where it names them.
pub fn needs(analysis: &Analysis, service: SymbolId) -> BTreeMap<SymbolId, Vec<Span>> {
    let index = analysis.index();
    let mut found: BTreeMap<SymbolId, Vec<Span>> = BTreeMap::new();
    let Some(own) = index.symbol(service) else { return found };
    let templates: Vec<Span> =
        index.chain(service).skip(1).filter_map(|id| Some(index.symbol(id)?.full)).collect();
    let named = named(analysis, service);
    for used in &index.uses {
        let target = index.symbol(used.symbol);
        if used.symbol == service || !target.is_some_and(|target| is_block(target.kind)) {
            continue;
        }
        if within(own.full, used.span) {
            found.entry(used.symbol).or_default().push(used.span);
        } else if templates.iter().any(|template| within(*template, used.span)) {
            found.entry(used.symbol).or_default().extend(named);
        }
    }
    found.values_mut().for_each(Vec::dedup);
    found
}

/// Who refers to a service, and where.
pub fn needed_by(analysis: &Analysis, service: SymbolId) -> BTreeMap<SymbolId, Vec<Span>> {
    let index = analysis.index();
    let mut found: BTreeMap<SymbolId, Vec<Span>> = BTreeMap::new();
    for span in index.uses_of(service) {
        let around = index.symbols.iter().position(|symbol| {
            let is_outer = is_block(symbol.kind) || symbol.kind == SymbolKind::Template;
            is_outer && symbol.parent.is_none() && within(symbol.full, span)
        });
        let Some(outer) = around else { continue };
        if index.symbol(outer).is_some_and(|symbol| symbol.kind == SymbolKind::Template) {
            let users = index.children(None, SymbolKind::Service).filter(|id| *id != service);
            for user in users.filter(|id| index.chain(*id).any(|behind| behind == outer)) {
                found.entry(user).or_default().extend(named(analysis, user));
            }
        } else if outer != service {
            found.entry(outer).or_default().push(span);
        }
    }
    found.values_mut().for_each(Vec::dedup);
    found
}

/// Where a declaration names its template.
fn named(analysis: &Analysis, service: SymbolId) -> Option<Span> {
    let index = analysis.index();
    let own = index.symbol(service)?;
    let uses = index.uses_of(own.template?);
    uses.into_iter().find(|span| within(own.full, *span))
}

fn is_block(kind: SymbolKind) -> bool {
    matches!(kind, SymbolKind::Service | SymbolKind::Ingress)
}

fn within(outer: Span, inner: Span) -> bool {
    outer.source == inner.source && outer.start <= inner.start && inner.end <= outer.end
}
