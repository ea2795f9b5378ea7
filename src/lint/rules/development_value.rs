//! A variable that switches a program to development, in production: errors are shown to everybody, and nothing is cached.
//! Must not know a framework: the standard library lists the values.

use crate::diagnostic::{Level, codes};

use crate::lint::{Family, Findings, Rule, Scene};

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
    }
}
