//! A health check that may take longer to say yes or no than a rollout waits: the rollout fails first, whatever the check
//! would have said.

use crate::diagnostic::{Level, codes};
use crate::schema::Duration;

use crate::lint::{Family, Findings, Rule, Scene};

pub(super) const RULE: Rule =
    Rule { code: codes::LATE_HEALTH, family: Family::Health, level: Level::Warning, check };

/// How long a rollout waits where nothing is said.
const DEADLINE: Duration = Duration::minutes(5);

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        let Some(health) = &place.service.health else { continue };
        let rollout = place.service.rollout.as_ref();
        let deadline = rollout.map_or(DEADLINE, |rollout| rollout.deadline);
        let budget = health.budget();
        if budget <= deadline {
            continue;
        }
        let message = format!(
            "the health check of `{}` may take {budget}, but its rollout is given up after {deadline}",
            place.name
        );
        let arithmetic = format!(
            "{} to start + {} × ({} + {})",
            health.start,
            health.retries.max(1),
            health.every,
            health.timeout
        );
        let problem = findings.problem(message).at(health.origins.block, arithmetic);
        let problem = match rollout {
            Some(rollout) => problem.also(rollout.origins.field("deadline").span, "given up after this time"),
            None => {
                problem.also(place.service.label.span, format!("has no `rollout`: given up after {deadline}"))
            }
        };
        let problem = problem.help(format!(
            "shorten `start`, `every` or `retries`, or set `deadline` of `rollout` to more than {budget}"
        ));
        findings.add(place.subject(), problem);
    }
}
