//! A program that starts work by a clock, in several instances: each has a clock, and all work is done as often.

use crate::diagnostic::{Level, codes};
use crate::schema::PublicText;

use crate::lint::{Family, Findings, Rule, Scene, place::Place};

pub(super) const RULE: Rule =
    Rule { code: codes::SEVERAL_CLOCKS, family: Family::State, level: Level::Error, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services().filter(|place| place.service.most_instances() > 1) {
        let words = words(place);
        let is_locked =
            |word: &&str| scene.catalogue.locked_clocks().iter().any(|lock| word.contains(lock.as_str()));
        if words.iter().any(is_locked) {
            continue;
        }
        let runs =
            |clock: &&String| clock.split(' ').all(|part| words.iter().any(|word| is_program(word, part)));
        let Some(clock) = scene.catalogue.clocks().iter().find(runs) else { continue };
        let (name, instances) = (place.name, place.service.most_instances());
        let field = place.service.scaled_by();
        let problem = findings
            .problem(format!(
                "each of {instances} instances of `{name}` would start the scheduled work of `{clock}`"
            ))
            .at(place.span_of(field), "more than one")
            .also(place.span_of("command"), "has a clock of its own")
            .help("run the clock in a service of its own with one instance, and let the others only work");
        findings.add(place.subject(), problem);
    }
}

/// The words that start the process, those of shell lines too.
fn words(place: Place<'_>) -> Vec<&str> {
    let all = place.service.entrypoint.iter().chain(&place.service.command);
    let texts = all.filter_map(|word: &PublicText| word.0.as_literal());
    texts.flat_map(|text| text.split(|c: char| c.is_whitespace() || ";&|()".contains(c))).collect()
}

/// Whether a word is this one, or a path that ends in it.
fn is_program(word: &str, name: &str) -> bool {
    word.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
}
