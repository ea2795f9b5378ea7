//! A known image with data that runs as another user than the one who owns that data in it.

use crate::diagnostic::{Edit, Level, codes};
use crate::schema::UserId;

use crate::lint::{Family, Findings, Rule, Scene};

pub(super) const RULE: Rule =
    Rule { code: codes::IMAGE_USER, family: Family::Images, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        let (Some(facts), Some(image)) = (place.facts(scene), place.image()) else { continue };
        let tag = image.tag.as_deref();
        let user = facts.variant(tag).and_then(|variant| variant.user.as_deref());
        let Some(owner) = user.and_then(|user| UserId::parse(user).ok()) else { continue };
        let service = place.service;
        if facts.data_paths(tag).is_empty() || service.user == owner || service.user.uid == 0 {
            continue;
        }
        let origins = &service.origins;
        let mut problem = findings
            .problem(format!(
                "`{}` runs as {}, but the data of `{image}` belongs to {owner}",
                place.name, service.user
            ))
            .help(format!("write `user = \"{owner}\"`"));
        if origins.is_set("user") {
            let span = origins.field("user").span;
            let edit = Edit { span, text: format!("\"{owner}\"") };
            problem = problem
                .at(span, "cannot write there")
                .also(place.image_span(), format!("made for {owner}"))
                .safe_fix(format!("replace with `\"{owner}\"`"), vec![edit]);
        } else {
            problem = problem.at(place.image_span(), "the user of the service is the one without rights");
        }
        findings.add(place.subject(), problem);
    }
}
