//! Several instances behind a route of websockets that share nothing: who is connected to one is not heard by those who are
//! connected to another.

use crate::diagnostic::{Level, codes};

use crate::lint::{Family, Findings, Rule, Scene, place::Place};

pub(super) const RULE: Rule =
    Rule { code: codes::LOOSE_WEBSOCKET, family: Family::Edge, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services().filter(|place| place.instances() > 1 && shares_nothing(*place)) {
        for (ingress, route) in place.routes().filter(|(_, route)| route.websocket && !route.sticky) {
            let problem = findings
                .problem(format!(
                    "connections to `{}` are spread over {} instances that share nothing",
                    place.name,
                    place.instances()
                ))
                .at(route.origins.field("websocket").span, format!("any instance of `{}` answers", ingress.label.value))
                .also(place.span_of(if place.service.scale.is_some() { "scale" } else { "replicas" }), "more than one")
                .help("write `sticky = true`, or give the instances a datastore through which they tell each other");
            findings.add(place.subject(), problem);
        }
    }
}

/// Whether the instances have no other service through which they could tell each other.
fn shares_nothing(place: Place<'_>) -> bool {
    place.environment.edges_of(place.name).is_empty() && place.service.egress.is_empty()
}
