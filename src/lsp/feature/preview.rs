//! `stackc/preview`: what an environment emits, without writing it, and what made each line; `stackc/graph`: who needs
//! whom.

use serde_json::{Value, json};

use super::Feature;
use crate::diagnostic::has_errors;
use crate::emit::{EMITTERS, Emitter};
use crate::ide::calls::needs;
use crate::ide::index::SymbolKind;
use crate::ide::value::written;
use crate::lsp::protocol::{Answer, REQUEST_FAILED, location};
use crate::lsp::server::{At, Server};
use crate::plan::EnvironmentPlan;
use crate::why::{Reason, environment_of, reasons};
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
    let known: Vec<&str> = environments_of(&at).collect();
    if let Some(name) = environments.iter().find(|name| !known.contains(&name.as_str())) {
        return Err((REQUEST_FAILED, format!("no environment is called `{name}`")));
    }
    let target = text("target");
    let wanted = |emitter: &&&dyn Emitter| target.as_deref().is_none_or(|name| name == emitter.name());
    let targets: Vec<&dyn Emitter> = EMITTERS.iter().filter(wanted).copied().collect();
    let opened = &at.project.opened;
    let request = Request {
        entry: &opened.entry,
        project: &opened.settings.project,
        lock: &opened.settings.lock,
        environments: &environments,
        targets: &targets,
    };
    let compilation = compile(&request, &server.files(at.project));
    if has_errors(&compilation.diagnostics) {
        return Err((REQUEST_FAILED, "there is nothing to preview until the errors are gone".to_owned()));
    }
    let wants_map = params.get("map").and_then(Value::as_bool).unwrap_or_default();
    let wanted = params.get("path").and_then(Value::as_str);
    let names: Vec<&str> =
        compilation.plan.iter().flat_map(|plan| &plan.environments).map(EnvironmentPlan::name).collect();
    let mut artifacts = Vec::new();
    for artifact in compilation.artifacts.iter().filter(|it| wanted.is_none_or(|path| path == it.path)) {
        let mut shown = json!({ "path": artifact.path.as_str(), "text": artifact.text });
        if let (true, Some(shown)) = (wants_map, shown.as_object_mut()) {
            let environment =
                environment_of(artifact, &opened.settings.project.output, names.iter().copied());
            let files = server.files(at.project);
            let reasons = reasons(&at.analysis.program, &files, environment, artifact);
            shown.insert("map".to_owned(), map(server, &at, &reasons));
        }
        artifacts.push(shown);
    }
    Ok(json!({ "artifacts": artifacts }))
}

fn environments_of<'s>(at: &At<'s>) -> impl Iterator<Item = &'s str> {
    let index = at.analysis.index();
    index.children(None, SymbolKind::Environment).filter_map(|id| Some(&*index.symbol(id)?.name))
}

/// Lines of an artifact, from 0 and both included, with what made them: the way from a line to its source, and back.
fn map(server: &Server<'_>, at: &At<'_>, reasons: &[Reason]) -> Value {
    let mut entries: Vec<(usize, usize, &Reason)> = Vec::new();
    for (line, reason) in reasons.iter().enumerate() {
        match entries.last_mut() {
            Some((_, end, last)) if *last == reason => *end = line,
            _ => entries.push((line, line, reason)),
        }
    }
    let entry = |(start, end, reason): (usize, usize, &Reason)| {
        let value = reason.value.as_ref();
        let worth = value.and_then(|(_, value)| value.value.as_ref().map(written));
        json!({
            "start": start,
            "end": end,
            "location": location(server, at, reason.place),
            "subject": value.map(|(subject, _)| subject.written()),
            "value": worth,
        })
    };
    json!(entries.into_iter().map(entry).collect::<Vec<_>>())
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
