//! A rollout that runs the old and the new version at once over storage that belongs to one of them.

use crate::diagnostic::{Level, codes};
use crate::model::RolloutKind;

use crate::lint::{Family, Findings, Rule, Scene};

pub(super) const RULE: Rule =
    Rule { code: codes::OVERLAPPING_ROLLOUT, family: Family::State, level: Level::Error, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        let service = place.service;
        let Some(rollout) = &service.rollout else { continue };
        let overlaps = matches!(rollout.kind(), RolloutKind::BlueGreen | RolloutKind::Canary);
        let own = service.volume.values().find(|volume| !volume.shared && volume.from.is_none());
        let Some(volume) = own.filter(|_| overlaps) else { continue };
        let kind = &rollout.label.value;
        let message = format!("`{}` would run twice over one volume during a `{kind}` rollout", place.name);
        let problem = findings
            .problem(message)
            .at(rollout.origins.block, "the old and the new version run side by side")
            .also(volume.label.span, "belongs to one of them")
            .help("use `rollout recreate { }`, which stops the old version first");
        findings.add(place.subject(), problem);
    }
}
