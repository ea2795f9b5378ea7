//! A port of the machine for several instances: the first one gets it, and the others do not start.

use crate::diagnostic::{Level, codes};

use crate::lint::{Family, Findings, Rule, Scene};

pub(super) const RULE: Rule =
    Rule { code: codes::CONTESTED_PORT, family: Family::Ports, level: Level::Error, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services().filter(|place| place.environment.model.compose().is_some()) {
        let replicas = place.service.replicas;
        let Some((_, host)) = place.service.publish.first() else { continue };
        if replicas < 2 {
            continue;
        }
        let message =
            format!("{replicas} instances of `{}` would take port {} of one machine", place.name, host.value);
        let problem = findings
            .problem(message)
            .at(host.origin.span, "a machine has it once")
            .also(place.span_of("replicas"), "more than one")
            .help("run one instance, or let an ingress share the requests among them");
        findings.add(place.subject(), problem);
    }
}
