//! `textDocument/definition`

use serde_json::{Value, json};

use super::Feature;
use crate::ide::navigation::definition;
use crate::lsp::protocol::{Answer, location};
use crate::lsp::server::Server;

pub(super) const FEATURES: &[Feature] = &[Feature {
    method: "textDocument/definition",
    capability: Some(("definitionProvider", || json!(true))),
    answer,
}];

fn answer(server: &mut Server<'_>, params: &Value) -> Answer {
    let (at, offset) = server.at_offset(params)?;
    let found = definition(at.analysis, at.source, offset).and_then(|span| location(server, &at, span));
    Ok(found.unwrap_or_default())
}
