//! A datastore that lets everybody in who reaches its port: nothing in the declaration switches authentication on.

use crate::catalogue::ImageFacts;
use crate::diagnostic::{Level, codes, suggest};
use crate::schema::Part;

use crate::lint::{Family, Findings, Rule, Scene, place::Place};

pub(super) const RULE: Rule =
    Rule { code: codes::OPEN_DATASTORE, family: Family::State, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.production() {
        let (Some(facts), Some(image)) = (place.facts(scene), place.image()) else { continue };
        opened(place, facts, findings);
        let switches = || facts.auth.iter().map(String::as_str);
        if facts.auth.is_empty() || switches().any(|switch| is_on(scene, place, switch)) {
            continue;
        }
        let problem = findings
            .problem(format!("`{image}` lets everybody in, and nothing gives `{}` a password", place.name))
            .at(place.image_span(), "open to whoever reaches it")
            .help(format!("set {}, or take the preset of the library", suggest::candidates_text(switches())));
        findings.add(place.subject(), problem);
    }
}

/// A variable that opens what insists on a password by itself.
fn opened(place: Place<'_>, facts: &ImageFacts, findings: &mut Findings) {
    for (name, entry) in &place.service.env {
        let (Some(variable), Some(value)) = (facts.variable(name), entry.value.as_literal()) else {
            continue;
        };
        let is_open = |known: &String| known == "*" && !value.is_empty() || known == value;
        if !variable.opens.iter().any(is_open) {
            continue;
        }
        let problem = findings
            .problem(format!("`{name}` lets everybody into `{}` without a password", place.name))
            .at(entry.origin.span, format!("`{value}`"))
            .also(place.service.label.span, "open to whoever reaches it")
            .help("leave it out, and give it a password");
        findings.add(place.subject(), problem);
    }
}

/// Whether a word of the command, a variable, a configuration file or a mounted file switches it on.
fn is_on(scene: &Scene<'_>, place: Place<'_>, switch: &str) -> bool {
    let mut texts = place.texts();
    let is_said = texts.any(|written| {
        let names = written.variable.is_some_and(|name| name.starts_with(switch));
        names
            || written.text.0.iter().any(|part| matches!(part, Part::Literal(text) if text.contains(switch)))
    });
    let mut written = place.service.config.values();
    let is_configured = written.any(|config| {
        let says = |part: &Part| matches!(part, Part::Literal(text) if text.contains(switch));
        config.settings.contains_key(switch) || config.text.iter().any(|text| text.0.0.iter().any(says))
    });
    let mut files = place.service.files.values();
    is_said
        || is_configured
        || files.any(|file| scene.sources.text(&file.value).is_none_or(|text| text.contains(switch)))
}
