//! `textDocument/documentHighlight`: the same name elsewhere in the file.

use serde_json::{Value, json};

use super::Feature;
use crate::ide::navigation::references;
use crate::lsp::protocol::Answer;
use crate::lsp::server::Server;

pub(super) const FEATURES: &[Feature] = &[Feature {
    method: "textDocument/documentHighlight",
    capability: Some(("documentHighlightProvider", || json!(true))),
    answer,
}];

fn answer(server: &mut Server<'_>, params: &Value) -> Answer {
    let (at, offset) = server.at_offset(params)?;
    let here = references(at.analysis, at.source, offset, true).into_iter();
    let here = here.filter(|span| span.source == at.source.id);
    Ok(json!(here.map(|span| json!({ "range": server.encoding.range(at.source, span) })).collect::<Vec<_>>()))
}
