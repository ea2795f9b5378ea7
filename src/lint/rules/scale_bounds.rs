//! A scale whose least is more than its most, or that nothing moves.

use crate::diagnostic::{Level, codes};

use crate::lint::{Family, Findings, Rule, Scene};

pub(super) const RULE: Rule =
    Rule { code: codes::SCALE_BOUNDS, family: Family::Capacity, level: Level::Error, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        let Some(scale) = &place.service.scale else { continue };
        if scale.min > scale.max {
            let problem = findings
                .problem(format!(
                    "`{}` scales from {} to {}, which is less",
                    place.name, scale.min, scale.max
                ))
                .at(scale.origins.field("max").span, "the most")
                .also(scale.origins.field("min").span, "the least")
                .help("exchange them, or raise `max`");
            findings.add(place.subject(), problem);
        } else if scale.min == 0 {
            let problem = findings
                .problem(format!(
                    "`{}` would scale down to nothing, and nothing would wake it again",
                    place.name
                ))
                .at(scale.origins.field("min").span, "expected at least 1")
                .help("write `min = 1`");
            findings.add(place.subject(), problem);
        }
    }
}
