//! `textDocument/documentSymbol` and `workspace/symbol`

use serde_json::{Value, json};

use super::Feature;
use crate::ide::outline::{Outline, outline};
use crate::load::STD_PREFIX;
use crate::lsp::protocol::{Answer, location, symbol_kind};
use crate::lsp::server::Server;
use crate::source::Source;
use crate::syntax::parse;

pub(super) const FEATURES: &[Feature] = &[
    Feature {
        method: "textDocument/documentSymbol",
        capability: Some(("documentSymbolProvider", || json!(true))),
        answer,
    },
    Feature {
        method: "workspace/symbol",
        capability: Some(("workspaceSymbolProvider", || json!(true))),
        answer: workspace,
    },
];

fn answer(server: &mut Server<'_>, params: &Value) -> Answer {
    let at = server.at(params)?;
    let tree = outline(at.source, &parse(at.source).file.statements);
    Ok(json!(tree.iter().map(|one| shown(server, at.source, one)).collect::<Vec<_>>()))
}

fn shown(server: &Server<'_>, source: &Source, one: &Outline) -> Value {
    json!({
        "name": one.name,
        "detail": one.kind,
        "kind": symbol_kind(&one.kind),
        "range": server.encoding.range(source, one.full),
        "selectionRange": server.encoding.range(source, one.span),
        "children": one.children.iter().map(|child| shown(server, source, child)).collect::<Vec<_>>(),
    })
}

#[expect(clippy::unnecessary_wraps, reason = "all features share the signature")]
fn workspace(server: &mut Server<'_>, params: &Value) -> Answer {
    let query = params.get("query").and_then(Value::as_str).unwrap_or_default().to_lowercase();
    let mut found = Vec::new();
    for at in server.systems() {
        for symbol in at.analysis.index().symbols.iter().filter(|it| it.name.to_lowercase().contains(&query))
        {
            let home = at.analysis.source_of(symbol.span.source);
            if home.is_none_or(|source| source.path.starts_with(STD_PREFIX)) {
                continue;
            }
            let around = symbol.parent.and_then(|id| at.analysis.index().symbol(id)).map(|it| &it.name);
            found.push(json!({
                "name": symbol.name,
                "kind": symbol_kind(symbol.kind.word()),
                "location": location(server, &at, symbol.span),
                "containerName": around,
            }));
        }
    }
    Ok(json!(found))
}
