//! `textDocument/hover`

use serde_json::{Value, json};

use super::Feature;
use crate::ide::hover::hover;
use crate::lsp::protocol::Answer;
use crate::lsp::server::Server;
use crate::source::Files;

pub(super) const FEATURES: &[Feature] =
    &[Feature { method: "textDocument/hover", capability: Some(("hoverProvider", || json!(true))), answer }];

fn answer(server: &mut Server<'_>, params: &Value) -> Answer {
    let (at, offset) = server.at_offset(params)?;
    let files = server.files(at.project);
    let world = (&at.project.opened.settings.project, &files as &dyn Files);
    match hover(at.analysis, at.source, offset, world) {
        Some(found) => Ok(json!({
            "contents": { "kind": "markdown", "value": found.text },
            "range": server.encoding.range(at.source, found.span),
        })),
        None => Ok(Value::Null),
    }
}
