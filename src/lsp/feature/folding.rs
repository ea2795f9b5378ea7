//! `textDocument/foldingRange`

use serde_json::{Value, json};

use super::Feature;
use crate::ide::outline::{FoldKind, folds};
use crate::lsp::protocol::Answer;
use crate::lsp::server::Server;
use crate::syntax::parse;

pub(super) const FEATURES: &[Feature] = &[Feature {
    method: "textDocument/foldingRange",
    capability: Some(("foldingRangeProvider", || json!(true))),
    answer,
}];

fn answer(server: &mut Server<'_>, params: &Value) -> Answer {
    let at = server.at(params)?;
    let fold = |(from, to, kind): (u32, u32, FoldKind)| {
        let kind = match kind {
            FoldKind::Region => "region",
            FoldKind::Comment => "comment",
            FoldKind::Imports => "imports",
        };
        json!({ "startLine": from, "endLine": to, "kind": kind })
    };
    Ok(json!(folds(at.source, &parse(at.source)).into_iter().map(fold).collect::<Vec<_>>()))
}
