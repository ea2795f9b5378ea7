//! A machine that is smaller than what its services reserve: the last ones would not start.

use crate::diagnostic::{Level, codes};
use crate::model::Service;
use crate::schema::{Cpu, Size};

use crate::lint::{Family, Findings, Rule, Scene, place::Subject};

pub(super) const RULE: Rule =
    Rule { code: codes::SMALL_MACHINE, family: Family::Capacity, level: Level::Error, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for environment in scene.plan.environments.iter().filter(|known| known.model.compose().is_some()) {
        let Some(machine) = &environment.model.block.machine else { continue };
        let services = environment.model.services.values();
        let wanted: Vec<(&Service, u64, u64)> = services.map(reserved).collect();
        let memory: u64 = wanted.iter().map(|(_, memory, _)| memory).sum();
        let cpu: u64 = wanted.iter().map(|(_, _, cpu)| cpu).sum();
        let name = environment.name();
        let subject = || Subject::new(&environment.model, "environment", &environment.model.name);
        if memory > machine.memory.0 {
            let mut problem = findings
                .problem(format!(
                    "the services of `{name}` reserve {}, but its machine has {}",
                    round(memory),
                    machine.memory
                ))
                .at(machine.origins.field("memory").span, "less than what is reserved")
                .help("reserve less, `reserve { memory = … }`, or take a larger machine");
            if let Some((largest, memory, _)) = wanted.iter().max_by_key(|(_, memory, _)| *memory) {
                problem =
                    problem.also(largest.origins.field("memory").span, format!("{} of it", round(*memory)));
            }
            findings.add(subject(), problem);
        }
        if cpu > u64::from(machine.cpu.0) {
            let message = format!(
                "the services of `{name}` reserve {} processors, but its machine has {}",
                Cpu(u32::try_from(cpu).unwrap_or(u32::MAX)),
                machine.cpu
            );
            let problem = findings
                .problem(message)
                .at(machine.origins.field("cpu").span, "fewer than what is reserved")
                .help("reserve less, `reserve { cpu = … }`, or take a larger machine");
            findings.add(subject(), problem);
        }
    }
}

/// What all instances of a service reserve: bytes and thousandths of a processor; half of the limits by default.
fn reserved(service: &Service) -> (&Service, u64, u64) {
    let instances = u64::from(service.scale.as_ref().map_or(service.replicas, |scale| scale.min));
    let reserve = service.reserve.as_ref();
    let memory = reserve.and_then(|reserve| reserve.memory).map_or(service.memory.0 / 2, |memory| memory.0);
    let cpu = reserve.and_then(|reserve| reserve.cpu).map_or(service.cpu.0 / 2, |cpu| cpu.0);
    (service, memory.saturating_mul(instances), u64::from(cpu).saturating_mul(instances))
}

/// In whole mebibytes, so that people can read it.
fn round(bytes: u64) -> Size {
    Size::mib(bytes >> 20)
}
