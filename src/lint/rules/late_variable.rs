//! A variable that is read when a page is compiled, set where it runs: the page was made without it. Must not know a
//! framework: the standard library lists how such names begin.

use crate::diagnostic::{Level, codes};
use crate::schema::Layer;

use crate::lint::{Family, Findings, Rule, Scene, place::Place, told::is_developed};

pub(super) const RULE: Rule =
    Rule { code: codes::LATE_VARIABLE, family: Family::Contract, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services().filter(|place| !is_developed(*place)) {
        for (name, entry) in &place.service.env {
            let is_baked = scene.catalogue.baked().iter().any(|start| name.starts_with(start.as_str()));
            // Who declares what is read at which time has said it better; presets know what they do.
            let is_known = place.service.reads.contains_key(name) || entry.origin.layer == Layer::Preset;
            if !is_baked || is_known || is_built_with(place, name) {
                continue;
            }
            let problem = findings
                .problem(format!(
                    "`{name}` of `{}` is read when the page is compiled, not when it runs",
                    place.name
                ))
                .at(entry.origin.span, "has no effect any more");
            let problem = match (&place.service.build, place.image()) {
                (Some(build), _) => problem
                    .also(build.origins.block, "compiled here, without it")
                    .help(format!("move it to `build {{ args {{ {name} = … }} }}`, and let the stage read it: `args = [\"{name}\"]`")),
                (None, Some(image)) => problem
                    .also(place.image_span(), format!("`{image}` was compiled before"))
                    .help("set it where the image is built, or let the page ask for it when it runs"),
                (None, None) => problem,
            };
            findings.add(place.subject(), problem);
        }
    }
}

/// Whether the build has the variable as well.
fn is_built_with(place: Place<'_>, name: &str) -> bool {
    place.service.build.as_ref().is_some_and(|build| {
        build.args.contains_key(name) || build.stage.values().any(|stage| stage.env.contains_key(name))
    })
}
