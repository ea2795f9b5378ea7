//! `textDocument/formatting` and `textDocument/rangeFormatting`: only the lines that change.

use serde_json::{Value, json};
use similar::{DiffTag, TextDiff};

use super::Feature;
use crate::fmt::format;
use crate::lsp::protocol::Answer;
use crate::lsp::server::{At, Server};
use crate::source::Span;

pub(super) const FEATURES: &[Feature] = &[
    Feature {
        method: "textDocument/formatting",
        capability: Some(("documentFormattingProvider", || json!(true))),
        answer: whole,
    },
    Feature {
        method: "textDocument/rangeFormatting",
        capability: Some(("documentRangeFormattingProvider", || json!(true))),
        answer: range,
    },
];

fn whole(server: &mut Server<'_>, params: &Value) -> Answer {
    let at = server.at(params)?;
    Ok(edits(server, &at, None))
}

fn range(server: &mut Server<'_>, params: &Value) -> Answer {
    let at = server.at(params)?;
    let range = params.get("range").and_then(|range| server.encoding.span(at.source, range));
    Ok(edits(server, &at, range))
}

/// Edits of whole lines, so that cursors and marks elsewhere stay where they are.
fn edits(server: &Server<'_>, at: &At<'_>, within: Option<Span>) -> Value {
    let after = format(&at.source.text);
    let diff = TextDiff::from_lines(&*at.source.text, &*after);
    let lines: Vec<&str> = after.split_inclusive('\n').collect();
    let mut found = Vec::new();
    for operation in diff.ops().iter().filter(|operation| operation.tag() != DiffTag::Equal) {
        let old = operation.old_range();
        let start = at.source.lines.range(old.start as u32).0;
        let end = at.source.lines.range(old.end as u32).0;
        let span = Span::new(at.source.id, start, end);
        let wanted = within.is_none_or(|range| span.start <= range.end && range.start <= span.end);
        if wanted {
            let text = lines.get(operation.new_range()).unwrap_or_default().concat();
            found.push(json!({ "range": server.encoding.range(at.source, span), "newText": text }));
        }
    }
    json!(found)
}
