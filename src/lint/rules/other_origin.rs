//! An address of the stack's own host with a scheme or a port under which it is not served: browsers compare all three, and
//! refuse what differs. Must not judge hosts that are served elsewhere.

use crate::diagnostic::{Level, codes};
use crate::model::Ingress;
use crate::source::Span;

use crate::lint::{Family, Findings, Rule, Scene, address::Address, place::Place};

pub(super) const RULE: Rule =
    Rule { code: codes::OTHER_ORIGIN, family: Family::Edge, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.production() {
        for (address, span) in place.web_addresses() {
            look(place, &address, span, findings);
        }
    }
}

fn look(place: Place<'_>, address: &Address, span: Span, findings: &mut Findings) {
    let ingresses =
        || place.environment.model.ingresses.values().filter(|ingress| ingress.serves(&address.host));
    let Some(ingress) = ingresses().next() else { return };
    let (host, scheme) = (&address.host, &address.scheme);
    let (plain, safe) = if scheme.starts_with("ws") { ("ws", "wss") } else { ("http", "https") };
    let served = if ingress.tls.is_some() { safe } else { plain };
    let told = format!("{scheme}://{host}");
    let port = public_port(place, ingress);
    let problem = if scheme != served {
        let problem = findings
            .problem(format!("`{}` is told of `{told}`, but `{host}` is served as `{served}`", place.name))
            .at(span, "another origin");
        match &ingress.tls {
            Some(tls) => problem.also(tls.origins.block, "encrypted here"),
            None => problem.also(ingress.label.span, "has no `tls`"),
        }
    } else if let Some(asked) = address.port.filter(|asked| *asked != port && !is_published(place, *asked)) {
        findings
            .problem(format!(
                "`{}` is told of `{told}:{asked}`, but `{host}` is served on port {port}",
                place.name
            ))
            .at(span, "nobody listens there for the world")
            .also(ingress.origins.field("host").span, "served here")
    } else {
        return;
    };
    let right = if port == standard(served) { String::new() } else { format!(":{port}") };
    findings.add(place.subject(), problem.help(format!("write `{served}://{host}{right}`")));
}

/// The port under which the world reaches an ingress.
fn public_port(place: Place<'_>, ingress: &Ingress) -> u16 {
    let is_safe = ingress.tls.is_some();
    let own = ingress.through.as_ref().and_then(|_| place.environment.model.compose());
    match own {
        Some(compose) if is_safe => compose.https.0,
        Some(compose) => compose.http.0,
        None => standard(if is_safe { "https" } else { "http" }),
    }
}

fn standard(scheme: &str) -> u16 {
    if matches!(scheme, "https" | "wss") { 443 } else { 80 }
}

/// Whether the machine itself has this port open for a service.
fn is_published(place: Place<'_>, port: u16) -> bool {
    let mut services = place.environment.model.services.values();
    services.any(|service| service.publish.values().any(|host| host.value.0 == port))
}
