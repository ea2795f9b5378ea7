//! An image whose tag is moved on purpose: tomorrow's is another program. A digest in `stackc.lock` stops it.

use crate::diagnostic::{Level, codes};
use crate::schema::ImageRef;
use crate::source::Span;

use crate::lint::{Family, Findings, Rule, Scene, place::Place};

pub(super) const RULE: Rule =
    Rule { code: codes::MOVING_TAG, family: Family::Images, level: Level::Warning, check };

/// Tags that say where development is, not what was tested.
const MOVING: &[&str] =
    &["latest", "stable", "edge", "main", "master", "nightly", "dev", "rolling", "current", "lts"];

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        for (image, span) in images(place) {
            let tag = image.tag.as_deref().unwrap_or("latest");
            if !MOVING.contains(&tag) || scene.plan.pinned(&image).digest.is_some() {
                continue;
            }
            let message = format!("`{image}` is another image whenever somebody pushes it");
            let problem = findings
                .problem(message)
                .at(span, format!("`{tag}` moves"))
                .help("name the version that you have tested, such as `:1.4.2`, or a digest");
            findings.add(place.subject(), problem);
        }
    }
}

/// The images that a service runs, is built from or is saved with.
fn images(place: Place<'_>) -> Vec<(ImageRef, Span)> {
    let service = place.service;
    let mut found: Vec<(ImageRef, Span)> =
        service.image.iter().map(|image| (image.clone(), place.image_span())).collect();
    if let Some(backup) = &service.backup {
        found.extend(backup.image.iter().map(|image| (image.clone(), backup.origins.field("image").span)));
    }
    if let Some(build) = &service.build {
        let names = |name: &str| build.stage.contains_key(name);
        for stage in build.stage.values() {
            let from = (!names(&stage.from)).then(|| (&*stage.from, stage.origins.field("from").span));
            let takes = stage.take.values().map(|take| (&*take.label.value, take.label.span));
            let all = from.into_iter().chain(takes.filter(|(name, _)| !names(name)));
            found.extend(all.filter_map(|(name, span)| Some((ImageRef::parse(name).ok()?, span))));
        }
    }
    found
}
