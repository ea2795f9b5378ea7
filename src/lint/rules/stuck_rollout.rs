//! A rolling rollout that may neither add an instance nor take one away, or that may take all of them away.

use crate::diagnostic::{Edit, Level, codes};
use crate::model::RolloutKind;

use crate::lint::{Family, Findings, Rule, Scene};

pub(super) const RULE: Rule =
    Rule { code: codes::STUCK_ROLLOUT, family: Family::Capacity, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        let service = place.service;
        let Some(rollout) = service.rollout.as_ref().filter(|rollout| rollout.kind() == RolloutKind::Rolling)
        else {
            continue;
        };
        let instances = service.instances();
        if rollout.surge == 0 && rollout.unavailable == 0 {
            let problem = findings
                .problem(format!("a rollout of `{}` could never begin", place.name))
                .at(rollout.origins.field("surge").span, "none may be added")
                .also(rollout.origins.field("unavailable").span, "and none may be missing")
                .help("write `surge = 1`")
                .safe_fix(
                    "add one",
                    vec![Edit { span: rollout.origins.field("surge").span, text: "1".to_owned() }],
                );
            findings.add(place.subject(), problem);
        } else if rollout.unavailable >= instances && place.is_production() {
            let field = service.scaled_by();
            let message = format!("a rollout may stop all {instances} instances of `{}` at once", place.name);
            let problem = findings
                .problem(message)
                .at(rollout.origins.field("unavailable").span, "may be missing")
                .also(place.span_of(field), "all that there are")
                .help("write `unavailable = 0, surge = 1`; if an outage is wanted, `rollout recreate { }` says so");
            findings.add(place.subject(), problem);
        }
    }
}
