//! A health check that may take longer than the time between two of them.

use crate::diagnostic::{Level, codes};

use crate::lint::{Family, Findings, Rule, Scene};

pub(super) const RULE: Rule =
    Rule { code: codes::SLOW_CHECK, family: Family::Health, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        let Some(health) = &place.service.health else { continue };
        if health.timeout <= health.every {
            continue;
        }
        let message = format!(
            "a health check of `{}` may take {}, but the next one is due after {}",
            place.name, health.timeout, health.every
        );
        let problem = findings
            .problem(message)
            .at(health.origins.field("timeout").span, "longer")
            .also(health.origins.field("every").span, "than this")
            .help("make `timeout` shorter than `every`");
        findings.add(place.subject(), problem);
    }
}
