//! An address in the language of another datastore than the one that it leads to. Must not know a scheme: the catalogue
//! does.

use crate::diagnostic::{Level, codes};

use crate::lint::{Family, Findings, Rule, Scene, address::connections};

pub(super) const RULE: Rule =
    Rule { code: codes::FOREIGN_SCHEME, family: Family::Ports, level: Level::Error, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        for written in place.texts() {
            for connection in connections(written.text) {
                // `postgresql+asyncpg`: the driver stands behind the sign.
                let scheme = connection.scheme.split('+').next().unwrap_or_default();
                let Some(other) = place.neighbour(&connection.service) else { continue };
                let (Some(facts), Some(image)) = (other.facts(scene), other.image()) else { continue };
                let Some(usual) = facts.schemes.first() else { continue };
                let is_own = facts.schemes.iter().any(|known| known == scheme);
                if is_own || !scene.catalogue.is_scheme(scheme) {
                    continue;
                }
                let problem = findings
                    .problem(format!(
                        "`{}` calls `{}` with `{scheme}://`, which it does not speak",
                        place.name, other.name
                    ))
                    .at(written.span, format!("`{scheme}`"))
                    .also(other.image_span(), format!("`{image}` speaks `{usual}`"))
                    .help(format!("write `{usual}://`, or refer to the service that is meant"));
                findings.add(place.subject(), problem);
            }
        }
    }
}
