//! An address that names a database or a role that the datastore does not make when it starts for the first time. Must not
//! judge a datastore that is prepared by files of its own.

use crate::catalogue::ImageFacts;
use crate::diagnostic::{Level, codes};
use crate::source::Span;

use crate::lint::{
    Family, Findings, Rule, Scene,
    address::{Connection, connections},
    place::Place,
};

pub(super) const RULE: Rule =
    Rule { code: codes::OTHER_DATABASE, family: Family::State, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        for written in place.texts() {
            for connection in connections(written.text) {
                look(scene, place, &connection, written.span, findings);
            }
        }
    }
}

fn look(scene: &Scene<'_>, place: Place<'_>, connection: &Connection, span: Span, findings: &mut Findings) {
    let Some(other) = place.neighbour(&connection.service) else { return };
    let Some(facts) = other.facts(scene) else { return };
    let service = other.service;
    if !service.files.is_empty() || !service.config.is_empty() || !service.job.is_empty() {
        return;
    }
    let asked = [("database", &facts.database, &connection.path), ("role", &facts.role, &connection.user)];
    for (what, variable, asked) in asked {
        let (Some(variable), Some(asked)) = (variable, asked) else { continue };
        let Some((made, at)) = made(other, facts, variable, MAX_DEPTH).filter(|(made, _)| made != asked)
        else {
            continue;
        };
        let problem = findings
            .problem(format!(
                "`{}` asks `{}` for the {what} `{asked}`, which nothing makes",
                place.name, other.name
            ))
            .at(span, format!("`{asked}`"))
            .also(at, format!("`{variable}` makes `{made}`"))
            .help(format!("write `{made}`, or set `{variable}` to `{asked}`"));
        findings.add(place.subject(), problem);
    }
}

/// Defaults of variables mention others; this deep at most.
const MAX_DEPTH: u8 = 4;

/// The value of a variable of the datastore, its default included, and where it comes from.
fn made(place: Place<'_>, facts: &ImageFacts, variable: &str, depth: u8) -> Option<(String, Span)> {
    if let Some(entry) = place.service.env.get(variable) {
        return Some((entry.value.as_literal()?.to_owned(), entry.origin.span));
    }
    let default = facts.variable(variable)?.default.as_deref()?;
    match default.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) {
        Some(other) => made(place, facts, other, depth.checked_sub(1)?),
        None => Some((default.to_owned(), place.image_span())),
    }
}
