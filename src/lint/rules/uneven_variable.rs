//! A variable that environments set differently by accident: under names that differ by a slip, in values of another form,
//! or in all but one of them. Must not judge environments for development, nor what the base sets for all.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Level, codes};
use crate::schema::{Layer, Part, Sourced, Text};

use crate::lint::{Family, Findings, Rule, Scene, place::Place};

pub(super) const RULE: Rule =
    Rule { code: codes::UNEVEN_VARIABLE, family: Family::Contract, level: Level::Warning, check };

/// Fewer environments than this are no majority.
const MANY: usize = 3;

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    let mut services: BTreeMap<&str, Vec<Place<'_>>> = BTreeMap::new();
    for place in scene.production() {
        services.entry(place.name).or_default().push(place);
    }
    for places in services.values().filter(|places| places.len() > 1) {
        let mut told: Vec<&str> = Vec::new();
        for place in places {
            let own = place
                .service
                .env
                .iter()
                .filter(|(_, entry)| matches!(entry.origin.layer, Layer::Environment(_)));
            for (name, entry) in own {
                if !told.contains(&&**name) && compare(*place, name, entry, places, findings) {
                    told.push(name);
                }
            }
        }
    }
}

/// Compares what one environment sets with all others; says whether something was said.
fn compare(
    place: Place<'_>,
    name: &Arc<str>,
    entry: &Sourced<Text>,
    places: &[Place<'_>],
    findings: &mut Findings,
) -> bool {
    let others = || places.iter().filter(|other| other.environment.name() != place.environment.name());
    let here = place.environment.name();
    for other in others() {
        let there = other.environment.name();
        let message = if let Some(set) = other.service.env.get(name) {
            let (Some(own), Some(others)) = (form(&entry.value), form(&set.value)) else { continue };
            if own == others {
                continue;
            }
            let message =
                format!("`{name}` of `{}` is {own} in `{here}` and {others} in `{there}`", place.name);
            let problem = findings.problem(message).at(entry.origin.span, own).also(set.origin.span, others);
            findings
                .add(place.subject(), problem.help("write both in the same form: one program reads them"));
            return true;
        } else if let Some((slip, set)) = slip(*other, place, name) {
            let message = format!("`{here}` sets `{name}` of `{}`, and `{there}` sets `{slip}`", place.name);
            let problem = findings.problem(message).at(entry.origin.span, format!("`{name}`"));
            let problem = problem.also(set.origin.span, format!("`{slip}`"));
            findings.add(place.subject(), problem.help("write one of the two names in both"));
            return true;
        } else {
            format!("`{here}` sets `{name}` of `{}`, and `{there}` does not", place.name)
        };
        let sets = places.iter().filter(|known| known.service.env.contains_key(name)).count();
        let is_alone = places.len() >= MANY && sets + 1 == places.len();
        let services = &other.environment.model.services;
        let is_there =
            |part: &Part| matches!(part, Part::Host { service, .. } if services.contains_key(service));
        let is_connection = entry.value.0.iter().any(is_there);
        let is_optional = place.service.reads.contains_key(name);
        if is_optional || !(is_alone || is_connection) {
            continue;
        }
        let problem = findings
            .problem(message)
            .at(entry.origin.span, "set here")
            .also(other.environment.model.block.label.span, "not set here")
            .help(format!("set it there too, or in the base; if it is meant, declare it: `reads \"{name}\" {{ required = false }}`"));
        findings.add(place.subject(), problem);
        return true;
    }
    false
}

/// The variable of the other environment whose name differs by one letter, where neither has both.
fn slip<'a>(other: Place<'a>, place: Place<'_>, name: &str) -> Option<(&'a Arc<str>, &'a Sourced<Text>)> {
    let is_slip =
        |known: &str| known.len() > 4 && strsim::osa_distance(known, name) == 1 && !is_counted(known, name);
    let mut all = other.service.env.iter();
    all.find(|(known, _)| is_slip(known) && !place.service.env.contains_key(*known))
}

/// `QUEUE_1` and `QUEUE_2` are two things.
fn is_counted(one: &str, other: &str) -> bool {
    let differs = one.chars().zip(other.chars()).find(|(a, b)| a != b);
    differs.is_some_and(|(a, b)| a.is_ascii_digit() && b.is_ascii_digit())
}

/// What a value looks like; `None` for what may be anything.
fn form(text: &Text) -> Option<&'static str> {
    let text = text.as_literal()?;
    let is_switch =
        ["true", "false", "yes", "no", "on", "off"].iter().any(|word| text.eq_ignore_ascii_case(word));
    if text.parse::<f64>().is_ok() {
        Some("a number")
    } else if is_switch {
        Some("a switch")
    } else if text.contains("://") {
        Some("an address")
    } else {
        let digits = text.trim_start_matches(|c: char| c.is_ascii_digit());
        (digits.len() < text.len() && digits.chars().all(char::is_alphabetic))
            .then_some("a number with a unit")
    }
}
