//! `textDocument/diagnostic` and `workspace/diagnostic`, for editors that ask.

use serde_json::{Value, json};

use super::Feature;
use crate::load::STD_PREFIX;
use crate::lsp::protocol::Answer;
use crate::lsp::server::Server;

pub(super) const FEATURES: &[Feature] = &[
    Feature {
        method: "textDocument/diagnostic",
        capability: Some((
            "diagnosticProvider",
            || json!({ "identifier": "stackc", "interFileDependencies": true, "workspaceDiagnostics": true }),
        )),
        answer,
    },
    Feature { method: "workspace/diagnostic", capability: None, answer: workspace },
];

fn answer(server: &mut Server<'_>, params: &Value) -> Answer {
    let at = server.at(params)?;
    let found = server.problems_of(at.project, at.analysis, &at.source.path);
    Ok(json!({ "kind": "full", "items": found }))
}

/// All files of all systems, open or not; those of the library where something is found in them.
#[expect(clippy::unnecessary_wraps, reason = "all features share the signature")]
fn workspace(server: &mut Server<'_>, _: &Value) -> Answer {
    let mut items = Vec::new();
    for at in server.systems() {
        for source in at.analysis.program.sources.iter() {
            let found = server.problems_of(at.project, at.analysis, &source.path);
            if found.is_empty() && source.path.starts_with(STD_PREFIX) {
                continue;
            }
            let Some(uri) = server.uri_of(&at.project.opened.root, &source.path) else { continue };
            items.push(json!({ "kind": "full", "uri": uri, "version": null, "items": found }));
        }
    }
    Ok(json!({ "items": items }))
}
