//! Sources that development mounts at a place where the image does not have them: what people change is not what runs.

use crate::diagnostic::{Level, codes};
use crate::model::Mode;
use crate::plan::final_stage;

use crate::lint::{Family, Findings, Rule, Scene, container::Layout};

pub(super) const RULE: Rule =
    Rule { code: codes::STRAY_MOUNT, family: Family::Images, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        if place.environment.model.block.mode != Mode::Development {
            continue;
        }
        let (Some(build), Some(dev)) = (&place.service.build, &place.service.dev) else { continue };
        let Some(stage) = final_stage(build, true).filter(|_| !dev.mount.is_empty()) else { continue };
        let layout = Layout::of_stage(&scene.sources, build, stage);
        for (at, file) in &dev.mount {
            let known = layout.places_of(&file.value);
            let Some(first) = known.first().filter(|_| !known.iter().any(|known| known == &**at)) else {
                continue;
            };
            let problem = findings
                .problem(format!("`{}` is mounted at `{at}`, where the image does not have it", &*file.value))
                .at(file.origin.span, "changes do not reach the process")
                .also(stage.origins.block, format!("this stage has it at `{first}`"))
                .help(format!("mount it at `{first}`"));
            findings.add(place.subject(), problem);
        }
    }
}
