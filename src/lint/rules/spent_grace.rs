//! A grace period that is over before the draining is: the process is killed without having been asked to stop.

use crate::diagnostic::{Level, codes};

use crate::lint::{Family, Findings, Rule, Scene};

pub(super) const RULE: Rule =
    Rule { code: codes::SPENT_GRACE, family: Family::Capacity, level: Level::Error, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        let Some(stop) = &place.service.stop else { continue };
        if stop.drain < stop.grace {
            continue;
        }
        let (drain, grace) = (stop.origins.field("drain").span, stop.origins.field("grace").span);
        let message = format!(
            "`{}` drains for {}, but is killed {} after the order to stop",
            place.name, stop.drain, stop.grace
        );
        let problem = findings.problem(message);
        // One of the two may have its default.
        let problem = match (stop.origins.is_set("drain"), stop.origins.is_set("grace")) {
            (true, true) => problem.at(drain, "draining takes this long").also(grace, "of this time"),
            (true, false) => problem.at(drain, "as long as the whole grace period"),
            (false, _) => problem.at(grace, "gone before draining ends"),
        };
        let problem = problem.help(format!(
            "make `grace` longer than `drain`: {} and what the process needs to end",
            stop.drain
        ));
        findings.add(place.subject(), problem);
    }
}
