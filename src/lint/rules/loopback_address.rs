//! An address of the machine itself in production. In a container that is the container: another service, or a browser,
//! does not answer there. Must not judge ports that the service itself listens on.

use crate::diagnostic::{Level, codes};

use crate::lint::{
    Family, Findings, Rule, Scene,
    address::{Address, addresses},
};

pub(super) const RULE: Rule =
    Rule { code: codes::LOOPBACK_ADDRESS, family: Family::Ports, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.production() {
        let own = place.service.listeners();
        for written in place.texts() {
            for address in addresses(written.text).into_iter().filter(Address::is_loopback) {
                let port = address.port;
                if port.is_some_and(|port| own.iter().any(|(_, number)| *number == port)) {
                    continue;
                }
                let target = match port {
                    Some(port) => format!("{}:{port}", address.host),
                    None => address.host,
                };
                let message =
                    format!("`{}` uses `{target}` in production, which is its own container", place.name);
                let problem = findings.problem(message).at(written.span, "nothing answers there").help(
                    "refer to the service that is meant, or to the name under which people reach the stack",
                );
                findings.add(place.subject(), problem);
            }
        }
    }
}
