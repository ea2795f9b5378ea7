//! A variable that a known image does not read and that looks much like one that it reads.

use crate::diagnostic::{Level, codes, suggest};

use crate::lint::{Family, Findings, Rule, Scene};

pub(super) const RULE: Rule =
    Rule { code: codes::MISSPELT_VARIABLE, family: Family::Images, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        let (Some(facts), Some(image)) = (place.facts(scene), place.image()) else { continue };
        let names = || facts.variables.iter().map(|variable| &*variable.name);
        for (name, entry) in &place.service.env {
            let plain = name.strip_suffix(facts.file_suffix()).unwrap_or(name);
            if names().any(|known| known == plain || known == &**name) {
                continue;
            }
            let unset = names().filter(|known| !place.service.env.contains_key(*known));
            let Some(near) = suggest::closest(plain, unset).filter(|near| is_slip(plain, near)) else {
                continue;
            };
            let problem = findings
                .problem(format!("`{image}` does not read `{name}`"))
                .at(entry.origin.span, "has no effect")
                .help(format!("did you mean `{near}`?"));
            findings.add(place.subject(), problem);
        }
    }
}

/// Whether two names differ by a slip of the finger; names of different things in one image are further apart.
fn is_slip(written: &str, known: &str) -> bool {
    strsim::osa_distance(written, known) <= 2
}
