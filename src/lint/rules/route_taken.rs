//! Two routes of one ingress that differ by a slash at the end: a web server refuses to start with both.

use std::collections::BTreeMap;

use crate::diagnostic::{Level, codes};
use crate::model::Route;

use crate::lint::{Family, Findings, Rule, Scene, place::Subject};

pub(super) const RULE: Rule =
    Rule { code: codes::ROUTE_TAKEN, family: Family::Edge, level: Level::Error, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for environment in &scene.plan.environments {
        for (name, ingress) in &environment.model.ingresses {
            let mut taken: BTreeMap<&str, &Route> = BTreeMap::new();
            for route in ingress.route.values().filter(|route| !route.exact) {
                let path = route.label.value.trim_end_matches('/');
                let Some(other) = taken.insert(path, route) else { continue };
                let problem = findings
                    .problem(format!("`{name}` routes `{path}/` twice"))
                    .at(route.label.span, "second use")
                    .also(other.label.span, "first use")
                    .help(
                        "remove one of them: a path stands for all that is below it, with a slash or without",
                    );
                findings.add(Subject::new(&environment.model, "ingress", name), problem);
            }
        }
    }
}
