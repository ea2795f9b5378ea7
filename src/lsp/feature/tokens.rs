//! `textDocument/semanticTokens/…`

use serde_json::{Value, json};

use super::Feature;
use crate::ide::highlight::{Class, Highlight, highlight};
use crate::lsp::protocol::Answer;
use crate::lsp::server::{At, Server};
use crate::source::Span;
use crate::syntax::parse;

pub(super) const FEATURES: &[Feature] = &[
    Feature {
        method: "textDocument/semanticTokens/full",
        capability: Some(("semanticTokensProvider", || {
            let types: Vec<&str> = Class::ALL.iter().map(|(_, name)| *name).collect();
            let legend = json!({ "tokenTypes": types, "tokenModifiers": ["declaration"] });
            json!({ "legend": legend, "full": true, "range": true })
        })),
        answer: whole,
    },
    Feature { method: "textDocument/semanticTokens/range", capability: None, answer: range },
];

fn whole(server: &mut Server<'_>, params: &Value) -> Answer {
    let at = server.at(params)?;
    Ok(data(server, &at, None))
}

fn range(server: &mut Server<'_>, params: &Value) -> Answer {
    let at = server.at(params)?;
    let range = params.get("range").and_then(|range| server.encoding.span(at.source, range));
    Ok(data(server, &at, range))
}

fn data(server: &Server<'_>, at: &At<'_>, range: Option<Span>) -> Value {
    let inside = |found: &Highlight| {
        range.is_none_or(|range| range.start <= found.span.end && found.span.start <= range.end)
    };
    let mut data: Vec<u64> = Vec::new();
    let (mut last_line, mut last_column) = (0, 0);
    for found in highlight(Some(at.analysis), at.source, &parse(at.source)).iter().filter(|it| inside(it)) {
        let number =
            |position: &Value, name: &str| position.get(name).and_then(Value::as_u64).unwrap_or_default();
        let start = server.encoding.position(at.source, found.span.start);
        let end = server.encoding.position(at.source, found.span.end);
        let (line, column) = (number(&start, "line"), number(&start, "character"));
        let class = Class::ALL.iter().position(|(class, _)| *class == found.class).unwrap_or_default();
        let column_step = if line == last_line { column - last_column } else { column };
        data.extend([
            line - last_line,
            column_step,
            number(&end, "character") - column,
            class as u64,
            u64::from(found.declaration),
        ]);
        (last_line, last_column) = (line, column);
    }
    json!({ "data": data })
}
