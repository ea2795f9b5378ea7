//! A variable that an image does not read and that looks much like one that it reads, or begins as all of its own do. Of
//! images that the stack builds, the sources say what they read: every word of them may be a variable.

use std::collections::BTreeSet;

use crate::diagnostic::{Level, codes, suggest};
use crate::schema::{ImageRef, Map, Text};
use crate::source::Span;

use crate::lint::{Family, Findings, Rule, Scene, place::Place};

pub(super) const RULE: Rule =
    Rule { code: codes::MISSPELT_VARIABLE, family: Family::Images, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        if let Some(image) = place.image() {
            let own = place.service.env.iter().map(|(name, entry)| (&**name, entry.origin.span));
            let jobs = place.service.job.values().flat_map(|job| spans(&job.env));
            let set: Vec<(&str, Span)> = own.chain(jobs).collect();
            published(scene, place, image, &set, findings);
        } else {
            built(scene, place, findings);
        }
        for backup in place.service.backup.iter().filter(|backup| backup.enabled) {
            if let Some(image) = &backup.offsite_image {
                let own = backup.offsite_env.iter().map(|(name, entry)| (&**name, entry.origin.span));
                published(scene, place, image, &own.collect::<Vec<_>>(), findings);
            }
        }
    }
}

fn spans(variables: &Map<Text>) -> impl Iterator<Item = (&str, Span)> {
    variables.iter().map(|(name, entry)| (&**name, entry.origin.span))
}

/// Variables of an image of the catalogue.
fn published(
    scene: &Scene<'_>,
    place: Place<'_>,
    image: &ImageRef,
    set: &[(&str, Span)],
    findings: &mut Findings,
) {
    let Some(facts) = scene.catalogue.image(image) else { return };
    let names = || facts.variables.iter().map(|variable| &*variable.name);
    for (name, span) in set {
        let plain = name.strip_suffix(facts.file_suffix()).unwrap_or(name);
        if names().any(|known| known == plain || known == *name) {
            continue;
        }
        let unset = names().filter(|known| !set.iter().any(|(name, _)| name == known));
        let near = suggest::closest(plain, unset).filter(|near| is_slip(plain, near));
        let is_own = facts.prefix.as_ref().is_some_and(|prefix| plain.starts_with(prefix.as_str()));
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None if is_own => {
                let all: Vec<String> = names().map(|name| format!("`{name}`")).collect();
                format!(
                    "it reads {}; other settings go into its command or its configuration",
                    all.join(", ")
                )
            }
            None => continue,
        };
        let problem = findings
            .problem(format!("`{image}` does not read `{name}`"))
            .at(*span, "has no effect")
            .also(place.image_span(), "reads variables of other names")
            .help(help);
        findings.add(place.subject(), problem);
    }
}

/// Variables of an image that the stack builds.
fn built(scene: &Scene<'_>, place: Place<'_>, findings: &mut Findings) {
    let service = place.service;
    let Some(build) = &service.build else { return };
    // Where variables are declared, they are compared with that.
    if !service.reads.is_empty() {
        return;
    }
    let Some(mentions) = scene.sources.of_image(scene.plan, place) else { return };
    let stages = build.stage.values().flat_map(|stage| stage.env.iter());
    let stages = stages.map(|(name, entry)| (&**name, entry.origin.span));
    let jobs = service.job.values().flat_map(|job| spans(&job.env));
    let set: Vec<(&str, Span)> = spans(&service.env).chain(jobs).chain(stages).collect();
    let names: BTreeSet<&str> = set.iter().map(|(name, _)| *name).collect();
    for (name, span) in &set {
        let plain = name.strip_suffix("_FILE").unwrap_or(name);
        let is_read = |name: &str| mentions.iter().any(|mentions| mentions.has(name));
        if is_read(name) || is_read(plain) {
            continue;
        }
        let read = mentions.iter().flat_map(|mentions| mentions.words());
        let unset = read.filter(|word| is_variable(word) && !names.contains(word) && is_slip(plain, word));
        let Some(near) = suggest::closest(plain, unset) else { continue };
        let problem = findings
            .problem(format!("the sources of `{}` do not mention `{name}`", place.name))
            .at(*span, "has no effect")
            .help(format!("did you mean `{near}`?"));
        findings.add(place.subject(), problem);
    }
}

fn is_variable(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// Whether two names differ by a slip of the finger; names of different things in one image are further apart.
fn is_slip(written: &str, known: &str) -> bool {
    written.len().abs_diff(known.len()) <= 2 && strsim::osa_distance(written, known) <= 2
}
