//! A value that a known image refuses for one of its variables.

use crate::diagnostic::{Level, codes};

use crate::lint::{Family, Findings, Rule, Scene};

pub(super) const RULE: Rule =
    Rule { code: codes::REFUSED_VALUE, family: Family::Images, level: Level::Error, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        let (Some(facts), Some(image)) = (place.facts(scene), place.image()) else { continue };
        for (name, entry) in &place.service.env {
            let Some(variable) = facts.variable(name).filter(|variable| !variable.refuses.is_empty()) else {
                continue;
            };
            let Some(text) = entry.value.as_literal() else { continue };
            let mut items = text.split([',', ' ', ';']).map(str::trim);
            let Some(item) = items.find(|item| variable.refuses.iter().any(|refused| refused == item)) else {
                continue;
            };
            let problem = findings
                .problem(format!("`{image}` refuses `{item}` in `{name}`"))
                .at(entry.origin.span, "the container does not start")
                .also(place.image_span(), "refuses it")
                .help(variable.why.clone().unwrap_or_else(|| "leave it out".to_owned()));
            findings.add(place.subject(), problem);
        }
    }
}
