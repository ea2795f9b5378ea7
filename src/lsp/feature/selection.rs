//! `textDocument/selectionRange`

use serde_json::{Value, json};

use super::Feature;
use crate::ide::outline::selections;
use crate::lsp::protocol::Answer;
use crate::lsp::server::Server;
use crate::syntax::parse;

pub(super) const FEATURES: &[Feature] = &[Feature {
    method: "textDocument/selectionRange",
    capability: Some(("selectionRangeProvider", || json!(true))),
    answer,
}];

fn answer(server: &mut Server<'_>, params: &Value) -> Answer {
    let at = server.at(params)?;
    let parsed = parse(at.source);
    let positions = params.get("positions").and_then(Value::as_array);
    let one = |position: &Value| {
        let offset = server.encoding.offset(at.source, position).unwrap_or_default();
        let around = selections(at.source, &parsed, offset);
        around.iter().rev().fold(Value::Null, |parent, span| {
            let range = server.encoding.range(at.source, *span);
            if parent.is_null() {
                json!({ "range": range })
            } else {
                json!({ "range": range, "parent": parent })
            }
        })
    };
    Ok(json!(positions.into_iter().flatten().map(one).collect::<Vec<_>>()))
}
