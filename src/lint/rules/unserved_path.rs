//! A path that is asked for, and that the sources of the service mention nowhere. Must not read routes: a word that stands
//! anywhere in the sources, or in the name of a file, counts as a route.

use crate::diagnostic::{Level, codes, suggest};
use crate::schema::UrlPath;
use crate::source::Span;

use crate::lint::{Family, Findings, Rule, Scene, place::Place};

pub(super) const RULE: Rule =
    Rule { code: codes::UNSERVED_PATH, family: Family::Health, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        published(scene, place, findings);
        let asked = asked(place);
        if asked.is_empty() {
            continue;
        }
        let Some(mentions) = scene.sources.of_image(scene.plan, place) else { continue };
        for (path, span, what) in asked {
            let words = path.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            let absent =
                |word: &&str| !word.is_empty() && !mentions.iter().any(|mentions| mentions.has(word));
            let Some(word) = words.into_iter().find(absent) else { continue };
            let problem = findings
                .problem(format!("nothing in the sources of `{}` mentions `{word}` of `{path}`", place.name))
                .at(span, what);
            let known = mentions.iter().flat_map(|mentions| mentions.words());
            let problem = match suggest::closest(word, known) {
                Some(near) => Findings::meant(problem, span, &path.replacen(word, near, 1)),
                None => problem.help("name a path that the program answers"),
            };
            findings.add(place.subject(), problem);
        }
    }
}

/// Of a published image: what differs by a slip from the path that the catalogue asks, or from the customary one.
fn published(scene: &Scene<'_>, place: Place<'_>, findings: &mut Findings) {
    let Some(image) = place.image() else { return };
    let known = place.facts(scene).map(|facts| facts.health(image.tag.as_deref())).unwrap_or_default();
    let known = known.iter().filter_map(|word| path_of_url(word));
    let health = place.service.health.as_ref();
    let asked = health.and_then(|health| Some((health, health.http.as_ref()?)));
    let asked = asked.map(|(health, path)| (path, health.origins.field("http").span, known.collect()));
    let metrics = place.service.metrics.as_ref();
    let customary = UrlPath::metrics();
    let metrics = metrics
        .map(|metrics| (&metrics.path, metrics.origins.field("path").span, vec![customary.to_string()]));
    for (path, span, known) in asked.into_iter().chain(metrics) {
        let slips = |known: &&String| strsim::osa_distance(known, path) == 1 && known.len() > 2;
        let Some(near) = known.iter().find(slips) else { continue };
        let problem = findings.problem(format!("`{image}` does not answer `{path}`")).at(span, "asked here");
        let problem = Findings::meant(problem, span, near);
        findings.add(place.subject(), problem);
    }
}

/// The path of an address.
fn path_of_url(word: &str) -> Option<String> {
    let (_, rest) = word.split_once("://")?;
    rest.find('/').and_then(|start| rest.get(start..)).map(str::to_owned)
}

/// The paths that others ask of the service's own program.
fn asked(place: Place<'_>) -> Vec<(String, Span, &'static str)> {
    let service = place.service;
    let mut found = Vec::new();
    if service.build.is_none() {
        return found;
    }
    if let Some(metrics) = &service.metrics {
        let span = metrics.origins.field("path").span;
        found.push((metrics.path.to_string(), span, "read here"));
    }
    if service.static_site.is_some() {
        return found;
    }
    if let Some(health) = &service.health {
        let paths = [("http", &health.http), ("ready", &health.ready)];
        let paths = paths.into_iter().filter_map(|(field, path)| Some((field, path.as_ref()?)));
        found.extend(
            paths.map(|(field, path)| (path.to_string(), health.origins.field(field).span, "asked here")),
        );
    }
    let own = place.routes().filter(|(_, route)| !route.strip);
    found.extend(own.map(|(_, route)| (route.label.value.to_string(), route.label.span, "routed here")));
    found
}
