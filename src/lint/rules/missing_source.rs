//! A file or folder of the project that the stack names and that is not there: the build would stop, or a mount would hide
//! what the image has. Must not ask for files that stackc itself writes.

use crate::diagnostic::{Level, codes};
use crate::model::{Build, Mode};
use crate::schema::FilePath;
use crate::source::Span;

use crate::lint::{
    Family, Findings, Rule, Scene,
    place::{Place, Subject},
};

pub(super) const RULE: Rule =
    Rule { code: codes::MISSING_SOURCE, family: Family::Images, level: Level::Warning, check };

/// A path that is named.
struct Named {
    path: String,
    span: Span,
    what: &'static str,
    /// Whether the place holds the path alone, from the project's own root.
    is_alone: bool,
}

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    if !scene.sources.are_here() {
        return;
    }
    for place in scene.services() {
        for named in named(scene, place) {
            if !named.path.contains('*') {
                report(scene, place.subject(), place.name, &named, findings);
            }
        }
    }
}

fn report(scene: &Scene<'_>, subject: Subject, service: &str, named: &Named, findings: &mut Findings) {
    let path = &named.path;
    if scene.sources.has(path) {
        return;
    }
    let problem = findings
        .problem(format!("`{service}` needs `{path}`, which the project does not have"))
        .at(named.span, named.what);
    let problem = match scene.sources.beside(path) {
        Some(near) if named.is_alone => Findings::meant(problem, named.span, &near),
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem.help("add it, or name what is there"),
    };
    findings.add(subject, problem);
}

fn named(scene: &Scene<'_>, place: Place<'_>) -> Vec<Named> {
    let service = place.service;
    let mut found = Vec::new();
    if let Some(build) = &service.build {
        sources(scene, build, &mut found);
    }
    let files = service.files.values();
    found.extend(files.map(|file| Named {
        path: file.value.to_string(),
        span: file.origin.span,
        what: "mounted in the container",
        is_alone: true,
    }));
    for volume in service.volume.values() {
        found.extend(volume.from.iter().map(|from| Named {
            path: from.to_string(),
            span: volume.origins.field("from").span,
            what: "mounted in the container",
            is_alone: true,
        }));
    }
    let is_development = place.environment.model.block.mode == Mode::Development;
    for dev in service.dev.iter().filter(|_| is_development) {
        found.extend(dev.mount.values().map(|file| Named {
            path: file.value.to_string(),
            span: file.origin.span,
            what: "mounted in development",
            is_alone: true,
        }));
        found.extend(dev.watch.values().map(|watch| Named {
            path: watch.path.to_string(),
            span: watch.origins.field("path").span,
            what: "watched in development",
            is_alone: true,
        }));
    }
    found
}

/// What the stages copy; the whole context where that is missing.
fn sources(scene: &Scene<'_>, build: &Build, found: &mut Vec<Named>) {
    let what = "copied into the image";
    if !scene.sources.has(&build.context) {
        let span = build.origins.field("context").span;
        found.push(Named {
            path: build.context.to_string(),
            span,
            what: "the folder of the build",
            is_alone: true,
        });
        return;
    }
    for stage in build.stage.values() {
        let span = |field: &str| stage.origins.field(field).span;
        let roots = stage.copy_root.iter();
        found.extend(roots.map(|path| Named {
            path: path.to_string(),
            span: span("copy_root"),
            what,
            is_alone: false,
        }));
        let copies = stage.copy.iter().map(|path| path.below(&build.context).to_string());
        found.extend(copies.map(|path| Named { path, span: span("copy"), what, is_alone: false }));
        for (path, target) in &stage.copy_to {
            let path = FilePath::parse(path).map(|path| path.below(&build.context).to_string());
            found.extend(path.ok().map(|path| Named {
                path,
                span: target.origin.span,
                what,
                is_alone: false,
            }));
        }
    }
}
