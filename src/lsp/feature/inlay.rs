//! `textDocument/inlayHint`

use serde_json::{Value, json};

use super::Feature;
use crate::ide::hints::hints;
use crate::lsp::protocol::Answer;
use crate::lsp::server::Server;
use crate::source::Span;

pub(super) const FEATURES: &[Feature] = &[Feature {
    method: "textDocument/inlayHint",
    capability: Some(("inlayHintProvider", || json!(true))),
    answer,
}];

fn answer(server: &mut Server<'_>, params: &Value) -> Answer {
    let at = server.at(params)?;
    let range = params.get("range").and_then(|range| server.encoding.span(at.source, range));
    let range = range.unwrap_or(Span::new(at.source.id, 0, u32::MAX));
    let hint = |hint: crate::ide::hints::Hint| {
        let position = server.encoding.position(at.source, hint.offset);
        json!({ "position": position, "label": hint.text, "paddingLeft": !hint.text.starts_with(':') })
    };
    Ok(json!(hints(at.analysis, at.source, range).into_iter().map(hint).collect::<Vec<_>>()))
}
