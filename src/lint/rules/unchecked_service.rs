//! A service without a health check that others wait for or that gets requests: they start, and are switched, on hope.

use crate::diagnostic::{Level, codes};

use crate::lint::{Family, Findings, Rule, Scene};

pub(super) const RULE: Rule =
    Rule { code: codes::UNCHECKED_SERVICE, family: Family::Health, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.production().filter(|place| place.service.health.is_none()) {
        let needed =
            place.environment.edges.iter().find(|edge| edge.to == *place.name && edge.port.is_some());
        let Some(edge) = needed else { continue };
        let who = edge.from.as_ref().map_or_else(|| "the world".to_owned(), |from| format!("`{from}`"));
        let message = format!("{who} needs `{}`, which has no health check", place.name);
        let problem = findings
            .problem(message)
            .at(place.service.label.span, "nobody knows whether it works")
            .also(edge.span, "needed here")
            .help("add `health { http = \"/healthz\" }`, or `health { tcp = true }` where it speaks no HTTP");
        findings.add(place.subject(), problem);
    }
}
