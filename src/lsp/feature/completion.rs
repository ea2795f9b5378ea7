//! `textDocument/completion`

use serde_json::{Value, json};

use super::Feature;
use crate::ide::completion::{Completion, Kind, complete};
use crate::lsp::protocol::{Answer, completion_kind};
use crate::lsp::server::Server;
use crate::source::Span;

pub(super) const FEATURES: &[Feature] = &[Feature {
    method: "textDocument/completion",
    capability: Some(("completionProvider", || json!({ "triggerCharacters": [".", " ", "=", "{", ">"] }))),
    answer,
}];

fn answer(server: &mut Server<'_>, params: &Value) -> Answer {
    let (at, offset) = server.at_offset(params)?;
    let found = complete(at.analysis, at.source, offset);
    let range = server.encoding.range(at.source, Span::new(at.source.id, found.start, found.end));
    let item = |(index, item): (usize, &Completion)| {
        let mut value = json!({
            "label": item.label,
            "kind": number(item.kind),
            "sortText": format!("{index:04}"),
            "filterText": item.label,
            "textEdit": { "range": range, "newText": item.insert },
        });
        if let Some(value) = value.as_object_mut() {
            if !item.detail.is_empty() {
                value.insert("detail".to_owned(), json!(item.detail));
            }
            if !item.doc.trim().is_empty() {
                let doc = json!({ "kind": "markdown", "value": item.doc.trim() });
                value.insert("documentation".to_owned(), doc);
            }
        }
        value
    };
    let items: Vec<Value> = found.items.iter().enumerate().map(item).collect();
    Ok(json!({ "isIncomplete": false, "items": items }))
}

fn number(kind: Kind) -> u32 {
    match kind {
        Kind::Keyword => 14,
        Kind::Field => 10,
        Kind::Block => 22,
        Kind::Symbol(kind) => completion_kind(kind),
        Kind::Choice => 20,
        Kind::Function => 3,
        Kind::Type => 25,
        Kind::Module => 9,
        Kind::Unit => 11,
    }
}
