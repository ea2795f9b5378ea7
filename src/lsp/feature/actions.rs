//! `textDocument/codeAction`: the fixes of problems, allowances for what rules find, and all safe fixes at once.

use serde_json::{Value, json};

use super::Feature;
use crate::diagnostic::{Applicability, Diagnostic, Edit};
use crate::ide::allowance::allowance;
use crate::lsp::protocol::{Answer, workspace_edit};
use crate::lsp::server::{At, Server};
use crate::source::Span;

pub(super) const FEATURES: &[Feature] = &[Feature {
    method: "textDocument/codeAction",
    capability: Some((
        "codeActionProvider",
        || json!({ "codeActionKinds": ["quickfix", "source.fixAll.stackc"] }),
    )),
    answer,
}];

fn answer(server: &mut Server<'_>, params: &Value) -> Answer {
    let at = server.at(params)?;
    let range = params.get("range").and_then(|range| server.encoding.span(at.source, range));
    let only = params.pointer("/context/only").and_then(Value::as_array);
    let wants = |kind: &str| {
        only.is_none_or(|only| only.iter().filter_map(Value::as_str).any(|wanted| kind.starts_with(wanted)))
    };
    let here = |problem: &&Diagnostic| {
        let span = problem.primary.as_ref().map(|label| label.span);
        span.zip(range).is_some_and(|(span, range)| touches(span, range))
    };
    let mut actions = Vec::new();
    if wants("quickfix") {
        for problem in found(&at).filter(here) {
            for fix in &problem.fixes {
                actions.push(json!({
                    "title": fix.title,
                    "kind": "quickfix",
                    "isPreferred": fix.applicability == Applicability::Safe,
                    "edit": workspace_edit(server, &at, &fix.edits),
                }));
            }
            if let Some(edit) = allowance(at.analysis, problem) {
                actions.push(json!({
                    "title": format!("Allow `{}` here, with a reason", problem.code.name),
                    "kind": "quickfix",
                    "edit": workspace_edit(server, &at, &[edit]),
                }));
            }
        }
    }
    let all = safe_edits(&at);
    if wants("source.fixAll.stackc") && !all.is_empty() {
        actions.push(json!({
            "title": "Fix all that can be fixed safely",
            "kind": "source.fixAll.stackc",
            "edit": workspace_edit(server, &at, &all),
        }));
    }
    Ok(json!(actions))
}

/// All problems of the system, the late ones too.
fn found<'a>(at: &'a At<'_>) -> impl Iterator<Item = &'a Diagnostic> {
    at.analysis.diagnostics.iter().chain(at.project.late())
}

fn touches(problem: Span, range: Span) -> bool {
    problem.source == range.source && problem.start <= range.end && range.start <= problem.end
}

/// The edits of all safe fixes of the file that do not touch each other.
fn safe_edits(at: &At<'_>) -> Vec<Edit> {
    let mut taken: Vec<Edit> = Vec::new();
    for problem in found(at) {
        let Some(fix) = problem.fixes.iter().find(|fix| fix.applicability == Applicability::Safe) else {
            continue;
        };
        let apart = |edit: &Edit| {
            edit.span.source == at.source.id && taken.iter().all(|known| !touches(known.span, edit.span))
        };
        if fix.edits.iter().all(apart) {
            taken.extend(fix.edits.iter().cloned());
        }
    }
    taken
}
