//! A route that leads to a datastore: it speaks no HTTP, and what it keeps would be at the door.

use crate::diagnostic::{Level, codes};

use crate::lint::{Family, Findings, Rule, Scene};

pub(super) const RULE: Rule =
    Rule { code: codes::ROUTED_DATASTORE, family: Family::Network, level: Level::Error, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        let (Some(facts), Some(image)) = (place.facts(scene), place.image()) else { continue };
        let Some(scheme) = facts.schemes.first() else { continue };
        for (ingress, route) in place.routes() {
            let message = format!(
                "the route `{}` leads to `{}`, which speaks `{scheme}`",
                &*route.label.value, place.name
            );
            let problem = findings
                .problem(message)
                .at(route.label.span, format!("`{}` opens it to the world", &*ingress.label.value))
                .also(place.image_span(), format!("`{image}` answers no requests of browsers"))
                .help("route to the service that uses it");
            findings.add(place.subject(), problem);
        }
    }
}
