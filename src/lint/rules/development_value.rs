//! A variable or a word of the command that is for development, in production: errors are shown to everybody, nothing is
//! cached, debuggers are open. Must not know a framework: the standard library lists the values.

use crate::diagnostic::{Level, codes};

use crate::lint::{Family, Findings, Rule, Scene, place::Place};

pub(super) const RULE: Rule =
    Rule { code: codes::DEVELOPMENT_VALUE, family: Family::Contract, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.production() {
        for (name, entry) in &place.service.env {
            let Some(value) = entry.value.as_literal() else { continue };
            let is_known = |known: &String| {
                let pair = known.split_once('=');
                pair.is_some_and(|(variable, wrong)| variable == &**name && wrong.eq_ignore_ascii_case(value))
            };
            if !scene.catalogue.development().iter().any(is_known) {
                continue;
            }
            let environment = &place.environment.model;
            let problem = findings
                .problem(format!("`{name}` of `{}` is `{value}` in production", place.name))
                .at(entry.origin.span, "made for those who develop")
                .also(environment.block.label.span, format!("`{}` is for others", environment.name))
                .help("set it in the environment for development only, or in a `dev` block");
            findings.add(place.subject(), problem);
        }
        words(scene, place, findings);
    }
}

/// Words of the command that runs, and of nothing that people start by hand.
fn words(scene: &Scene<'_>, place: Place<'_>, findings: &mut Findings) {
    for (field, words) in [("entrypoint", &place.service.entrypoint), ("command", &place.service.command)] {
        let literals = words.iter().filter_map(|word| word.0.as_literal());
        let first = |word: &str| word.split('=').next().map(str::to_owned).unwrap_or_default();
        let mut known = literals.filter(|word| scene.catalogue.development_words().contains(&first(word)));
        let Some(word) = known.next() else { continue };
        let environment = &place.environment.model;
        let problem = findings
            .problem(format!("`{}` is started with `{word}` in production", place.name))
            .at(place.service.origins.field(field).span, "made for those who develop")
            .also(environment.block.label.span, format!("`{}` is for others", environment.name))
            .help("leave it out here, and write the command for development in a `dev` block");
        findings.add(place.subject(), problem);
    }
}
