//! A port that a production machine opens to everybody who can reach it, past the ingress.

use crate::diagnostic::{Level, codes};

use crate::lint::{Family, Findings, Rule, Scene};

pub(super) const RULE: Rule =
    Rule { code: codes::OPEN_PORT, family: Family::Network, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.production().filter(|place| place.service.proxy.is_none()) {
        let Some(compose) = place.environment.model.compose() else { continue };
        if crate::lint::address::is_loopback(&compose.bind) {
            continue;
        }
        for (port, host) in &place.service.publish {
            let message = format!(
                "port {} of the machine leads everybody to `{}`, past the ingress",
                host.value, place.name
            );
            let problem = findings
                .problem(message)
                .at(host.origin.span, format!("publishes `{port}`"))
                .also(compose.origins.field("bind").span, "on this address")
                .help("leave `bind` at 127.0.0.1 and route what the world needs through an ingress");
            findings.add(place.subject(), problem);
        }
    }
}
