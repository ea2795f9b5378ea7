//! Build arguments that no stage reads, and those that a stage reads and nobody gives.

use crate::diagnostic::{Level, codes, suggest};

use crate::lint::{Family, Findings, Rule, Scene};

pub(super) const RULE: Rule =
    Rule { code: codes::IDLE_ARGUMENT, family: Family::Images, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        let Some(build) = &place.service.build else { continue };
        let read = || build.stage.values().flat_map(|stage| stage.args.iter().map(|name| &**name));
        for (name, value) in &build.args {
            if read().any(|known| known == &**name) {
                continue;
            }
            let problem = findings
                .problem(format!("no stage of `{}` reads the build argument `{name}`", place.name))
                .at(value.origin.span, "has no effect");
            let unset = read().filter(|known| !build.args.contains_key(*known));
            let problem = match suggest::closest(name, unset) {
                Some(near) => problem.help(format!("did you mean `{near}`?")),
                None => problem.help(format!("name it in the stage that needs it: `args = [\"{name}\"]`")),
            };
            findings.add(place.subject(), problem);
        }
    }
}
