//! What a rollout names must exist. Must not know how a target replaces containers.

use crate::diagnostic::suggest::{candidates_text, closest};
use crate::diagnostic::{Diagnostic, codes};
use crate::model::{Rollout, RolloutKind, Service};

/// The mistakes in the rollout of a service.
pub(super) fn check(service: &Service) -> Vec<Diagnostic> {
    let Some(rollout) = &service.rollout else { return Vec::new() };
    let known = || service.job.keys().map(|name| &**name);
    let unknown = rollout.verify.iter().filter(|name| !service.job.contains_key(&***name));
    let span = rollout.origins.field("verify").span;
    let mut problems: Vec<Diagnostic> = unknown
        .map(|name| {
            let message = format!("`{}` has no job `{}`", service.label.value, &**name);
            let problem = Diagnostic::error(codes::UNKNOWN_NAME, message).at(span, "not known here");
            match closest(name, known()) {
                Some(near) => problem.help(format!("did you mean `{near}`?")),
                None => problem.help(format!("expected {}", candidates_text(known()))),
            }
        })
        .collect();
    if rollout.kind() == RolloutKind::Canary && rollout.steps.is_empty() {
        let message = format!("the canary of `{}` has no steps", service.label.value);
        let problem = Diagnostic::error(codes::MISSING_FIELD, message)
            .at(rollout.label.span, "expected `steps` in this block");
        problems.push(
            problem.help("write `steps = [10%, 50%]`: the shares of the new version, one after another"),
        );
    }
    problems.extend(falling(rollout, &service.label.value));
    problems
}

/// Shares that do not grow: the new version would lose traffic that it already has.
fn falling(rollout: &Rollout, service: &str) -> Option<Diagnostic> {
    let pair = rollout.steps.windows(2).find(|pair| pair.first() >= pair.last())?;
    let (before, after) = (pair.first()?, pair.last()?);
    let message = format!("the canary of `{service}` goes from {before} to {after}");
    let problem = Diagnostic::error(codes::INVALID_VALUE, message)
        .at(rollout.origins.field("steps").span, "expected shares that grow");
    Some(problem.help("write them in rising order: each step gives the new version more"))
}
