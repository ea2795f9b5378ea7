//! The path of a health check, routed under a limit of requests: those who watch the system from outside are turned away.

use crate::diagnostic::{Level, codes};
use crate::source::Span;

use crate::lint::{Family, Findings, Rule, Scene};

pub(super) const RULE: Rule =
    Rule { code: codes::LIMITED_HEALTH, family: Family::Edge, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for (place, ingress, route) in scene.routed().filter(|(_, _, route)| route.limited) {
        let Some(health) = &place.service.health else { continue };
        let path = &*route.label.value;
        let asked = [("http", &health.http), ("ready", &health.ready)];
        // At `/` everything is routed: nobody routes a health check there.
        let asked = asked.into_iter().find(|(_, asked)| asked.as_deref() == Some(path) && path != "/");
        let limit: Option<(_, Span)> = match (route.rate_limit, ingress.rate_limit) {
            (Some(own), _) => Some((own, route.origins.field("rate_limit").span)),
            (None, Some(all)) => Some((all, ingress.origins.field("rate_limit").span)),
            (None, None) => None,
        };
        let (Some((field, _)), Some((rate, span))) = (asked, limit) else { continue };
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
