//! More reserved than allowed: a cluster refuses it, and on one machine it cannot be kept.

use crate::diagnostic::{Edit, Level, codes};

use crate::lint::{Family, Findings, Rule, Scene};

pub(super) const RULE: Rule =
    Rule { code: codes::GREEDY_RESERVE, family: Family::Capacity, level: Level::Error, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        let service = place.service;
        let Some(reserve) = &service.reserve else { continue };
        let memory = reserve.memory.filter(|memory| *memory > service.memory);
        let cpu = reserve.cpu.filter(|cpu| *cpu > service.cpu);
        let memory = memory.map(|memory| ("memory", memory.to_string(), service.memory.to_string()));
        let cpu = cpu.map(|cpu| ("cpu", cpu.to_string(), service.cpu.to_string()));
        for (field, reserved, limit) in memory.into_iter().chain(cpu) {
            let span = reserve.origins.field(field).span;
            let edit = Edit { span, text: limit.clone() };
            let problem = findings
                .problem(format!(
                    "`{}` reserves {reserved} of `{field}`, but may use only {limit}",
                    place.name
                ))
                .at(span, "more than the limit")
                .also(place.span_of(field), format!("the limit is {limit}"))
                .help(format!("reserve at most the limit, or raise `{field}`"))
                .safe_fix(format!("reserve {limit}"), vec![edit]);
            findings.add(place.subject(), problem);
        }
    }
}
