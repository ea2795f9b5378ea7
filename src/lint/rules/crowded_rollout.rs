//! A machine on which what runs has room, and what runs during a rollout has not: the new version is killed or never ready.

use crate::diagnostic::{Level, codes};
use crate::model::{RolloutKind, Service};
use crate::schema::Size;

use crate::lint::{Family, Findings, Rule, Scene, place::Subject};

pub(super) const RULE: Rule =
    Rule { code: codes::CROWDED_ROLLOUT, family: Family::Capacity, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for environment in scene.plan.environments.iter().filter(|known| known.model.compose().is_some()) {
        let Some(machine) = &environment.model.block.machine else { continue };
        let services = || environment.model.services.values();
        let always: u64 =
            services().map(|service| service.reserved().0.saturating_mul(service.instances().into())).sum();
        // What has no room at all is another rule's.
        if always > machine.memory.0 {
            continue;
        }
        for (service, beside) in services().filter_map(|service| Some((service, beside(service)?))) {
            let (own, _) = service.reserved();
            let needed = always.saturating_add(own.saturating_mul(beside));
            if needed <= machine.memory.0 {
                continue;
            }
            let name = &service.label.value;
            let span = service.rollout.as_ref().map_or(service.label.span, |rollout| rollout.origins.block);
            let problem = findings
                .problem(format!(
                    "during a rollout of `{name}` {} are reserved, but the machine of `{}` has {}",
                    Size::mib(needed >> 20),
                    environment.name(),
                    machine.memory
                ))
                .at(span, format!("{beside} more of {} beside those that run", Size::mib(own >> 20)))
                .also(machine.origins.field("memory").span, "less than both together")
                .help("reserve less, take a larger machine, or replace instances one by one: `rollout recreate { }`");
            findings.add(Subject::new(&environment.model, "service", name), problem);
        }
    }
}

/// How many instances a rollout adds to those that run.
fn beside(service: &Service) -> Option<u64> {
    let rollout = service.rollout.as_ref().filter(|_| !service.is_stateful())?;
    match rollout.kind() {
        RolloutKind::BlueGreen => Some(service.instances().into()),
        RolloutKind::Canary => Some(1),
        RolloutKind::Rolling => Some(rollout.surge.min(service.instances()).into()),
        RolloutKind::Recreate => None,
    }
}
