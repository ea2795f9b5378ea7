//! An address that leads to one datastore with the password of another one: it is refused at the door.

use crate::diagnostic::{Level, codes};

use crate::lint::{Family, Findings, Rule, Scene, address::connections};

pub(super) const RULE: Rule =
    Rule { code: codes::OTHER_SECRET, family: Family::Secrets, level: Level::Error, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        for written in place.texts() {
            for connection in connections(written.text).into_iter().filter(|found| !found.scheme.is_empty()) {
                let Some(secret) = &connection.secret else { continue };
                let host = &connection.service;
                // A service's own secret is `<service>_<secret>`.
                let owns = |name: &str| {
                    let own = place.neighbour(name).map(|other| &other.service.secret);
                    own.is_some_and(|own| own.keys().any(|label| **secret == format!("{name}_{label}")))
                };
                let services = place.environment.model.services.keys();
                let owner = services.into_iter().find(|name| owns(name));
                let has_own = place.neighbour(host).is_some_and(|other| !other.service.secret.is_empty());
                let Some(owner) = owner.filter(|owner| *owner != host && *owner != place.name && has_own)
                else {
                    continue;
                };
                let problem = findings
                    .problem(format!("`{}` calls `{host}` with the password of `{owner}`", place.name))
                    .at(written.span, format!("`{secret}` with the host of `{host}`"));
                let problem =
                    match place.neighbour(owner).and_then(|other| other.service.secret.values().next()) {
                        Some(own) => problem.also(own.label.span, format!("belongs to `{owner}`")),
                        None => problem,
                    };
                findings.add(
                    place.subject(),
                    problem
                        .help(format!("write `${{{host}.secret.…}}`, or the address that `{host}` exports")),
                );
            }
        }
    }
}
