//! An image, run or built from, that got its last fixes before the catalogue was read. Must not ask what day it is: the
//! same input gives the same answer.

use crate::diagnostic::{Level, codes};
use crate::schema::ImageRef;
use crate::source::Span;

use crate::lint::{Family, Findings, Rule, Scene, place::Place};

pub(super) const RULE: Rule =
    Rule { code: codes::END_OF_LIFE, family: Family::Images, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        let service = place.service;
        if let Some(image) = &service.image {
            look(scene, place, image, place.image_span(), findings);
        }
        if let Some(build) = &service.build {
            for stage in build.stage.values().filter(|stage| !build.stage.contains_key(&*stage.from)) {
                if let Ok(image) = ImageRef::parse(&stage.from) {
                    look(scene, place, &image, stage.origins.field("from").span, findings);
                }
            }
        }
    }
}

fn look(scene: &Scene<'_>, place: Place<'_>, image: &ImageRef, span: Span, findings: &mut Findings) {
    let (Some(facts), Some(tag)) = (scene.catalogue.image(image), image.tag.as_deref()) else { return };
    let Some(end) = facts.ended(tag) else { return };
    let problem =
        findings.problem(format!("`{image}` has had no fixes since {end}")).at(span, "its holes stay open");
    let problem = match &facts.default {
        Some(current) => {
            problem.help(format!("move to a maintained version, such as `{}:{current}`", image.name()))
        }
        None => problem.help("move to a maintained version"),
    };
    findings.add(place.subject(), problem);
}
