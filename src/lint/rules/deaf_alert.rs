//! An alert whose condition asks for what nobody measures: it never holds, and nobody learns of it. Must not understand the
//! language of conditions beyond names of jobs and of series.

use std::sync::Arc;

use crate::diagnostic::{Level, codes, suggest};
use crate::model::Alert;
use crate::plan::{EnvironmentPlan, dns};

use crate::lint::{Family, Findings, Rule, Scene, place::Subject};

pub(super) const RULE: Rule =
    Rule { code: codes::DEAF_ALERT, family: Family::Health, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for environment in &scene.plan.environments {
        for (name, alert) in &environment.model.alerts {
            jobs(environment, name, alert, findings);
            series(environment, name, alert, findings);
        }
    }
}

/// `job="…"` of a service that has no metrics, or of none at all that is called nearly so.
fn jobs(environment: &EnvironmentPlan, name: &Arc<str>, alert: &Alert, findings: &mut Findings) {
    let services = &environment.model.services;
    let measured: Vec<String> =
        services.iter().filter(|(_, service)| service.metrics.is_some()).map(|(name, _)| dns(name)).collect();
    for job in jobs_of(&alert.when).filter(|job| !measured.iter().any(|known| known == job)) {
        let silent = services.values().find(|service| dns(&service.label.value) == job);
        let near = suggest::closest(job, measured.iter().map(String::as_str));
        let problem = findings
            .problem(format!("the alert `{name}` waits for the job `{job}`, which nobody measures"))
            .at(alert.origins.field("when").span, "never holds");
        let problem = match (silent, near) {
            (Some(service), _) => problem.also(service.label.span, "has no `metrics`").help(format!(
                "add `metrics {{ path = \"/metrics\" }}` to `{}`, if it has them",
                service.label.value
            )),
            (None, Some(near)) => problem.help(format!("did you mean `{near}`?")),
            // Somebody else's job: other systems are measured beside this one.
            (None, None) => continue,
        };
        findings.add(subject(environment, name), problem);
    }
}

/// A series that differs by a slip from one that a service says it has.
fn series(environment: &EnvironmentPlan, name: &Arc<str>, alert: &Alert, findings: &mut Findings) {
    let measures = || {
        let metrics = environment.model.services.values().filter_map(|service| service.metrics.as_ref());
        metrics.flat_map(|metrics| metrics.measure.iter())
    };
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    let known = |word: &str| measures().any(|(known, _)| &**known == word);
    for word in alert.when.split(|c| !is_word(c)).filter(|word| word.len() > 4 && !known(word)) {
        let slip = |known: &str| strsim::osa_distance(known, word) == 1;
        let Some((near, measure)) = measures().find(|(known, _)| slip(known)) else { continue };
        let problem = findings
            .problem(format!("the alert `{name}` asks for `{word}`, which nobody measures"))
            .at(alert.origins.field("when").span, "never holds")
            .also(measure.label.span, "measured here")
            .help(format!("did you mean `{near}`?"));
        findings.add(subject(environment, name), problem);
    }
}

fn subject(environment: &EnvironmentPlan, alert: &Arc<str>) -> Subject {
    Subject::new(&environment.model, "alert", alert)
}

/// The values of `job="…"`.
fn jobs_of(when: &str) -> impl Iterator<Item = &str> {
    when.split("job=\"").skip(1).filter_map(|rest| rest.split('"').next())
}
