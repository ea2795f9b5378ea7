//! A variable without which a known image refuses to start.

use crate::catalogue::ImageVariable;
use crate::diagnostic::{Level, codes};

use crate::lint::{Family, Findings, Rule, Scene, place::Place};

pub(super) const RULE: Rule =
    Rule { code: codes::UNSET_VARIABLE, family: Family::Images, level: Level::Error, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    // The image's own entry point insists on them; a program that replaces it need not.
    let own = scene.services().filter(|place| place.service.entrypoint.is_empty());
    for place in own {
        let (Some(facts), Some(image)) = (place.facts(scene), place.image()) else { continue };
        let missing = facts
            .variables
            .iter()
            .filter(|variable| variable.required && !is_given(place, variable, facts.file_suffix()));
        for variable in missing {
            let name = &variable.name;
            let way =
                if variable.file { format!(", or `{name}{}`", facts.file_suffix()) } else { String::new() };
            let problem = findings
                .problem(format!("`{}` does not start without `{name}`", place.name))
                .at(place.image_span(), format!("`{image}` insists on it"))
                .help(format!("set it in `env`{way}"));
            findings.add(place.subject(), problem);
        }
    }
}

/// Whether the variable is set, as a file or not, or something that takes its place.
fn is_given(place: Place<'_>, variable: &ImageVariable, suffix: &str) -> bool {
    let env = &place.service.env;
    let is_set = |name: &str| env.contains_key(name) || env.contains_key(&*format!("{name}{suffix}"));
    let lifts = |other: &String| match other.split_once('=') {
        Some((name, value)) => env.get(name).is_some_and(|entry| entry.value.as_literal() == Some(value)),
        None => is_set(other),
    };
    is_set(&variable.name) || variable.required_unless.iter().any(lifts)
}
