//! A password in the source: a variable whose name says that it holds one, or the password of an address. Everybody who can
//! read the repository or the emitted files has it.

use crate::diagnostic::{Level, codes};
use crate::schema::Text;
use crate::source::Span;
use std::sync::Arc;

use crate::lint::{Family, Findings, Rule, Scene, address::addresses, place::Place};

pub(super) const RULE: Rule =
    Rule { code: codes::WRITTEN_PASSWORD, family: Family::Secrets, level: Level::Error, check };

/// Last words of the names of variables that hold something secret.
const LAST: &[&str] = &["PASSWORD", "PASSWD", "SECRET", "TOKEN", "APIKEY"];

/// Words before `KEY` that make it secret.
const KEYS: &[&str] = &["API", "PRIVATE", "ACCESS", "SECRET", "ENCRYPTION", "SIGNING"];

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        for (name, entry) in &place.service.env {
            look(place, name, &entry.value, entry.origin.span, findings);
        }
        let jobs = place.service.job.values().flat_map(|job| &job.env);
        let backup = place.service.backup.iter().flat_map(|backup| &backup.env);
        for (name, entry) in jobs.chain(backup) {
            look(place, name, &entry.value, entry.origin.span, findings);
        }
        let build = place.service.build.iter();
        let stages = build.clone().flat_map(|build| build.stage.values()).flat_map(|stage| &stage.env);
        for (name, entry) in build.flat_map(|build| &build.args).chain(stages) {
            look(place, name, &Text::literal(&entry.value), entry.origin.span, findings);
        }
    }
}

fn look(place: Place<'_>, name: &Arc<str>, text: &Text, span: Span, findings: &mut Findings) {
    let value = text.as_literal().unwrap_or_default();
    let of_name = is_secret(name) && !value.is_empty() && !value.starts_with('/');
    let of_address = addresses(text).iter().any(|address| address.has_password);
    if !of_name && !of_address {
        return;
    }
    let problem = findings
        .problem(format!("`{name}` of `{}` holds a password that everybody can read", place.name))
        .at(span, "stands in the source and in what is emitted")
        .help("declare it, `secret name`, refer to it, `secret.name`, and replace the value wherever it was in use");
    findings.add(place.subject(), problem);
}

fn is_secret(name: &str) -> bool {
    let words: Vec<&str> = name.split('_').collect();
    match words.as_slice() {
        [.., before, "KEY"] => KEYS.contains(before),
        [.., last] => LAST.contains(last),
        [] => false,
    }
}
