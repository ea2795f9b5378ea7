//! `callHierarchy/…`: who needs whom.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Feature;
use crate::ide::calls::{needed_by, needs, service_at};
use crate::ide::index::SymbolId;
use crate::lsp::protocol::{Answer, symbol_kind};
use crate::lsp::server::{At, Server};
use crate::source::Span;

pub(super) const FEATURES: &[Feature] = &[
    Feature {
        method: "textDocument/prepareCallHierarchy",
        capability: Some(("callHierarchyProvider", || json!(true))),
        answer: prepare,
    },
    Feature { method: "callHierarchy/outgoingCalls", capability: None, answer: outgoing },
    Feature { method: "callHierarchy/incomingCalls", capability: None, answer: incoming },
];

fn prepare(server: &mut Server<'_>, params: &Value) -> Answer {
    let (at, offset) = server.at_offset(params)?;
    match service_at(at.analysis, at.source, offset) {
        Some(id) => Ok(json!([item(server, &at, id)])),
        None => Ok(Value::Null),
    }
}

fn outgoing(server: &mut Server<'_>, params: &Value) -> Answer {
    calls(server, params, "to", needs)
}

fn incoming(server: &mut Server<'_>, params: &Value) -> Answer {
    calls(server, params, "from", needed_by)
}

type Edges = fn(&crate::ide::Analysis, SymbolId) -> BTreeMap<SymbolId, Vec<Span>>;

fn calls(server: &Server<'_>, params: &Value, end: &str, edges: Edges) -> Answer {
    let (at, offset) = server.at_offset(params)?;
    let Some(id) = service_at(at.analysis, at.source, offset) else { return Ok(json!([])) };
    let call = |(other, spans): (SymbolId, Vec<Span>)| {
        let ranges: Vec<Value> = spans
            .iter()
            .filter_map(|span| Some(server.encoding.range(at.analysis.source_of(span.source)?, *span)))
            .collect();
        json!({ end: item(server, &at, other), "fromRanges": ranges })
    };
    Ok(json!(edges(at.analysis, id).into_iter().map(call).collect::<Vec<_>>()))
}

fn item(server: &Server<'_>, at: &At<'_>, id: SymbolId) -> Value {
    let Some(symbol) = at.analysis.index().symbol(id) else { return Value::Null };
    let Some(source) = at.analysis.source_of(symbol.span.source) else { return Value::Null };
    json!({
        "name": symbol.name,
        "kind": symbol_kind(symbol.kind.word()),
        "detail": symbol.kind.word(),
        "uri": server.uri_of(&at.project.opened.root, &source.path),
        "range": server.encoding.range(source, symbol.full),
        "selectionRange": server.encoding.range(source, symbol.span),
    })
}
