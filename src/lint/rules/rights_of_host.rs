//! A process that is root and has a right with which root leaves its container.

use crate::diagnostic::{Level, codes};

use crate::lint::{Family, Findings, Rule, Scene};

pub(super) const RULE: Rule =
    Rule { code: codes::RIGHTS_OF_HOST, family: Family::Network, level: Level::Warning, check };

/// Rights that are not about the container: to mount, to load modules, to reach devices, to open any file of the
/// machine by its number (capabilities(7)).
const OF_HOST: [&str; 5] = ["ALL", "SYS_ADMIN", "SYS_MODULE", "SYS_RAWIO", "DAC_READ_SEARCH"];

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.production().filter(|place| place.service.user.uid == 0) {
        for written in &place.service.capabilities {
            let upper = written.to_ascii_uppercase();
            let name = upper.strip_prefix("CAP_").unwrap_or(&upper);
            if !OF_HOST.contains(&name) {
                continue;
            }
            let problem = findings
                .problem(format!("`{}` is root with `{name}`: what gets into it has the machine", place.name))
                .at(place.span_of("capabilities"), "a right over the machine")
                .also(place.span_of("user"), "root, who can use it")
                .help("leave the right out, or run as another user; give the work that needs it a machine of its own");
            findings.add(place.subject(), problem);
        }
    }
}
