//! A port that a known image does not listen on, and that nothing in the declaration tells it to.

use crate::diagnostic::{Level, codes};

use crate::lint::{Family, Findings, Rule, Scene, place::Place};

pub(super) const RULE: Rule =
    Rule { code: codes::IMAGE_PORT, family: Family::Images, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        let service = place.service;
        // Configuration files and built-in web servers choose their own ports.
        if service.proxy.is_some() || service.static_site.is_some() || !service.files.is_empty() {
            continue;
        }
        let (Some(facts), Some(image)) = (place.facts(scene), place.image()) else { continue };
        if facts.ports.is_empty() {
            continue;
        }
        for (port, number) in service.listeners() {
            if facts.ports.iter().any(|known| known.port == number) || is_told(place, number) {
                continue;
            }
            let known: Vec<String> = facts.ports.iter().map(|known| known.port.to_string()).collect();
            let problem = findings
                .problem(format!("`{}` declares port {number}, where `{image}` does not listen", place.name))
                .at(place.listener_span(port), format!("the image listens on {}", known.join(", ")))
                .also(place.image_span(), "the image")
                .help("declare the image's own port; others reach it under that number");
            findings.add(place.subject(), problem);
        }
    }
}

/// Whether a command or a variable holds the number.
fn is_told(place: Place<'_>, number: u16) -> bool {
    let number = number.to_string();
    place.texts().any(|written| {
        let literal = written.text.as_literal().unwrap_or_default();
        literal.split(|c: char| !c.is_ascii_digit()).any(|digits| digits == number)
    })
}
