//! A job that may still run when it is due again: that time is left out, or it runs twice.

use crate::diagnostic::{Level, codes};
use crate::model::JobTime;

use crate::lint::{Family, Findings, Rule, Scene, schedule::gaps};

pub(super) const RULE: Rule =
    Rule { code: codes::OVERRUNNING_JOB, family: Family::Capacity, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        for job in place.service.job.values().filter(|job| job.when == JobTime::Scheduled) {
            // A default is nobody's decision.
            let Some(schedule) = job.schedule.as_ref().filter(|_| job.origins.is_set("timeout")) else {
                continue;
            };
            let Some((shortest, _)) = gaps(schedule).filter(|(shortest, _)| *shortest < job.timeout) else {
                continue;
            };
            let label = &job.label.value;
            let problem = findings
                .problem(format!(
                    "`{label}` of `{}` may take {}, but is due again after {shortest}",
                    place.name, job.timeout
                ))
                .at(job.origins.field("timeout").span, "may take this long")
                .also(job.origins.field("schedule").span, format!("{shortest} between two runs"))
                .help(format!("set `timeout` to less than {shortest}, or run it less often"));
            findings.add(place.subject(), problem);
        }
    }
}
