//! A host for which no public authority issues a certificate by HTTP. Must not judge issuers of the user's own.

use crate::diagnostic::{Level, codes};
use crate::model::Issuer;

use crate::lint::{Family, Findings, Rule, Scene, address::is_loopback, place::Subject};

pub(super) const RULE: Rule =
    Rule { code: codes::UNCERTIFIABLE_HOST, family: Family::Edge, level: Level::Error, check };

/// Ends of names that are not in the public DNS (RFC 2606, 6761, 6762, 8375, and `.internal`).
const PRIVATE: &[&str] = &[".local", ".internal", ".test", ".example", ".invalid", ".home.arpa", ".lan"];

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for environment in &scene.plan.environments {
        for (name, ingress) in &environment.model.ingresses {
            let Some(tls) = ingress.tls.as_ref().filter(|tls| tls.issuer == Issuer::Letsencrypt) else {
                continue;
            };
            let own = (&*ingress.host, ingress.origins.field("host").span);
            let aliases = ingress.origins.field("aliases").span;
            let all = std::iter::once(own).chain(ingress.aliases.iter().map(|host| (&**host, aliases)));
            for (host, span) in all.filter(|(host, _)| !is_loopback(host)) {
                // A cluster's own issuer may prove a wildcard by DNS.
                let reason = if !host.contains('.') || PRIVATE.iter().any(|end| host.ends_with(end)) {
                    "is no public name"
                } else if host.starts_with("*.") && tls.cluster_issuer.is_none() {
                    "is a wildcard, which needs a proof by DNS"
                } else {
                    continue;
                };
                let problem = findings
                    .problem(format!("no certificate will be issued for `{host}`: it {reason}"))
                    .at(span, reason)
                    .also(tls.origins.field("issuer").span, "asks a public authority")
                    .help("use a public name, or `issuer = files` with a certificate of your own");
                findings.add(Subject::new(&environment.model, "ingress", name), problem);
            }
        }
    }
}
