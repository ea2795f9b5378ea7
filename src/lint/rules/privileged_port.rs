//! A port below 1024 of a process without rights. Engines on one machine allow it; in a cluster it depends on the
//! container runtime of the node. Must not judge ports of the host.

use crate::diagnostic::{Level, codes};

use crate::lint::{Family, Findings, Rule, Scene};

pub(super) const RULE: Rule =
    Rule { code: codes::PRIVILEGED_PORT, family: Family::Ports, level: Level::Warning, check };

/// The capability that opens such ports to everybody.
const CAPABILITY: &str = "NET_BIND_SERVICE";

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        let service = place.service;
        let is_able = service.user.uid == 0 || service.capabilities.iter().any(|name| **name == *CAPABILITY);
        if is_able || place.environment.model.kubernetes().is_none() {
            continue;
        }
        for (port, number) in service.listeners().into_iter().filter(|(_, number)| *number < 1024) {
            let message = format!(
                "`{}` listens on port {number} as user {}, who may not",
                place.name, service.user.uid
            );
            let problem = findings
                .problem(message)
                .at(place.listener_span(port), "below 1024")
                .also(place.span_of("user"), "the user of the process")
                .help(format!(
                    "listen on {}; or add `capabilities = [\"{CAPABILITY}\"]` where the program cannot",
                    number.saturating_add(8000)
                ));
            findings.add(place.subject(), problem);
        }
    }
}
