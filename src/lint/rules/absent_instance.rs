//! A service that others need and of which no instance runs.

use crate::diagnostic::{Level, codes};

use crate::lint::{Family, Findings, Rule, Scene};

pub(super) const RULE: Rule =
    Rule { code: codes::ABSENT_INSTANCE, family: Family::Network, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services().filter(|place| place.service.replicas == 0 && place.service.scale.is_none())
    {
        let Some(edge) = place.environment.edges.iter().find(|edge| &edge.to == place.name) else { continue };
        let who = edge.from.as_deref().map_or_else(|| "the world".to_owned(), |from| format!("`{from}`"));
        let problem = findings
            .problem(format!("{who} needs `{}`, of which no instance runs", place.name))
            .at(place.span_of("replicas"), "nobody answers")
            .also(edge.span, "needed here")
            .help("run at least one, or write `enabled = false` and take the reference away");
        findings.add(place.subject(), problem);
    }
}
