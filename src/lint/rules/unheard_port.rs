//! A port behind the host of a service that does not listen on it: the number was written out and has drifted.

use crate::diagnostic::{Level, codes};

use crate::lint::{
    Family, Findings, Rule, Scene,
    address::connections,
    place::{Place, Written},
};

pub(super) const RULE: Rule =
    Rule { code: codes::UNHEARD_PORT, family: Family::Ports, level: Level::Error, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        for written in place.texts() {
            look(place, written, findings);
        }
    }
}

fn look(place: Place<'_>, written: Written<'_>, findings: &mut Findings) {
    for connection in connections(written.text) {
        if let Some(other) = connection.port_of.as_ref().filter(|other| **other != connection.service) {
            let (name, other) = (&connection.service, place.neighbour(other));
            let problem = findings
                .problem(format!("`{}` calls `{name}` on the port of another service", place.name))
                .at(written.span, format!("the host of `{name}` with a port that is not its own"));
            let problem = match other {
                Some(other) => problem.also(other.service.label.span, "the port is from here"),
                None => problem,
            };
            let problem = problem.help(format!("write `${{{name}.host}}:${{{name}.port}}`"));
            findings.add(place.subject(), problem);
        }
        let Some(port) = connection.port else { continue };
        let Some(other) = place.neighbour(&connection.service) else { continue };
        let listeners = other.service.listeners();
        let Some((first, number)) = listeners.first() else { continue };
        if listeners.iter().any(|(_, number)| *number == port) {
            continue;
        }
        let name = other.name;
        let published = other.service.publish.iter().find(|(_, host)| host.value.0 == port);
        let problem = findings
            .problem(format!("`{}` calls `{name}` on port {port}, where it does not listen", place.name))
            .at(written.span, format!("asks port {port}"))
            .also(other.listener_span(first), format!("listens on {number}"));
        let problem = match published {
            Some((_, host)) => {
                problem.also(host.origin.span, "the port of the machine: containers do not have it")
            }
            None => problem,
        };
        let problem = problem.help(format!("write `${{{name}.host}}:${{{name}.port}}`, or `{name}.url`"));
        findings.add(place.subject(), problem);
    }
}
