//! A folder in memory at the very path of a volume: an engine refuses two mounts at one path, and a cluster too.

use crate::diagnostic::{Level, codes};

use crate::lint::{Family, Findings, Rule, Scene};

pub(super) const RULE: Rule =
    Rule { code: codes::HIDDEN_VOLUME, family: Family::State, level: Level::Error, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        let service = place.service;
        let plain = |path: &str| path.trim_end_matches('/').to_owned();
        for (path, volume) in &service.volume {
            if !service.writable.iter().any(|folder| plain(folder) == plain(path)) {
                continue;
            }
            let problem = findings
                .problem(format!(
                    "`{path}` of `{}` is a volume and a folder that is lost on restart",
                    place.name
                ))
                .at(service.origins.field("writable").span, "in memory")
                .also(volume.label.span, "on a volume")
                .help("take it out of `writable`: a volume may be written to");
            findings.add(place.subject(), problem);
        }
    }
}
