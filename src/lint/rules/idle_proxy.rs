//! A web server on a machine that carries no ingress: it answers nobody.

use crate::diagnostic::{Level, codes};

use crate::lint::{Family, Findings, Rule, Scene};

pub(super) const RULE: Rule =
    Rule { code: codes::IDLE_PROXY, family: Family::Network, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services().filter(|place| place.environment.model.compose().is_some()) {
        let Some(proxy) = &place.service.proxy else { continue };
        let mut ingresses = place.environment.model.ingresses.values();
        if ingresses
            .any(|ingress| ingress.through.as_ref().is_some_and(|carrier| carrier.name == *place.name))
        {
            continue;
        }
        let mut problem = findings
            .problem(format!("no ingress goes through `{}`", place.name))
            .at(proxy.origins.block, "carries nothing");
        for ingress in place.environment.model.ingresses.values().filter(|ingress| ingress.through.is_none())
        {
            problem = problem.also(ingress.label.span, "goes through nothing");
        }
        let problem = problem.help(format!("write `through = {}` in an ingress, or remove it", place.name));
        findings.add(place.subject(), problem);
    }
}
