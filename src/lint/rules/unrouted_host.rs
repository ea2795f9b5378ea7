//! A web address beside the stack's own hosts that no ingress serves: browsers are sent to a name that leads nowhere.

use crate::diagnostic::{Level, codes};
use crate::model::Environment;
use crate::schema::{Host, Text};
use crate::source::Span;

use crate::lint::{Family, Findings, Rule, Scene, address::addresses, place::Place};

pub(super) const RULE: Rule =
    Rule { code: codes::UNROUTED_HOST, family: Family::Edge, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.production() {
        for written in place.texts() {
            look(place, written.text, written.span, findings);
        }
        let build = place.service.build.iter();
        for entry in build.flat_map(|build| build.args.values()) {
            look(place, &Text::literal(&entry.value), entry.origin.span, findings);
        }
    }
}

fn look(place: Place<'_>, text: &Text, span: Span, findings: &mut Findings) {
    let environment = &place.environment.model;
    for address in addresses(text) {
        let is_web = matches!(&*address.scheme, "http" | "https" | "ws" | "wss");
        if !is_web || place.service.egress.contains_key(&*address.host) {
            continue;
        }
        let Some((name, neighbour)) = beside(environment, &address.host) else { continue };
        let problem = findings
            .problem(format!("`{}` is told about `{}`, which no ingress serves", place.name, address.host))
            .at(span, "leads nowhere")
            .also(neighbour, format!("`{name}` is served"))
            .help(format!(
                "add it to `aliases` or as an ingress of its own; if it is elsewhere, say so: `egress \"{}\" {{ }}`",
                address.host
            ));
        findings.add(place.subject(), problem);
    }
}

/// The host of the environment that this one is beside or below, when it is not itself served.
fn beside<'a>(environment: &'a Environment, host: &str) -> Option<(&'a str, Span)> {
    let hosts = || {
        environment.ingresses.values().flat_map(|ingress| {
            let own = std::iter::once((&ingress.host, ingress.origins.field("host").span));
            let span = ingress.origins.field("aliases").span;
            own.chain(ingress.aliases.iter().map(move |alias| (alias, span)))
        })
    };
    if hosts().any(|(known, _)| serves(known, host)) {
        return None;
    }
    hosts().find(|(known, _)| family(known) == family(host)).map(|(known, span)| (&**known, span))
}

fn serves(known: &Host, host: &str) -> bool {
    match known.strip_prefix("*.") {
        Some(parent) => host.split_once('.').is_some_and(|(_, rest)| rest == parent),
        None => &**known == host,
    }
}

/// The last two labels of a name; `None` for a name of one.
fn family(host: &str) -> Option<&str> {
    let (before, _) = host.rsplit_once('.')?;
    Some(before.rsplit_once('.').and_then(|(front, _)| host.get(front.len() + 1..)).unwrap_or(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_is_two_labels() {
        assert_eq!(family("a.b.example.com"), Some("example.com"));
        assert_eq!(family("example.com"), Some("example.com"));
        assert_eq!(family("localhost"), None);
    }
}
