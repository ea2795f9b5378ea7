//! A health check that asks a port of its own container on which the service does not listen.

use crate::diagnostic::{Level, codes};
use crate::schema::Text;

use crate::lint::{
    Family, Findings, Rule, Scene,
    address::{Address, addresses},
};

pub(super) const RULE: Rule =
    Rule { code: codes::CHECKED_PORT, family: Family::Ports, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        let Some(health) = place.service.health.as_ref().filter(|health| !health.command.is_empty()) else {
            continue;
        };
        let listeners = place.service.listeners();
        let Some((first, _)) = listeners.first() else { continue };
        for word in &health.command {
            let asked = addresses(&Text::literal(word)).into_iter().filter(Address::is_loopback);
            for port in asked.filter_map(|address| address.port) {
                if listeners.iter().any(|(_, number)| *number == port) {
                    continue;
                }
                let known: Vec<String> = listeners.iter().map(|(_, number)| number.to_string()).collect();
                let known = known.join(", ");
                let problem = findings
                    .problem(format!(
                        "the health check of `{}` asks port {port}, but it listens on {known}",
                        place.name
                    ))
                    .at(health.origins.field("command").span, format!("asks {port}"))
                    .also(place.listener_span(first), "everybody else uses this number")
                    .help("ask the declared port, or declare the one that listens");
                findings.add(place.subject(), problem);
            }
        }
    }
}
