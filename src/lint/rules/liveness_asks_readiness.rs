//! A liveness check whose path says that it asks for readiness. Where a cluster restarts what is not alive, an outage of a
//! database then restarts everything that uses it.

use crate::diagnostic::{Level, codes};

use crate::lint::{Family, Findings, Rule, Scene};

pub(super) const RULE: Rule =
    Rule { code: codes::LIVENESS_ASKS_READINESS, family: Family::Health, level: Level::Warning, check };

/// Last words of paths that answer whether a service may take traffic, dependencies included.
const READINESS: &[&str] = &["ready", "readyz", "readiness"];

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services().filter(|place| place.environment.model.kubernetes().is_some()) {
        let Some(health) = &place.service.health else { continue };
        let Some(path) = health.http.as_ref().filter(|_| health.ready.is_none()) else { continue };
        let last = path.rsplit('/').next().unwrap_or_default();
        if !READINESS.contains(&last) {
            continue;
        }
        let message =
            format!("`{}` is restarted when `{path}` fails, which asks what it depends on", place.name);
        let problem = findings
            .problem(message)
            .at(health.origins.field("http").span, "asked for liveness and for readiness")
            .help(format!("keep it for readiness, `ready = \"{path}\"`, and give `http` a path that asks the process only"));
        findings.add(place.subject(), problem);
    }
}
