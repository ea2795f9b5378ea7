//! A datastore that gives up any key when it is full, used by a program whose queue keeps its work there.

use crate::catalogue::Means;
use crate::diagnostic::{Level, codes};

use crate::lint::{Family, Findings, Rule, Scene, limits::limits};

pub(super) const RULE: Rule =
    Rule { code: codes::EVICTED_WORK, family: Family::State, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        let told = limits(scene, place, Means::Eviction);
        let Some(told) = told.iter().find(|told| told.written.starts_with("allkeys")) else { continue };
        for caller in scene.services() {
            if caller.environment.name() != place.environment.name() || !caller.reaches(place.name) {
                continue;
            }
            let Some(mentions) = scene.sources.of_image(scene.plan, caller) else { continue };
            let is_used = |library: &&String| mentions.iter().any(|mentions| mentions.has(library));
            let Some(library) = scene.catalogue.queues().iter().find(is_used) else { continue };
            let message = format!(
                "`{}` gives up any key when it is full, and `{}` keeps work of `{library}` in it",
                place.name, caller.name
            );
            let problem = findings
                .problem(message)
                .at(told.span, format!("`{}`", told.written))
                .also(caller.service.label.span, format!("uses `{library}`"))
                .help("let it refuse new keys instead, `noeviction`, or keep the queue in a datastore of its own");
            findings.add(place.subject(), problem);
        }
    }
}
