//! A flag that the runtime in an image does not know: the program ends before it begins. Must not judge what stands after
//! the name of a program, nor short flags, which take values.

use crate::catalogue::Runtime;
use crate::diagnostic::{Level, codes, suggest};
use crate::schema::ImageRef;
use crate::source::Span;

use crate::lint::{Family, Findings, Rule, Scene, place::Place};

pub(super) const RULE: Rule =
    Rule { code: codes::UNKNOWN_FLAG, family: Family::Images, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        let Some(image) = image(place) else { continue };
        let Some(runtime) = scene.catalogue.image(&image).and_then(|facts| facts.runtime.as_ref()) else {
            continue;
        };
        for (flag, span) in given(place, runtime) {
            if runtime.knows(&flag) {
                continue;
            }
            let near = suggest::closest(flag.trim_start_matches('-'), runtime.flags());
            let problem = findings
                .problem(format!("`{}` in `{image}` knows no `{flag}`", runtime.program))
                .at(span, format!("`{}` would end at once", place.name))
                .help(near.map_or_else(
                    || "remove it, or put what is meant for the program after the program's name".to_owned(),
                    |near| format!("did you mean `--{near}`?"),
                ));
            findings.add(place.subject(), problem);
        }
    }
}

/// The published image that runs, or the one under what the stack builds.
fn image(place: Place<'_>) -> Option<ImageRef> {
    if let Some(image) = place.image() {
        return Some(image.clone());
    }
    ImageRef::parse(&place.stages().last()?.from).ok()
}

/// The flags of all commands, up to the name of a program, and those of the variable.
fn given(place: Place<'_>, runtime: &Runtime) -> Vec<(String, Span)> {
    let service = place.service;
    let literal = |words: &[&str], span: Span| -> Vec<(String, Span)> {
        let Some((program, words)) = words.split_first() else { return Vec::new() };
        let is_runtime = program.rsplit('/').next() == Some(&*runtime.program);
        let flags = words.iter().take_while(|word| is_runtime && word.starts_with("--") && word.len() > 2);
        flags.map(|flag| ((*flag).split('=').next().unwrap_or_default().to_owned(), span)).collect()
    };
    let words: Vec<&str> = service.command.iter().filter_map(|word| word.as_literal()).collect();
    let mut found = literal(&words, service.origins.field("command").span);
    for job in service.job.values() {
        let words: Vec<&str> = job.run.iter().filter_map(|word| word.0.as_literal()).collect();
        found.extend(literal(&words, job.origins.field("run").span));
    }
    let variable = runtime.variable.as_ref().and_then(|name| service.env.get(&**name));
    if let Some(value) = variable {
        let text = value.value.as_literal().unwrap_or_default();
        let flags = text.split_whitespace().filter(|word| word.starts_with("--"));
        found.extend(
            flags.map(|flag| (flag.split('=').next().unwrap_or_default().to_owned(), value.origin.span)),
        );
    }
    found
}
