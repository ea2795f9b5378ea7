//! Copies that are removed before the next one is made: for a while there is none.

use crate::diagnostic::{Level, codes};
use crate::model::Backup;
use crate::schema::{Cron, Duration};

use crate::lint::{Family, Findings, Rule, Scene, place::Place, schedule::gaps};

pub(super) const RULE: Rule =
    Rule { code: codes::SHORT_KEEP, family: Family::State, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        let Some(backup) = place.service.backup.as_ref().filter(|backup| backup.enabled) else { continue };
        look(place, backup, ("schedule", &backup.schedule), ("keep", backup.keep), findings);
        if let (Some(keep), Some(_)) = (backup.keep_offsite, &backup.offsite) {
            look(place, backup, ("schedule", &backup.schedule), ("keep_offsite", keep), findings);
        }
    }
}

fn look(
    place: Place<'_>,
    backup: &Backup,
    made: (&str, &Cron),
    kept: (&str, Duration),
    findings: &mut Findings,
) {
    let ((schedule, cron), (field, keep)) = (made, kept);
    let Some((_, longest)) = gaps(cron).filter(|(_, longest)| keep < *longest) else { return };
    let problem = findings
        .problem(format!(
            "copies of `{}` are kept for {keep}, but up to {longest} pass between two",
            place.name
        ))
        .at(backup.origins.field(field).span, "removed after this time")
        .also(backup.origins.field(schedule).span, "made at these times")
        .help(format!("set `{field}` to several times {longest}, or save more often"));
    findings.add(place.subject(), problem);
}
