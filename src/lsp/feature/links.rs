//! `textDocument/documentLink`

use serde_json::{Value, json};

use super::Feature;
use crate::ide::navigation::links;
use crate::lsp::protocol::Answer;
use crate::lsp::server::Server;
use crate::source::Files;

pub(super) const FEATURES: &[Feature] = &[Feature {
    method: "textDocument/documentLink",
    capability: Some(("documentLinkProvider", || json!({ "resolveProvider": false }))),
    answer,
}];

fn answer(server: &mut Server<'_>, params: &Value) -> Answer {
    let at = server.at(params)?;
    let files = server.files(at.project);
    let existing = links(at.analysis, at.source).into_iter().filter(|(_, path)| files.exists(path));
    let link = |(span, path): (crate::source::Span, String)| {
        let target = server.uri_of(&at.project.opened.root, &path)?;
        Some(json!({ "range": server.encoding.range(at.source, span), "target": target }))
    };
    Ok(json!(existing.filter_map(link).collect::<Vec<_>>()))
}
