//! A path that a process is told and that nothing puts into its container. Must not judge what lies in published images,
//! nor what commands of a build may have made, unless a path that is there differs by a slip of the finger.

use crate::diagnostic::{Level, codes};

use crate::lint::{
    Family, Findings, Rule, Scene,
    container::{Content, Found, Layout, Placed, below},
    place::Place,
    told::told,
};

pub(super) const RULE: Rule =
    Rule { code: codes::ABSENT_PATH, family: Family::Images, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        let told = told(place);
        if told.is_empty() {
            continue;
        }
        let of_service = Layout::of_service(&scene.sources, place, false);
        let of_jobs = Layout::of_service(&scene.sources, place, true);
        for told in told {
            let layout = if told.is_of_job { &of_jobs } else { &of_service };
            let path = layout.absolute(&told.path);
            let Some(verdict) = verdict(scene, place, layout, &path) else { continue };
            let name = place.name;
            let problem = findings
                .problem(format!("nothing puts `{path}` into the container of `{name}`"))
                .at(told.span, told.what);
            let problem = match verdict {
                Verdict::Meant(near) => problem.help(format!("did you mean `{near}`?")),
                Verdict::Absent => problem.help("copy or mount it there, or name what is there"),
            };
            findings.add(place.subject(), problem);
        }
    }
}

enum Verdict {
    /// Another path is there.
    Meant(String),
    Absent,
}

/// What is wrong with a path; `None` where it may be right.
fn verdict(scene: &Scene<'_>, place: Place<'_>, layout: &Layout, path: &str) -> Option<Verdict> {
    match layout.find(path) {
        Found::Something => made(scene, place, layout, path).map(Verdict::Meant),
        Found::Project(own) if !scene.sources.are_here() || scene.sources.has(&own) => None,
        Found::Project(own) => match scene.sources.beside(&own) {
            Some(near) => Some(Verdict::Meant(near)),
            None if layout.has_run => None,
            None => Some(Verdict::Absent),
        },
        Found::Nothing => {
            let tools = place.facts(scene).into_iter().flat_map(|facts| {
                let tag = place.image().and_then(|image| image.tag.as_deref());
                facts.tools(tag)
            });
            // A path that may be made is only judged by what it looks like.
            let near = near(path, layout.placed.iter().map(|placed| &*placed.at).chain(tools));
            let folder = format!("{}/", layout.workdir);
            let is_own = layout.workdir.len() > 1 && path.starts_with(&folder);
            match near {
                Some(near) => Some(Verdict::Meant(near)),
                None if is_own && !layout.has_run => Some(Verdict::Absent),
                None => None,
            }
        }
    }
}

/// The path that was meant: the same number of components, and the last one that is known differs by a slip.
fn near<'p>(path: &str, known: impl Iterator<Item = &'p str>) -> Option<String> {
    let parts = |path: &str| path.trim_start_matches('/').split('/').count();
    let slips = |known: &&str| {
        let length = parts(known);
        let start: Vec<&str> = path.split('/').take(length + 1).collect();
        let start = start.join("/");
        let is_slip = start != **known && strsim::osa_distance(&start, known) == 1 && known.len() > 3;
        is_slip
            && start.rsplit_once('/').map(|(folder, _)| folder)
                == known.rsplit_once('/').map(|(folder, _)| folder)
    };
    known.into_iter().find(slips).map(str::to_owned)
}

/// Endings of what compilers make of endings of sources.
const COMPILED: &[(&str, &str)] =
    &[(".ts", ".js"), (".tsx", ".js"), (".jsx", ".js"), (".mts", ".mjs"), (".cts", ".cjs")];

/// The file that was meant below a folder that a build makes: one whose source has another ending.
fn made(scene: &Scene<'_>, place: Place<'_>, layout: &Layout, path: &str) -> Option<String> {
    let is_below = |placed: &&Placed| below(path, &placed.at).is_some_and(|rest| !rest.is_empty());
    let own = layout.placed.iter().filter(is_below).max_by_key(|placed| placed.at.len())?;
    if own.content != Content::Made {
        return None;
    }
    let (folder, name) = path.rsplit_once('/')?;
    let mentions = scene.sources.of_image(scene.plan, place)?;
    let mut names: Vec<String> = Vec::new();
    for source in mentions.iter().flat_map(|mentions| mentions.names()) {
        let compiled =
            COMPILED.iter().filter_map(|(from, to)| Some(format!("{}{to}", source.strip_suffix(from)?)));
        names.extend(compiled);
        names.push(source.to_owned());
    }
    let is_mentioned = |word: &str| mentions.iter().any(|mentions| mentions.has(word));
    if names.iter().any(|known| known == name) || (!name.contains('.') && is_mentioned(name)) {
        return None;
    }
    if !name.contains('.') {
        names.extend(mentions.iter().flat_map(|mentions| mentions.words()).map(str::to_owned));
    }
    let near = names.iter().find(|known| strsim::osa_distance(known, name) == 1)?;
    Some(format!("{folder}/{near}"))
}
