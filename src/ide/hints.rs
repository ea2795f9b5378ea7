//! What is not written but follows: ports behind routes, who a service needs, defaults. Must not repeat what stands
//! there.

use super::Analysis;
use super::calls;
use super::defaults;
use super::index::{SymbolId, SymbolKind};
use crate::source::{Source, Span};

/// Words to show behind an offset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// Behind which byte.
    pub offset: u32,
    /// What to show.
    pub text: String,
}

/// The hints of a part of a file.
pub fn hints(analysis: &Analysis, source: &Source, range: Span) -> Vec<Hint> {
    let index = analysis.index();
    let inside = |offset: u32| range.start <= offset && offset <= range.end;
    let mut found = Vec::new();
    let services = index.children(None, SymbolKind::Service);
    for id in services {
        let Some(symbol) = index.symbol(id) else { continue };
        if symbol.span.source == source.id && inside(symbol.span.end) {
            let names: Vec<&str> = calls::needs(analysis, id)
                .keys()
                .filter_map(|id| index.symbol(*id).map(|symbol| &*symbol.name))
                .collect();
            let at = head_end(source, symbol.full, symbol.span.end);
            if !names.is_empty() {
                found.push(Hint { offset: at, text: format!("needs {}", names.join(", ")) });
            }
        }
    }
    for used in index.uses.iter().filter(|used| used.span.source == source.id && inside(used.span.end)) {
        if is_target(source, used.span) {
            let port = port_of(analysis, used.symbol);
            found.extend(port.map(|port| Hint { offset: used.span.end, text: format!(":{port}") }));
        }
    }
    found.extend(defaults::hints(analysis, source, range));
    found.sort_by_key(|hint| hint.offset);
    joined(found)
}

/// One hint per place: editors draw those of one place without a gap, and in an order of their own.
fn joined(hints: Vec<Hint>) -> Vec<Hint> {
    let mut joined: Vec<Hint> = Vec::with_capacity(hints.len());
    for hint in hints {
        match joined.last_mut().filter(|last| last.offset == hint.offset) {
            Some(last) => last.text.extend(["; ", &hint.text]),
            None => joined.push(hint),
        }
    }
    joined
}

/// Behind the `{` of a block that is open at the end of its line, else behind its name.
pub(super) fn head_end(source: &Source, full: Span, name: u32) -> u32 {
    let text = source.text.get(name as usize..full.end as usize).unwrap_or_default();
    let line = text.split('\n').next().unwrap_or_default().trim_end();
    if line.ends_with('{') { name + line.len() as u32 } else { name }
}

/// Whether a name stands directly behind `->` and names no port itself.
fn is_target(source: &Source, span: Span) -> bool {
    let before = source.text.get(..span.start as usize).unwrap_or_default().trim_end();
    let after = source.text.get(span.end as usize..).unwrap_or_default();
    before.ends_with("->") && !after.starts_with('.')
}

/// The port that a service is reached at, where it is written as a number.
fn port_of(analysis: &Analysis, service: SymbolId) -> Option<u16> {
    let index = analysis.index();
    let named = |name| index.inherited(service, SymbolKind::Port, name);
    let first = || {
        index.chain(service).find_map(|owner| {
            let mut ports: Vec<SymbolId> = index.children(Some(owner), SymbolKind::Port).collect();
            ports.sort_unstable();
            ports.first().copied()
        })
    };
    let port = index.symbol(named("http").or_else(first)?)?;
    analysis.text(port.value?).parse().ok()
}
