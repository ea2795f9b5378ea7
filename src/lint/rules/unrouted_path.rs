//! A path of the stack's own host that a page is told and that differs by one letter from one that is routed.

use crate::diagnostic::{Level, codes};
use crate::schema::Text;
use crate::source::Span;

use crate::lint::{Family, Findings, Rule, Scene, container::below, place::Place};

pub(super) const RULE: Rule =
    Rule { code: codes::UNROUTED_PATH, family: Family::Edge, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        let arguments = place.service.build.iter().flat_map(|build| build.args.values());
        let arguments = arguments.map(|entry| (entry.value.to_string(), entry.origin.span));
        let texts = place.texts().filter(|written| written.variable.is_some());
        let texts = texts.filter_map(|written| Some((path_of(written.text)?, written.span)));
        for (path, span) in arguments.chain(texts).filter(|(path, _)| path.starts_with('/')) {
            let Some((route, routed)) = near(place, &path) else { continue };
            let problem = findings
                .problem(format!("`{}` is told of `{path}`, which no ingress routes", place.name))
                .at(span, "leads to another service")
                .also(routed, "routed here");
            let problem = Findings::meant(problem, span, route);
            findings.add(place.subject(), problem);
        }
    }
}

fn path_of(text: &Text) -> Option<String> {
    text.as_literal().filter(|text| text.starts_with('/')).map(str::to_owned)
}

/// The routed path that was meant, where none covers this one but the root.
fn near<'a>(place: Place<'a>, path: &str) -> Option<(&'a str, Span)> {
    let ingresses = place.environment.model.ingresses.values();
    let routes = || ingresses.clone().flat_map(|ingress| ingress.route.values());
    let is_routed = |route: &str| route != "/" && below(path, route).is_some();
    if routes().any(|route| is_routed(&route.label.value)) {
        return None;
    }
    let is_near = |route: &str| route.len() > 2 && strsim::osa_distance(route, path) == 1;
    let found = routes().find(|route| is_near(&route.label.value))?;
    Some((&found.label.value, found.label.span))
}
