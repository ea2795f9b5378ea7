//! `textDocument/rename` and `textDocument/prepareRename`

use serde_json::{Value, json};

use super::Feature;
use crate::ide::navigation::{Refusal, prepare_rename, rename};
use crate::lsp::protocol::{Answer, INVALID_PARAMS, REQUEST_FAILED, workspace_edit};
use crate::lsp::server::Server;

pub(super) const FEATURES: &[Feature] = &[
    Feature {
        method: "textDocument/rename",
        capability: Some(("renameProvider", || json!({ "prepareProvider": true }))),
        answer,
    },
    Feature { method: "textDocument/prepareRename", capability: None, answer: prepare },
];

fn refused(Refusal(reason): Refusal) -> (i32, String) {
    (REQUEST_FAILED, reason)
}

fn answer(server: &mut Server<'_>, params: &Value) -> Answer {
    let (at, offset) = server.at_offset(params)?;
    let name = params.get("newName").and_then(Value::as_str);
    let name = name.ok_or((INVALID_PARAMS, "expected a new name".to_owned()))?;
    let edits = rename(at.analysis, at.source, offset, name).map_err(refused)?;
    Ok(workspace_edit(server, &at, &edits))
}

fn prepare(server: &mut Server<'_>, params: &Value) -> Answer {
    let (at, offset) = server.at_offset(params)?;
    let span = prepare_rename(at.analysis, at.source, offset).map_err(refused)?;
    let range = server.encoding.range(at.source, span);
    Ok(json!({ "range": range, "placeholder": at.source.slice(span) }))
}
