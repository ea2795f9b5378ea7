//! A machine that is smaller than what its services reserve: the last ones would not start. In a cluster, machines that
//! are smaller than one instance.

use crate::diagnostic::{Level, codes};
use crate::model::{HostSize, Service};
use crate::plan::EnvironmentPlan;
use crate::schema::{Cpu, Size};

use crate::lint::{Family, Findings, Rule, Scene, place::Subject};

pub(super) const RULE: Rule =
    Rule { code: codes::SMALL_MACHINE, family: Family::Capacity, level: Level::Error, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for environment in &scene.plan.environments {
        let Some(machine) = &environment.model.block.machine else { continue };
        if environment.model.compose().is_none() {
            unscheduled(environment, machine, findings);
            continue;
        }
        let services = environment.model.services.values();
        let wanted: Vec<(&Service, u64, u64)> = services.map(|service| reserved(service)).collect();
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
            let problem = match wanted.iter().max_by_key(|(_, _, cpu)| *cpu) {
                Some((largest, _, cpu)) => {
                    let of_it = format!("{} of it", Cpu(u32::try_from(*cpu).unwrap_or(u32::MAX)));
                    problem.also(largest.origins.field("cpu").span, of_it)
                }
                None => problem,
            };
            findings.add(subject(), problem);
        }
    }
}

/// What all instances of a service reserve: bytes and thousandths of a processor.
fn reserved(service: &Service) -> (&Service, u64, u64) {
    let (memory, cpu) = service.reserved();
    let instances = u64::from(service.instances());
    (service, memory.saturating_mul(instances), u64::from(cpu).saturating_mul(instances))
}

/// In a cluster, an instance that no machine has room for: it is never scheduled.
fn unscheduled(environment: &EnvironmentPlan, machine: &HostSize, findings: &mut Findings) {
    for (name, service) in &environment.model.services {
        let (memory, cpu) = service.reserved();
        let is_large = memory > machine.memory.0;
        if !service.runs_in_cluster() || !is_large && cpu <= machine.cpu.0 {
            continue;
        }
        let (own, has, field) = if is_large {
            (round(memory).to_string(), machine.memory.to_string(), "memory")
        } else {
            (format!("{} processors", Cpu(cpu)), machine.cpu.to_string(), "cpu")
        };
        let span = service.origins.written(field).unwrap_or(service.label.span);
        let problem = findings
            .problem(format!(
                "an instance of `{name}` reserves {own}, but a machine of `{}` has {has}",
                environment.name()
            ))
            .at(span, "never scheduled")
            .also(machine.origins.field(field).span, "less than one instance needs")
            .help(format!("reserve less, `reserve {{ {field} = … }}`, or take larger machines"));
        findings.add(Subject::new(&environment.model, "service", name), problem);
    }
}

/// In whole mebibytes, so that people can read it.
fn round(bytes: u64) -> Size {
    Size::mib(bytes >> 20)
}
