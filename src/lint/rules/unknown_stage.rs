//! A stage that starts from, or takes from, a stage that comes later or is not there: a builder takes the word for the name of
//! an image, and pulls what a stranger has published under it.

use crate::diagnostic::{Edit, Level, codes, suggest};
use crate::model::Build;
use crate::source::Span;

use crate::lint::{Family, Findings, Rule, Scene, place::Place};

pub(super) const RULE: Rule =
    Rule { code: codes::UNKNOWN_STAGE, family: Family::Images, level: Level::Error, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        let Some(build) = &place.service.build else { continue };
        for (index, stage) in build.stage.values().enumerate() {
            look(place, build, index, (&stage.from, stage.origins.field("from").span), findings);
            for (from, take) in &stage.take {
                look(place, build, index, (from, take.label.span), findings);
            }
        }
    }
}

fn look(place: Place<'_>, build: &Build, index: usize, (from, span): (&str, Span), findings: &mut Findings) {
    // An image has a tag, a registry or a folder; a word alone is meant as a stage.
    let is_word = !from.contains([':', '/', '.', '@']);
    let known = build.stage.get_full(from);
    if known.as_ref().is_some_and(|(other, _, _)| *other < index) || known.is_none() && !is_word {
        return;
    }
    let service = place.name;
    let problem = match known {
        Some((_, _, later)) => findings
            .problem(format!("a stage of `{service}` needs `{from}`, which comes later"))
            .at(span, "taken for an image of this name")
            .also(later.label.span, "declared here")
            .help("declare it first: stages are made in their order"),
        None => {
            let problem = findings
                .problem(format!("`{service}` has no stage `{from}`"))
                .at(span, "taken for an image of this name");
            let stages = build.stage.keys().take(index).map(|name| &**name);
            match suggest::closest(from, stages) {
                Some(near) => {
                    let edit = Edit { span, text: near.to_owned() };
                    let problem = problem.help(format!("did you mean `{near}`?"));
                    problem.maybe_fix(format!("replace with `{near}`"), vec![edit])
                }
                None => problem.help("name an earlier stage, or an image with its tag"),
            }
        }
    };
    findings.add(place.subject(), problem);
}
