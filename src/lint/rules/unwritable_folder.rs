//! A folder that an image prepares for its process to write to, and the storage that should be there, at different paths.

use crate::diagnostic::{Level, codes};
use crate::model::Mode;
use crate::plan::final_stage;

use crate::lint::{Family, Findings, Rule, Scene, container::below};

pub(super) const RULE: Rule =
    Rule { code: codes::UNWRITABLE_FOLDER, family: Family::Images, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        let service = place.service;
        let Some(build) = &service.build else { continue };
        let is_development = place.environment.model.block.mode == Mode::Development;
        let Some(stage) = final_stage(build, is_development) else { continue };
        let name = place.name;
        let prepared = || stage.writable.iter().map(|path| &**path);
        let covers = |folder: &str, path: &str| below(path, folder).is_some();
        for folder in prepared().filter(|_| service.read_only) {
            let volumes = service.volume.keys().map(|path| &**path);
            let mut stored = volumes.chain(service.writable.iter().map(|path| &**path));
            if stored.any(|stored| covers(stored, folder) || covers(folder, stored)) {
                continue;
            }
            let problem = findings
                .problem(format!("`{name}` cannot write to `{folder}`: its root file system is read-only"))
                .at(stage.origins.field("writable").span, "prepared for writing")
                .help(format!("add `volume \"{folder}\" {{ }}` for what must survive, or name it in `writable` of the service"));
            findings.add(place.subject(), problem);
        }
        let storage = service.volume.iter().filter(|(_, volume)| volume.from.is_none());
        for (path, volume) in storage.filter(|_| service.user.uid != 0) {
            if prepared().any(|folder| covers(folder, path)) {
                continue;
            }
            let problem = findings
                .problem(format!(
                    "the volume at `{path}` belongs to root, and `{name}` runs as {}",
                    service.user
                ))
                .at(volume.label.span, "the image has no folder here that the process owns")
                .also(stage.origins.block, "the stage that runs")
                .help(format!("add `writable = [\"{path}\"]` to the stage"));
            findings.add(place.subject(), problem);
        }
    }
}
