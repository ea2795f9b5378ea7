//! Storage at a path where a known image keeps nothing and that nothing tells it: the data goes elsewhere.

use crate::diagnostic::{Level, codes};

use crate::lint::{Family, Findings, Rule, Scene, container::below, place::Place};

pub(super) const RULE: Rule =
    Rule { code: codes::IDLE_VOLUME, family: Family::State, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        let (Some(facts), Some(image)) = (place.facts(scene), place.image()) else { continue };
        let kept = facts.data_paths(image.tag.as_deref());
        let own = || kept.iter().map(|data| &*data.path);
        let scratch = || facts.writable_paths.iter().map(|path| &**path);
        let storage = place.service.volume.iter().filter(|(_, volume)| volume.from.is_none());
        for (path, volume) in storage.filter(|_| !kept.is_empty()) {
            let overlaps = |known: &str| below(path, known).is_some() || below(known, path).is_some();
            if own().chain(scratch()).any(overlaps) || is_told(place, path) {
                continue;
            }
            let known: Vec<String> = own().map(|path| format!("`{path}`")).collect();
            let problem = findings
                .problem(format!("`{image}` keeps nothing at `{path}`"))
                .at(volume.label.span, "stays empty")
                .also(place.image_span(), format!("keeps its data at {}", known.join(", ")))
                .help(format!("its data is at {}; or tell it this path", known.join(", ")));
            findings.add(place.subject(), problem);
        }
    }
}

/// Whether a command, a variable or a mounted file names the path, so that the image may use it.
fn is_told(place: Place<'_>, path: &str) -> bool {
    let texts =
        place.texts().any(|written| written.text.as_literal().is_some_and(|text| text.contains(path)));
    texts || !place.service.files.is_empty()
}
