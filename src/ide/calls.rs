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

/// What a service or an ingress refers to, and where it does.
pub fn needs(analysis: &Analysis, service: SymbolId) -> BTreeMap<SymbolId, Vec<Span>> {
    let index = analysis.index();
    let mut found: BTreeMap<SymbolId, Vec<Span>> = BTreeMap::new();
    let Some(own) = index.symbol(service) else { return found };
    for used in &index.uses {
        let target = index.symbol(used.symbol);
        let other = target.is_some_and(|target| is_block(target.kind)) && used.symbol != service;
        if other && within(own.full, used.span) {
            found.entry(used.symbol).or_default().push(used.span);
        }
    }
    found
}

/// Who refers to a service, and where.
pub fn needed_by(analysis: &Analysis, service: SymbolId) -> BTreeMap<SymbolId, Vec<Span>> {
    let index = analysis.index();
    let mut found: BTreeMap<SymbolId, Vec<Span>> = BTreeMap::new();
    for span in index.uses_of(service) {
        let around = index
            .symbols
            .iter()
            .position(|symbol| is_block(symbol.kind) && symbol.parent.is_none() && within(symbol.full, span));
        if let Some(id) = around.filter(|id| *id != service) {
            found.entry(id).or_default().push(span);
        }
    }
    found
}

fn is_block(kind: SymbolKind) -> bool {
    matches!(kind, SymbolKind::Service | SymbolKind::Ingress)
}

fn within(outer: Span, inner: Span) -> bool {
    outer.source == inner.source && outer.start <= inner.start && inner.end <= outer.end
}
