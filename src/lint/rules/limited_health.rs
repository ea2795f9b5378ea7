//! The path of a health check, routed under a limit of requests: those who watch the system from outside are turned away.

use crate::diagnostic::{Level, codes};
use crate::source::Span;

use crate::lint::{Family, Findings, Rule, Scene};

pub(super) const RULE: Rule =
    Rule { code: codes::LIMITED_HEALTH, family: Family::Edge, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        let Some(health) = &place.service.health else { continue };
        for (ingress, route) in place.routes().filter(|(_, route)| route.limited) {
            let path = &*route.label.value;
            // Everything is routed there: nobody routes a health check.
            if path == "/" {
                continue;
            }
            let asked = [("http", &health.http), ("ready", &health.ready)];
            let Some((field, _)) = asked.into_iter().find(|(_, asked)| asked.as_deref() == Some(path)) else {
                continue;
            };
            let limit: Option<(_, Span)> = match (route.rate_limit, ingress.rate_limit) {
                (Some(own), _) => Some((own, route.origins.field("rate_limit").span)),
                (None, Some(all)) => Some((all, ingress.origins.field("rate_limit").span)),
                (None, None) => None,
            };
            let Some((rate, span)) = limit else { continue };
            let problem = findings
                .problem(format!(
                    "whoever asks `{path}` more often than {rate} is told that `{}` is gone",
                    place.name
                ))
                .at(route.label.span, "a health check, for those outside")
                .also(span, "limited here")
                .also(health.origins.field(field).span, "the same path")
                .help("write `limited = false` in the route");
            findings.add(place.subject(), problem);
        }
    }
}
