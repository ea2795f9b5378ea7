//! A service without a health check that others wait for or that gets requests: they start, and are switched, on hope.

use std::sync::Arc;

use crate::diagnostic::{Level, codes};

use crate::lint::{Family, Findings, Rule, Scene};

pub(super) const RULE: Rule =
    Rule { code: codes::UNCHECKED_SERVICE, family: Family::Health, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.production().filter(|place| place.service.health.is_none()) {
        // What watches copes with what is not there, and says so.
        let watches = |name: &Arc<str>| {
            place.environment.model.services.get(name).is_some_and(|service| service.observes.is_some())
        };
        let needed = place.environment.edges.iter().find(|edge| {
            edge.to == *place.name && edge.port.is_some() && !edge.from.as_ref().is_some_and(watches)
        });
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
