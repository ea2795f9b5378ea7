//! A production service whose image keeps data where no volume is: the data is gone with the container.

use crate::diagnostic::{Level, codes};

use crate::lint::{Family, Findings, Rule, Scene};

pub(super) const RULE: Rule =
    Rule { code: codes::LOST_DATA, family: Family::State, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.production() {
        let (Some(facts), Some(image)) = (place.facts(scene), place.image()) else { continue };
        for data in facts.data_paths(image.tag.as_deref()) {
            let covers = |volume: &str| {
                let volume = volume.trim_end_matches('/');
                data.path == volume || data.path.starts_with(&format!("{volume}/"))
            };
            if place.service.volume.keys().any(|volume| covers(volume)) {
                continue;
            }
            let message = format!("`{}` keeps its data in `{}`, where no volume is", place.name, data.path);
            let mut problem = findings
                .problem(message)
                .at(place.image_span(), "what it writes there is gone with the container")
                .help(format!("add `volume \"{}\" {{ }}`", data.path));
            for volume in place.service.volume.values() {
                problem = problem.also(volume.label.span, "a volume, but not there");
            }
            findings.add(place.subject(), problem);
        }
    }
}
