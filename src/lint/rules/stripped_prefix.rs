//! A prefix that is cut off before a service that answers below it: every request misses. Must not read routes: a quoted
//! path that begins so is taken for one.

use crate::diagnostic::{Level, codes};

use crate::lint::{Family, Findings, Rule, Scene};

pub(super) const RULE: Rule =
    Rule { code: codes::STRIPPED_PREFIX, family: Family::Edge, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        for (_, route) in place.routes().filter(|(_, route)| route.strip) {
            let label = &route.label.value;
            let Some(prefix) = label.strip_prefix('/').and_then(|rest| rest.split('/').next()) else {
                continue;
            };
            let Some(mentions) = scene.sources.of_image(scene.plan, place) else { continue };
            if prefix.is_empty() || !mentions.iter().any(|mentions| mentions.has_path(prefix)) {
                continue;
            }
            let problem = findings
                .problem(format!(
                    "`{label}` is cut off before `{}`, whose sources answer below it",
                    place.name
                ))
                .at(route.origins.field("strip").span, format!("`{label}/x` arrives as `/x`"))
                .also(place.service.label.span, format!("mentions paths that begin with `/{prefix}`"))
                .help("leave `strip` out");
            let edit =
                crate::diagnostic::Edit { span: route.origins.field("strip").span, text: "false".to_owned() };
            let problem = problem.maybe_fix("keep the prefix", vec![edit]);
            findings.add(place.subject(), problem);
        }
    }
}
