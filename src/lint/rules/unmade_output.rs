//! A file that one stage takes from another and that nothing there has or makes, as far as its commands and the project
//! say. Must not judge what it cannot know: only a name that differs by one letter from one that is mentioned.

use crate::diagnostic::{Level, codes};
use crate::model::{Build, Stage};

use crate::lint::{
    Family, Findings, Rule, Scene,
    container::{Found, Layout},
    place::Place,
};

pub(super) const RULE: Rule =
    Rule { code: codes::UNMADE_OUTPUT, family: Family::Images, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        if let Some(build) = &place.service.build {
            for stage in build.stage.values() {
                judge(scene, place, build, stage, findings);
            }
        }
    }
}

fn judge(scene: &Scene<'_>, place: Place<'_>, build: &Build, stage: &Stage, findings: &mut Findings) {
    for (from, take) in &stage.take {
        let Some(source) = build.stage.get(&**from) else { continue };
        let layout = Layout::of_stage(&scene.sources, build, source);
        for (path, target) in &take.files {
            let Some(near) = near(scene, place, build, source, &layout, path) else { continue };
            let problem = findings
                .problem(format!("nothing in the stage `{from}` of `{}` makes `{path}`", place.name))
                .at(target.origin.span, "taken from there")
                .also(source.label.span, "this stage")
                .help(format!("did you mean `{near}`?"));
            findings.add(place.subject(), problem);
        }
    }
}

/// The name that was meant.
fn near(
    scene: &Scene<'_>,
    place: Place<'_>,
    build: &Build,
    source: &Stage,
    layout: &Layout,
    path: &str,
) -> Option<String> {
    let absolute = layout.absolute(path);
    match layout.find(&absolute) {
        Found::Something => return None,
        Found::Project(own) if scene.sources.has(&own) => return None,
        Found::Project(_) | Found::Nothing => {}
    }
    let name = path.trim_end_matches('/').rsplit('/').next()?;
    let stages = crate::plan::stage_chain(build, source);
    let lines = || stages.iter().flat_map(|stage| stage.run.iter().map(|line| &**line));
    let values = || stages.iter().flat_map(|stage| stage.env.values().map(|value| &*value.value));
    let spoken: Vec<&str> = lines().chain(values()).flat_map(words).collect();
    let placed: Vec<&str> = layout.placed.iter().flat_map(|placed| placed.at.split('/')).collect();
    let mentions = scene.sources.of_image(scene.plan, place).unwrap_or_default();
    let made = scene.catalogue.outputs().iter().map(String::as_str);
    let told = || spoken.iter().chain(&placed).copied().chain(made.clone());
    if told().any(|word| word == name)
        || mentions.iter().any(|mentions| words(name).all(|word| mentions.has(word)))
    {
        return None;
    }
    let written = mentions.iter().flat_map(|mentions| mentions.words());
    let mut all = told().chain(written);
    all.find(|word| word.len() > 2 && strsim::osa_distance(word, name) == 1).map(str::to_owned)
}

/// Runs of what names of files are made of.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(|c: char| !c.is_ascii_alphanumeric() && !"_-.".contains(c));
    parts.filter(|part| !part.is_empty())
}
