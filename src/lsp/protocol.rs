//! The shapes of the protocol that several features share. Must not hold state.

use serde_json::{Map, Value, json};

use super::server::{At, Server};
use crate::diagnostic::Edit;
use crate::ide::index::SymbolKind;
use crate::source::Span;

/// Codes of errors.
pub(super) const REQUEST_FAILED: i32 = -32803;
pub(super) const INVALID_REQUEST: i32 = -32600;
pub(super) const METHOD_NOT_FOUND: i32 = -32601;
pub(super) const INVALID_PARAMS: i32 = -32602;

/// What a request gives: a result, or a code and a reason.
pub(super) type Answer = Result<Value, (i32, String)>;

/// A place in some file.
pub(super) fn location(server: &Server<'_>, at: &At<'_>, span: Span) -> Option<Value> {
    let source = at.analysis.source_of(span.source)?;
    let uri = server.uri_of(&at.project.opened.root, &source.path)?;
    Some(json!({ "uri": uri, "range": server.encoding.range(source, span) }))
}

/// Edits of several files.
pub(super) fn workspace_edit(server: &Server<'_>, at: &At<'_>, edits: &[Edit]) -> Value {
    let mut changes = serde_json::Map::new();
    for edit in edits {
        let Some(source) = at.analysis.source_of(edit.span.source) else { continue };
        let Some(uri) = server.uri_of(&at.project.opened.root, &source.path) else { continue };
        let edit = json!({ "range": server.encoding.range(source, edit.span), "newText": edit.text });
        if let Value::Array(known) = changes.entry(uri).or_insert_with(|| json!([])) {
            known.push(edit);
        }
    }
    json!({ "changes": changes })
}

/// The number of a symbol's kind.
pub(super) fn symbol_kind(kind: &str) -> u32 {
    match kind {
        "service" | "template" => 5,
        "let" => 13,
        "param" => 14,
        "type" => 26,
        "secret" => 20,
        "ingress" | "route" => 11,
        "environment" => 3,
        "pipeline" | "job" => 12,
        "alert" | "notify" => 24,
        "key" | "export" | "port" => 7,
        "module" => 2,
        _ => 19,
    }
}

/// The number of a completion's kind for a symbol.
pub(super) fn completion_kind(kind: SymbolKind) -> u32 {
    match kind {
        SymbolKind::Let => 6,
        SymbolKind::Param => 10,
        SymbolKind::Type => 25,
        SymbolKind::Template => 8,
        SymbolKind::Module => 9,
        SymbolKind::Port | SymbolKind::Export | SymbolKind::Key => 5,
        SymbolKind::Secret => 21,
        _ => 7,
    }
}

/// An object that is no larger than its fields, which are moved into it: problems come by the thousand.
pub(super) fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    let mut object = Map::with_capacity(N);
    object.extend(fields.map(|(name, value)| (name.to_owned(), value)));
    Value::Object(object)
}
