//! Several instances on one machine that share storage made for one: each believes that it is the only one who writes.

use crate::diagnostic::{Level, codes};

use crate::lint::{Family, Findings, Rule, Scene, place::Place};

pub(super) const RULE: Rule =
    Rule { code: codes::SEVERAL_WRITERS, family: Family::State, level: Level::Error, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    // In a cluster every instance has storage of its own; on one machine they would share it.
    for place in scene.services().filter(|place| place.environment.model.compose().is_some()) {
        let service = place.service;
        let instances = service.instances();
        let own = service.volume.values().find(|volume| !volume.shared && volume.from.is_none());
        let Some(volume) = own.filter(|_| instances > 1) else { continue };
        let field = service.scaled_by();
        let message = format!("{instances} instances of `{}` would write to one volume", place.name);
        let problem = findings
            .problem(message)
            .at(place.span_of(field), "more than one")
            .also(volume.label.span, "made for one")
            .help("run one instance; or set `shared = true` where the program locks what it writes");
        findings.add(place.subject(), problem);
    }
    for place in scene.services().filter(|place| place.environment.model.compose().is_none()) {
        divided(place, findings);
    }
}

/// In a cluster, a number of instances that follows the load, each with storage of its own: what one has written, the
/// next request does not find. A fixed number may be members of one datastore, which share what they know.
fn divided(place: Place<'_>, findings: &mut Findings) {
    let Some(scale) = place.service.scale.as_ref().filter(|scale| scale.max > 1) else { return };
    let own = place.service.volume.values().find(|volume| !volume.shared && volume.from.is_none());
    let Some(volume) = own else { return };
    let problem = findings
        .problem(format!("each of up to {} instances of `{}` would have data of its own", scale.max, place.name))
        .at(place.span_of("scale"), "follows the load")
        .also(volume.label.span, "one for each instance")
        .help("run a fixed number; or set `shared = true`, and name a storage class that several machines can mount");
    findings.add(place.subject(), problem);
}
