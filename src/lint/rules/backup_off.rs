//! A production datastore that knows how it is backed up and is not.

use crate::diagnostic::{Level, codes};

use crate::lint::{Family, Findings, Rule, Scene};

pub(super) const RULE: Rule =
    Rule { code: codes::BACKUP_OFF, family: Family::State, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.production() {
        let service = place.service;
        // A backup that is off is no part of the service any more, but it was written.
        if service.backup.is_some() || !service.origins.is_set("backup") || !service.is_stateful() {
            continue;
        }
        let message = format!("nothing saves the data of `{}` in production", place.name);
        let mut problem = findings
            .problem(message)
            .at(service.label.span, "its backup is described, but not enabled")
            .help(format!(
                "write `service {} {{ backup {{ enabled = true }} }}` in the environment",
                place.name
            ));
        if let Some(volume) = service.volume.values().find(|volume| !volume.shared) {
            problem = problem.also(volume.label.span, "the only copy");
        }
        findings.add(place.subject(), problem);
    }
}
