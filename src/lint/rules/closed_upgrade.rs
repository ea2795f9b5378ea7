//! A websocket address of the stack's own host whose route does not let connections be upgraded.

use crate::diagnostic::{Edit, Level, codes};
use crate::source::Span;

use crate::lint::{Family, Findings, Rule, Scene, address::Address, container::below, place::Place};

pub(super) const RULE: Rule =
    Rule { code: codes::CLOSED_UPGRADE, family: Family::Edge, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        for (address, span) in place.web_addresses() {
            if matches!(&*address.scheme, "ws" | "wss") {
                look(place, &address, span, findings);
            }
        }
    }
}

fn look(place: Place<'_>, address: &Address, span: Span, findings: &mut Findings) {
    let ingresses = place.environment.model.ingresses.values();
    let Some(ingress) = ingresses.into_iter().find(|ingress| ingress.serves(&address.host)) else { return };
    // The start of an address: what the program adds to it is not known.
    if address.path.is_empty() && ingress.route.values().any(|route| route.websocket) {
        return;
    }
    let path = if address.path.is_empty() { "/" } else { &address.path };
    let covering = ingress.route.values().filter(|route| {
        let label = &*route.label.value;
        label == "/" || below(path, label).is_some()
    });
    let Some(route) = covering.max_by_key(|route| route.label.value.len()).filter(|route| !route.websocket)
    else {
        return;
    };
    let label = &route.label.value;
    let problem = findings
        .problem(format!(
            "`{}` is told of a websocket at `{path}`, but the route `{label}` upgrades nothing",
            place.name
        ))
        .at(span, "stays unanswered")
        .also(route.label.span, "has no `websocket`")
        .help("write `websocket = true` in the route");
    let problem = if route.origins.is_set("websocket") {
        let edit = Edit { span: route.origins.field("websocket").span, text: "true".to_owned() };
        problem.maybe_fix("let connections be upgraded", vec![edit])
    } else {
        problem
    };
    findings.add(place.subject(), problem);
}
