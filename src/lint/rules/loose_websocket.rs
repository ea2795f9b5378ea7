//! Several instances behind a route of websockets that share nothing: who is connected to one is not heard by those who are
//! connected to another.

use crate::diagnostic::{Level, codes};

use crate::lint::{Family, Findings, Rule, Scene, place::Place};

pub(super) const RULE: Rule =
    Rule { code: codes::LOOSE_WEBSOCKET, family: Family::Edge, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for (place, ingress, route) in scene.routed().filter(|(_, _, route)| route.websocket && !route.sticky) {
        let instances = place.service.most_instances();
        if instances < 2 || !shares_nothing(place) {
            continue;
        }
        let field = place.service.scaled_by();
        let problem = findings
            .problem(format!(
                "connections to `{}` are spread over {instances} instances that share nothing",
                place.name
            ))
            .at(
                route.origins.field("websocket").span,
                format!("any instance answers at `{}`", ingress.label.value),
            )
            .also(place.span_of(field), "more than one")
            .help(
                "write `sticky = true`, or give the instances a datastore through which they tell each other",
            );
        findings.add(place.subject(), problem);
    }
}

/// Whether the instances have no other service through which they could tell each other.
fn shares_nothing(place: Place<'_>) -> bool {
    place.environment.edges_of(place.name).is_empty() && place.service.egress.is_empty()
}
