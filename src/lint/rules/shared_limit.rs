//! A limit of requests per client behind a load balancer: the web server sees one client, the balancer, and everybody shares
//! its limit.

use crate::diagnostic::{Level, codes};
use crate::model::Issuer;

use crate::lint::{Family, Findings, Rule, Scene, place::Subject};

pub(super) const RULE: Rule =
    Rule { code: codes::SHARED_LIMIT, family: Family::Edge, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for environment in scene.plan.environments.iter().filter(|known| known.model.compose().is_some()) {
        for (name, ingress) in &environment.model.ingresses {
            let Some(tls) = ingress.tls.as_ref().filter(|tls| tls.issuer == Issuer::External) else {
                continue;
            };
            let own = ingress.rate_limit.map(|_| ingress.origins.field("rate_limit").span);
            let of_routes = ingress.route.values().filter(|route| route.rate_limit.is_some());
            let of_routes = of_routes.map(|route| route.origins.field("rate_limit").span);
            let Some(span) = own.into_iter().chain(of_routes).next() else { continue };
            let problem = findings
                .problem(format!(
                    "behind the load balancer of `{name}`, everybody shares one limit of requests"
                ))
                .at(span, "counts the load balancer as one client")
                .also(tls.origins.field("issuer").span, "a load balancer ends encryption")
                .help("limit requests at the load balancer, and leave `rate_limit` out here");
            findings.add(Subject::new(&environment.model, "ingress", name), problem);
        }
    }
}
