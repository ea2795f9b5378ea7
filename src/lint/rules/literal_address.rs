//! A service of the stack whose name was written out in an address. Nobody knows of the connection then: no network joins
//! the two, no policy lets them through, and the one does not wait for the other.

use crate::diagnostic::{Level, codes};

use crate::lint::{Family, Findings, Rule, Scene, address::addresses};
use crate::plan::dns;

pub(super) const RULE: Rule =
    Rule { code: codes::LITERAL_ADDRESS, family: Family::Ports, level: Level::Error, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        let services = &place.environment.model.services;
        for written in place.texts() {
            for address in addresses(written.text) {
                let named = |name: &str| name == address.host || dns(name) == address.host;
                let Some((name, target)) = services.iter().find(|(name, _)| named(name)) else { continue };
                if name == place.name || place.reaches(name) {
                    continue;
                }
                let message = format!("`{}` names `{name}` without referring to it", place.name);
                let problem = findings
                    .problem(message)
                    .at(written.span, format!("no network joins the two because of the text `{}`", address.host))
                    .also(target.label.span, "the service")
                    .help(format!(
                        "write `${{{name}.host}}:${{{name}.port}}`: a reference connects the two, and `{}` waits for `{name}`",
                        place.name
                    ));
                findings.add(place.subject(), problem);
            }
        }
    }
}
