//! An image that the catalogue does not know and that looks much like one that it knows. Must not judge unknown images.

use std::collections::BTreeMap;

use crate::diagnostic::{Level, codes};
use crate::schema::ImageRef;
use crate::source::Span;

use crate::lint::{Family, Findings, Rule, Scene, container::image_of, place::Place};

pub(super) const RULE: Rule =
    Rule { code: codes::MISSPELT_IMAGE, family: Family::Images, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    let mut asked: BTreeMap<String, Option<&str>> = BTreeMap::new();
    for place in scene.services() {
        for (image, span) in images(place) {
            if scene.catalogue.image(&image).is_some() {
                continue;
            }
            let name = image.name();
            let near = *asked.entry(name.clone()).or_insert_with(|| scene.catalogue.near(&name));
            let Some(near) = near else { continue };
            let problem =
                findings.problem(format!("no image `{name}` is known")).at(span, "looks like another one");
            let problem = Findings::meant(problem, span, &image.to_string().replacen(&name, near, 1));
            findings.add(place.subject(), problem);
        }
    }
}

/// What runs, and what stages and backups are made from.
fn images(place: Place<'_>) -> Vec<(ImageRef, Span)> {
    let service = place.service;
    let mut found: Vec<(ImageRef, Span)> = Vec::new();
    found.extend(place.image().map(|image| (image.clone(), place.image_span())));
    if let Some(build) = &service.build {
        for stage in build.stage.values() {
            let span = stage.origins.field("from").span;
            found.extend(image_of(build, &stage.from).map(|image| (image, span)));
            for (from, take) in &stage.take {
                found.extend(image_of(build, from).map(|image| (image, take.label.span)));
            }
        }
    }
    for backup in service.backup.iter().filter(|backup| backup.enabled) {
        found.extend(backup.image.clone().map(|image| (image, backup.origins.field("image").span)));
        let offsite = backup.offsite_image.clone();
        found.extend(offsite.map(|image| (image, backup.origins.field("offsite_image").span)));
    }
    found
}
