//! Which patches met something. Must not change documents.
//!
//! A patch of one environment has to hold there. A patch that environments share has to hold in one of them, so it is
//! judged only when all of them are compiled.

use std::collections::BTreeSet;

use indexmap::{IndexMap, IndexSet};

use super::path::{Obstacle, Outcome};
use super::target::{Form, TARGETS, Target, selector_span};
use crate::diagnostic::suggest::{candidates_text, closest};
use crate::diagnostic::{Diagnostic, Edit, codes};
use crate::emit::{Emitted, Emitter};
use crate::model::Patch;
use crate::plan::Plan;
use crate::source::Span;

/// What patches have met, by the place where they were written.
#[derive(Debug, Default)]
pub(in crate::emit) struct Ledger {
    entries: IndexMap<Span, Entry>,
}

/// What a patch has met.
#[derive(Debug, Default)]
struct Entry {
    has_met: bool,
    has_changed: bool,
    /// Why it has changed nothing: the first reason.
    reason: Option<String>,
    /// What it could have selected.
    candidates: BTreeSet<String>,
    /// The settings that led nowhere in a document, and why.
    astray: IndexMap<Span, Obstacle>,
    /// The settings that led somewhere.
    found: BTreeSet<Span>,
}

impl Entry {
    /// The settings that led nowhere in every document.
    fn astray(&self) -> Vec<Diagnostic> {
        let lost = self.astray.iter().filter(|(setting, _)| !self.found.contains(*setting));
        let report = |(setting, obstacle): (&Span, &Obstacle)| {
            Diagnostic::error(codes::UNSATISFIABLE_PATCH, obstacle.message.clone())
                .at(*setting, "leads nowhere")
                .help(obstacle.help.clone())
        };
        lost.map(report).collect()
    }
}

impl Ledger {
    /// Opens an entry: this patch has to meet something.
    pub(super) fn expect(&mut self, patch: &Patch) {
        self.entries.entry(patch.span).or_default();
    }

    /// What a patch could select.
    pub(super) fn candidates(&mut self, patch: &Patch, names: impl IntoIterator<Item = String>) {
        if let Some(entry) = self.entries.get_mut(&patch.span) {
            entry.candidates.extend(names);
        }
    }

    /// A patch met an object.
    pub(super) fn met(&mut self, patch: &Patch, outcome: Outcome) {
        let Some(entry) = self.entries.get_mut(&patch.span) else {
            return;
        };
        entry.has_met = true;
        match outcome {
            Outcome::Changed => entry.has_changed = true,
            Outcome::Same(reason) => {
                entry.reason.get_or_insert(reason);
            }
            Outcome::Nowhere(_) => {}
        }
    }

    /// A setting of a patch met an object.
    pub(super) fn setting(&mut self, patch: &Patch, setting: Span, outcome: Outcome) {
        if let Some(entry) = self.entries.get_mut(&patch.span) {
            if let Outcome::Nowhere(obstacle) = &outcome {
                entry.astray.entry(setting).or_insert_with(|| obstacle.clone());
            } else {
                entry.found.insert(setting);
            }
        }
        self.met(patch, outcome);
    }

    /// Adds what was met in another environment or target.
    pub(super) fn add(&mut self, other: Self) {
        for (span, met) in other.entries {
            let entry = self.entries.entry(span).or_default();
            entry.has_met |= met.has_met;
            entry.has_changed |= met.has_changed;
            entry.reason = entry.reason.take().or(met.reason);
            entry.candidates.extend(met.candidates);
            entry.found.extend(met.found);
            for (setting, obstacle) in met.astray {
                entry.astray.entry(setting).or_insert(obstacle);
            }
        }
    }
}

