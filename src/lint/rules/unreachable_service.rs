//! A production service that listens, that nobody refers to and that nothing leads to, in an environment where others are
//! reached.

use crate::diagnostic::{Level, codes};

use crate::lint::{Family, Findings, Rule, Scene};

pub(super) const RULE: Rule =
    Rule { code: codes::UNREACHABLE_SERVICE, family: Family::Network, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.production() {
        let service = place.service;
        let environment = place.environment;
        // A stack without any way in is a library of parts, or serves something that is not here.
        let published = environment.model.services.values().any(|service| !service.publish.is_empty());
        let has_door = published || !environment.model.ingresses.is_empty();
        let is_used = environment.edges.iter().any(|edge| edge.to == *place.name);
        let leads_there = !service.publish.is_empty() || service.proxy.is_some() || service.metrics.is_some();
        if !has_door || is_used || leads_there || service.listeners().is_empty() {
            continue;
        }
        let problem = findings
            .problem(format!("nobody can reach `{}`: nothing refers to it", place.name))
            .at(service.label.span, "listens for nobody")
            .help("refer to it, route to it or publish it; remove its ports when it only works by itself");
        findings.add(place.subject(), problem);
    }
}
