//! `textDocument/references`

use serde_json::{Value, json};

use super::Feature;
use crate::ide::navigation::references;
use crate::lsp::protocol::{Answer, location};
use crate::lsp::server::Server;

pub(super) const FEATURES: &[Feature] = &[Feature {
    method: "textDocument/references",
    capability: Some(("referencesProvider", || json!(true))),
    answer,
}];

fn answer(server: &mut Server<'_>, params: &Value) -> Answer {
    let (at, offset) = server.at_offset(params)?;
    let declaration = params.pointer("/context/includeDeclaration").and_then(Value::as_bool).unwrap_or(true);
    let found = references(at.analysis, at.source, offset, declaration).into_iter();
    Ok(json!(found.filter_map(|span| location(server, &at, span)).collect::<Vec<_>>()))
}
