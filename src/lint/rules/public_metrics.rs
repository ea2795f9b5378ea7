//! Metrics on a port and below a path that an ingress routes: everybody can read what the system does.

use crate::diagnostic::{Level, codes};
use crate::model::{Ingress, Route};

use crate::lint::{Family, Findings, Rule, Scene, container::below, place::Place};

pub(super) const RULE: Rule =
    Rule { code: codes::PUBLIC_METRICS, family: Family::Network, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.production() {
        let (Some(metrics), Some(port)) = (&place.service.metrics, place.service.metrics_port()) else {
            continue;
        };
        let own = place.routes().filter(|(_, route)| routed_port(place, route) == Some(port));
        let Some((ingress, route)) =
            own.into_iter().find(|(ingress, route)| is_reached(ingress, route, &metrics.path))
        else {
            continue;
        };
        let path = &*metrics.path;
        let problem = findings
            .problem(format!("everybody can read the metrics of `{}` at `{}{path}`", place.name, &*ingress.host))
            .at(metrics.origins.block, "on the port that people reach")
            .also(route.label.span, "routed here")
            .help("give the metrics a port of their own, such as `ports { http = 3000, metrics = 9464 }` with `metrics { port = \"metrics\" }`, or route only what people need");
        findings.add(place.subject(), problem);
    }
}

/// The number of the port that a route leads to.
fn routed_port(place: Place<'_>, route: &Route) -> Option<u16> {
    let wanted = route.service().and_then(|(_, port)| port);
    let listeners = place.service.listeners();
    let found = listeners.iter().find(|(name, _)| wanted.is_none_or(|wanted| wanted == *name));
    found.map(|(_, number)| *number)
}

/// Whether a path arrives by this route as it is: no other route has more of it.
fn is_reached(ingress: &Ingress, route: &Route, path: &str) -> bool {
    let covers = |route: &Route| {
        let label = &*route.label.value;
        if route.exact { label == path } else { label == "/" || below(path, label).is_some() }
    };
    let is_longest = |other: &Route| other.label.value.len() <= route.label.value.len() || !covers(other);
    (!route.strip || &*route.label.value == "/") && covers(route) && ingress.route.values().all(is_longest)
}