/// Reports patches that no target has, that met no object or that changed nothing. `is_whole` says that the plan has
/// all environments of the source.
pub(in crate::emit) fn judge(plan: &Plan, targets: &[&dyn Emitter], is_whole: bool, out: &mut Emitted) {
    let mut judged = IndexSet::new();
    for environment in &plan.environments {
        for patch in &environment.model.patches {
            let is_due = match &patch.environment {
                Some(home) => *home == environment.model.name,
                None => is_whole,
            };
            if judged.contains(&patch.span) {
                continue;
            }
            let problems = match emitted(patch) {
                Err(problem) => vec![*problem],
                Ok(target) if !is_due || !is_asked(target, targets) => continue,
                Ok(target) => verdict(patch, target, &out.patches),
            };
            judged.insert(patch.span);
            out.diagnostics.extend(problems);
        }
    }
}

fn is_asked(target: Target, targets: &[&dyn Emitter]) -> bool {
    targets.iter().any(|asked| asked.name() == target.name)
}

/// The target of a patch, when there is one and it takes patches of this form.
fn emitted(patch: &Patch) -> Result<Target, Box<Diagnostic>> {
    let target = Target::of(patch).ok_or_else(|| {
        let known: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
        let (name, span) = patch.selector.first().map_or(("", patch.span), |name| (&*name.value, name.span));
        Box::new(unknown(format!("no target `{name}` takes patches"), name, span, &known))
    })?;
    target.misuse(patch).map_or(Ok(target), |problem| Err(Box::new(problem)))
}

fn verdict(patch: &Patch, target: Target, ledger: &Ledger) -> Vec<Diagnostic> {
    let selector: Vec<&str> = patch.selector.iter().map(|name| &*name.value).collect();
    let selector = selector.join(".");
    let Some(entry) = ledger.entries.get(&patch.span) else {
        let (who, help) = match &patch.environment {
            Some(name) => (
                format!("the environment `{name}` does not have"),
                "remove the patch, or move it to the environment that has the target",
            ),
            None => ("no environment has".to_owned(), "remove the patch, or give an environment the target"),
        };
        let message = format!("{who} the target `{}`", target.name);
        let problem = Diagnostic::error(codes::UNSATISFIABLE_PATCH, message);
        return vec![problem.at(selector_span(patch), "patched here").help(help)];
    };
    let astray = entry.astray();
    if entry.has_changed || !astray.is_empty() {
        return astray;
    }
    if entry.has_met {
        let reason = entry.reason.as_deref().unwrap_or("every value is already there");
        let message = format!("`patch {selector}` changes nothing: {reason}");
        let problem = Diagnostic::error(codes::UNSATISFIABLE_PATCH, message);
        let problem = problem.at(selector_span(patch), "this patch has no effect");
        return vec![problem.help("remove the patch, or set another value")];
    }
    vec![no_object(patch, target, &selector, entry)]
}

fn no_object(patch: &Patch, target: Target, selector: &str, entry: &Entry) -> Diagnostic {
    let whose = patch.owner.as_ref().map_or(String::new(), |owner| format!(" of `{owner}`"));
    let message = format!("`patch {selector}` matches no object{whose}");
    let known: Vec<&str> = entry.candidates.iter().map(String::as_str).collect();
    if let (Form::Objects | Form::Directives, Some(kind)) = (target.form, patch.selector.get(1)) {
        return unknown(message, &kind.value, kind.span, &known);
    }
    let problem = Diagnostic::error(codes::UNSATISFIABLE_PATCH, message);
    let problem = problem.at(selector_span(patch), "nothing to patch");
    problem.help(format!("patch {} instead, or the file at the top of it", candidates_text(known)))
}

/// A name in a selector that stands for nothing.
fn unknown(message: String, name: &str, span: Span, known: &[&str]) -> Diagnostic {
    let problem = Diagnostic::error(codes::UNSATISFIABLE_PATCH, message).at(span, "not known here");
    match closest(name, known.iter().copied()) {
        Some(near) => problem
            .help(format!("did you mean `{near}`?"))
            .safe_fix(format!("replace with `{near}`"), vec![Edit { span, text: near.to_owned() }]),
        None => problem.help(format!("expected {}", candidates_text(known.iter().copied()))),
    }
}
