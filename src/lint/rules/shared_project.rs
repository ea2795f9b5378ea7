//! Two environments that lead to one project of containers, or to one namespace: deploying one removes the other.

use crate::diagnostic::{Level, codes};
use crate::model::Environment;
use crate::source::Span;

use crate::lint::{Family, Findings, Rule, Scene, place::Subject};

pub(super) const RULE: Rule =
    Rule { code: codes::SHARED_PROJECT, family: Family::Ports, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    let all: Vec<(&Environment, &str, String, Span)> = scene
        .plan
        .environments
        .iter()
        .flat_map(|environment| {
            names(&environment.model)
                .into_iter()
                .map(|(what, name, span)| (&environment.model, what, name, span))
        })
        .collect();
    for (index, (environment, what, name, span)) in all.iter().enumerate() {
        let mut earlier = all.iter().take(index);
        // One that is made from another one has its name from there: it was chosen once, for wherever it runs.
        let is_chosen_twice = |(_, kind, taken, before): &&(&Environment, &str, String, Span)| {
            kind == what && taken == name && before != span
        };
        let Some((other, _, _, before)) = earlier.find(is_chosen_twice) else { continue };
        let problem = findings
            .problem(format!("`{}` and `{}` are both the {what} `{name}`", other.name, environment.name))
            .at(*span, format!("`{}`", environment.name))
            .also(*before, format!("`{}`", other.name))
            .help("leave the name out: it is made from the stack and the environment");
        findings.add(Subject::new(environment, "environment", &environment.name), problem);
    }
}

/// The names that an environment chooses for itself; those that are derived differ.
fn names(environment: &Environment) -> Vec<(&'static str, String, Span)> {
    let compose = environment.compose().and_then(|target| {
        Some(("project", target.project.as_ref()?.to_string(), target.origins.field("project").span))
    });
    let cluster = environment.kubernetes().and_then(|target| {
        Some(("namespace", target.namespace.as_ref()?.to_string(), target.origins.field("namespace").span))
    });
    compose.into_iter().chain(cluster).collect()
}
