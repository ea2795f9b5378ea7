//! `textDocument/codeLens`: what an environment emits, one click away.

use serde_json::{Value, json};

use super::Feature;
use crate::ide::index::SymbolKind;
use crate::lsp::protocol::Answer;
use crate::lsp::server::Server;

pub(super) const FEATURES: &[Feature] = &[Feature {
    method: "textDocument/codeLens",
    capability: Some(("codeLensProvider", || json!({ "resolveProvider": false }))),
    answer,
}];

fn answer(server: &mut Server<'_>, params: &Value) -> Answer {
    let at = server.at(params)?;
    let uri = server.uri_of(&at.project.opened.root, &at.source.path);
    let mut found = Vec::new();
    for symbol in at.analysis.index().symbols.iter().filter(|symbol| symbol.span.source == at.source.id) {
        let range = server.encoding.range(at.source, symbol.span);
        match symbol.kind {
            SymbolKind::Environment => {
                let arguments = json!([{ "uri": uri, "environment": symbol.name }]);
                let command =
                    json!({ "title": "preview", "command": "stackc.preview", "arguments": arguments });
                found.push(json!({ "range": range, "command": command }));
            }
            SymbolKind::Service if symbol.parent.is_none() => {
                let id = at.analysis.index().declared_by(symbol.full);
                let count = id.map_or(0, |id| at.analysis.index().uses_of(id).count());
                let title = if count == 1 { "1 reference".to_owned() } else { format!("{count} references") };
                let position = server.encoding.position(at.source, symbol.span.start);
                let arguments = json!([uri, position]);
                let command =
                    json!({ "title": title, "command": "stackc.showReferences", "arguments": arguments });
                found.push(json!({ "range": range, "command": command }));
            }
            _ => {}
        }
    }
    Ok(json!(found))
}
