//! A backup of files that looks where the data is not: beside every volume, or at a path that differs by one letter from the
//! one that the program is told. Must not judge commands that ask the service over the network.

use std::collections::BTreeMap;

use crate::diagnostic::{Level, codes};
use crate::model::Backup;
use crate::source::Span;

use crate::lint::{Family, Findings, Rule, Scene, container::below, place::Place, told::told};

pub(super) const RULE: Rule =
    Rule { code: codes::MISSED_DATA, family: Family::State, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        let Some(backup) = place.service.backup.as_ref().filter(|backup| backup.enabled && backup.files)
        else {
            continue;
        };
        for (path, span) in saved(backup) {
            look(place, &path, span, findings);
        }
    }
}

fn look(place: Place<'_>, path: &str, span: Span, findings: &mut Findings) {
    let storage = || place.service.volume.iter().filter(|(_, volume)| volume.from.is_none());
    let Some((first, volume)) = storage().next() else { return };
    let name = place.name;
    let problem = if storage().all(|(known, _)| below(path, known).is_none()) {
        findings
            .problem(format!("the backup of `{name}` saves `{path}`, which is on no volume"))
            .at(span, "nothing to save")
            .also(volume.label.span, "the data is here")
            .help(format!("save what is below `{first}`"))
    } else {
        let own = told(place).into_iter().filter(|told| !told.is_of_job && told.what == "told here");
        let Some(near) = own.into_iter().find(|told| strsim::osa_distance(&told.path, path) == 1) else {
            return;
        };
        findings
            .problem(format!(
                "the backup of `{name}` saves `{path}`, but the program is told `{}`",
                near.path
            ))
            .at(span, "nothing to save")
            .also(near.span, "differs by one letter")
            .help("name it once, and refer to it in both places")
    };
    findings.add(place.subject(), problem);
}

/// The paths that the commands are told: by their variables, else by their words.
fn saved(backup: &Backup) -> BTreeMap<String, Span> {
    let variables =
        backup.env.values().filter_map(|entry| Some((entry.value.as_literal()?, entry.origin.span)));
    let words =
        backup.dump.iter().flat_map(|line| line.split(|c: char| c.is_whitespace() || "'\"".contains(c)));
    // `tar -C / ./app` names a path below the root.
    let words = words.map(|word| (word.strip_prefix('.').unwrap_or(word), backup.origins.block));
    let is_path = |path: &str| path.starts_with('/') && path.len() > 1 && !path.contains(['$', ':', '*']);
    let is_other = |path: &str| {
        ["/dev", "/tmp", "/run", "/proc", "/backup"].iter().any(|other| below(path, other).is_some())
    };
    let all = variables.chain(words).filter(|(path, _)| is_path(path) && !is_other(path));
    all.map(|(path, span)| (path.trim_end_matches('/').to_owned(), span)).collect()
}
