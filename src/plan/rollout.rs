//! What a rollout names must exist. Must not know how a target replaces containers.

use crate::diagnostic::suggest::{candidates_text, closest};
use crate::diagnostic::{Diagnostic, codes};
use crate::model::{Environment, JobTime, Rollout, RolloutKind, Service};
use crate::schema::Plain;
use crate::source::Span;

/// The mistakes in the rollout of a service.
pub(super) fn check(environment: &Environment, service: &Service) -> Vec<Diagnostic> {
    let Some(rollout) = &service.rollout else { return Vec::new() };
    let span = |field| rollout.origins.field(field).span;
    let jobs: Vec<&str> = service.job.keys().map(|name| &**name).collect();
    let alerts: Vec<&str> = environment.alerts.keys().map(|name| &**name).collect();
    let owner = format!("`{}` has no job", service.label.value);
    let mut problems = unknown(&rollout.verify, &jobs, &owner, span("verify"));
    problems.extend(early(service, rollout));
    problems.extend(unknown(&rollout.abort, &alerts, "there is no alert", span("abort")));
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

/// A job that is over before there is a new version to try.
fn early(service: &Service, rollout: &Rollout) -> Option<Diagnostic> {
    let jobs = rollout.verify.iter().filter_map(|name| service.job.get(&**name));
    let job = jobs.into_iter().find(|job| job.when == JobTime::BeforeRollout)?;
    let name = &job.label.value;
    let message = format!("the job `{name}` cannot try the new version of `{}`", service.label.value);
    let place = if job.origins.is_set("when") { job.origins.field("when").span } else { job.label.span };
    let problem = Diagnostic::error(codes::INVALID_VALUE, message)
        .at(place, "runs before there is one")
        .also(rollout.origins.field("verify").span, "must pass afterwards");
    Some(problem.help(format!("write `when = manual` in `{name}`: the release runs it")))
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

/// A problem for each name that is not among the known ones.
fn unknown(names: &[Plain], known: &[&str], what: &str, span: Span) -> Vec<Diagnostic> {
    let unknown = names.iter().filter(|name| !known.contains(&&***name));
    unknown
        .map(|name| {
            let message = format!("{what} `{}`", &**name);
            let problem = Diagnostic::error(codes::UNKNOWN_NAME, message).at(span, "not known here");
            match closest(name, known.iter().copied()) {
                Some(near) => problem.help(format!("did you mean `{near}`?")),
                None => problem.help(format!("expected {}", candidates_text(known.iter().copied()))),
            }
        })
        .collect()
}
