//! A program that is told to use as much memory as its container may have, or more: it is killed before it is full.

use crate::catalogue::Means;
use crate::diagnostic::{Level, codes};
use crate::schema::Size;

use crate::lint::{Family, Findings, Rule, Scene, limits::limits};

pub(super) const RULE: Rule =
    Rule { code: codes::GREEDY_SETTING, family: Family::Capacity, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        let limit = place.service.memory;
        for told in limits(scene, place, Means::Memory) {
            let Some(bytes) = told.setting.number(&told.written).filter(|bytes| *bytes >= limit.0) else {
                continue;
            };
            let name = &told.setting.name;
            let message = format!(
                "`{name}` lets `{}` use {}, but the limit of its memory is {limit}",
                place.name,
                Size(bytes)
            );
            let problem = findings
                .problem(message)
                .at(told.span, format!("`{name}` is {}", told.written))
                .also(place.span_of("memory"), "killed at this size")
                .help("leave room for the rest of the process: three quarters of the limit is usual");
            findings.add(place.subject(), problem);
        }
    }
}
