//! A file or folder that a container gets under a name that differs from its own by one letter: a slip, not a new name.

use crate::diagnostic::{Level, codes};
use crate::source::Span;

use crate::lint::{Family, Findings, Rule, Scene, place::Place};

pub(super) const RULE: Rule =
    Rule { code: codes::SLIPPED_NAME, family: Family::Images, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        for (source, target, span, is_value) in pairs(place) {
            let (Some(own), Some(new)) = (last(source), last(target)) else { continue };
            if own == new || own.len() < 3 || strsim::osa_distance(own, new) != 1 {
                continue;
            }
            let problem = findings
                .problem(format!("`{own}` becomes `{new}` in the container of `{}`", place.name))
                .at(span, "differs by one letter");
            // The place is that of the value: of a mount that is where the file comes from.
            let problem = if is_value {
                let folder = target.strip_suffix(new).unwrap_or_default();
                Findings::meant(problem, span, &format!("{folder}{own}"))
            } else {
                problem.help(format!("did you mean `{own}`?"))
            };
            findings.add(place.subject(), problem);
        }
    }
}

/// Where files come from and where they go, a place for it, and whether it is that of where they go.
fn pairs(place: Place<'_>) -> Vec<(&str, &str, Span, bool)> {
    let service = place.service;
    let stages = service.build.iter().flat_map(|build| build.stage.values());
    let takes = stages.flat_map(|stage| stage.take.values()).flat_map(|take| &take.files);
    let takes = takes.map(|(source, target)| (&**source, &*target.value, target.origin.span, true));
    let mounts = service.files.iter().chain(service.dev.iter().flat_map(|dev| &dev.mount));
    let mounts = mounts.map(|(target, source)| (&*source.value, &**target, source.origin.span, false));
    takes.chain(mounts).collect()
}

/// The last component of a path that has a name of its own.
fn last(path: &str) -> Option<&str> {
    let name = path.rsplit('/').next()?;
    (!name.is_empty() && name != ".").then_some(name)
}
