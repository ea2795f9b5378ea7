//! `textDocument/signatureHelp`

use serde_json::{Value, json};

use super::Feature;
use crate::ide::signature::signature;
use crate::lsp::protocol::Answer;
use crate::lsp::server::Server;

pub(super) const FEATURES: &[Feature] = &[Feature {
    method: "textDocument/signatureHelp",
    capability: Some(("signatureHelpProvider", || json!({ "triggerCharacters": ["(", ",", "{"] }))),
    answer,
}];

fn answer(server: &mut Server<'_>, params: &Value) -> Answer {
    let (at, offset) = server.at_offset(params)?;
    let Some(found) = signature(at.analysis, at.source, offset) else { return Ok(Value::Null) };
    let parameters: Vec<Value> = found.parameters.iter().map(|label| json!({ "label": label })).collect();
    let mut one = json!({ "label": found.label, "documentation": found.doc, "parameters": parameters });
    if let (Some(active), Some(one)) = (found.active, one.as_object_mut()) {
        one.insert("activeParameter".to_owned(), json!(active));
    }
    Ok(json!({ "signatures": [one], "activeSignature": 0, "activeParameter": found.active }))
}
