//! `stackc/preview`: what an environment emits, without writing it; `stackc/graph`: who needs whom.

use serde_json::{Value, json};

use super::Feature;
use crate::diagnostic::has_errors;
use crate::emit::{EMITTERS, Emitter};
use crate::ide::calls::needs;
use crate::ide::index::SymbolKind;
use crate::lsp::protocol::{Answer, REQUEST_FAILED, location};
use crate::lsp::server::Server;
use crate::{Request, compile};

pub(super) const FEATURES: &[Feature] = &[
    Feature { method: "stackc/preview", capability: None, answer: preview },
    Feature { method: "stackc/graph", capability: None, answer: graph },
];

/// The artifacts of an environment, or of all, for one target or for all.
fn preview(server: &mut Server<'_>, params: &Value) -> Answer {
    let at = server.at(params)?;
    let text = |name: &str| params.get(name).and_then(Value::as_str).map(str::to_owned);
    let environments: Vec<String> = text("environment").into_iter().collect();
    let target = text("target");
    let wanted = |emitter: &&&dyn Emitter| target.as_deref().is_none_or(|name| name == emitter.name());
    let targets: Vec<&dyn Emitter> = EMITTERS.iter().filter(wanted).copied().collect();
    let opened = &at.project.opened;
    let request = Request {
        entry: &opened.entry,
        project: &opened.project,
        lock: &opened.lock,
        environments: &environments,
        targets: &targets,
    };
    let compilation = compile(&request, &server.files(at.project));
    if has_errors(&compilation.diagnostics) {
        return Err((REQUEST_FAILED, "there is nothing to preview until the errors are gone".to_owned()));
    }
    let artifacts: Vec<Value> = compilation
        .artifacts
        .iter()
        .map(|artifact| json!({ "path": artifact.path.as_str(), "text": artifact.text }))
        .collect();
    Ok(json!({ "artifacts": artifacts }))
}

/// Services and ingresses, where they are declared, and what each needs.
fn graph(server: &mut Server<'_>, params: &Value) -> Answer {
    let at = server.at(params)?;
    let index = at.analysis.index();
    let mut nodes = Vec::new();
    let mut edges = Vec::new();
    for kind in [SymbolKind::Service, SymbolKind::Ingress] {
        for id in index.children(None, kind) {
            let Some(symbol) = index.symbol(id) else { continue };
            let place = location(server, &at, symbol.span);
            nodes.push(json!({ "name": symbol.name, "kind": kind.word(), "location": place }));
            for other in needs(at.analysis, id).into_keys().filter_map(|id| index.symbol(id)) {
                edges.push(json!({ "from": symbol.name, "to": other.name }));
            }
        }
    }
    Ok(json!({ "nodes": nodes, "edges": edges }))
}
