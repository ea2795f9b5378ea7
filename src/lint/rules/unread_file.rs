//! A secret that is handed over as a file to an image that reads the variable alone: the program starts without it.

use crate::diagnostic::{Level, codes};

use crate::lint::{Family, Findings, Rule, Scene};

pub(super) const RULE: Rule =
    Rule { code: codes::UNREAD_FILE, family: Family::Secrets, level: Level::Error, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        let (Some(facts), Some(image)) = (place.facts(scene), place.image()) else { continue };
        for variable in &place.plan.variables {
            let name = &variable.name;
            let Some(plain) = name.strip_suffix(facts.file_suffix()) else { continue };
            // What is not listed may be read by another program of the image.
            let is_known =
                facts.variable(plain).is_some_and(|known| !known.file) && facts.variable(name).is_none();
            if !is_known {
                continue;
            }
            let problem = findings
                .problem(format!(
                    "`{image}` reads `{plain}`, but `{}` gets it as the file `{name}`",
                    place.name
                ))
                .at(variable.span, "nobody opens this file")
                .also(place.image_span(), format!("reads `{plain}` alone"))
                .help(format!("write `{plain} = secret.…` with `secret_delivery = variable`"));
            findings.add(place.subject(), problem);
        }
    }
}
