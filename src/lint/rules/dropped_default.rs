//! A command or configuration of one's own that leaves out what the image needs in it.

use crate::diagnostic::{Level, codes};
use crate::model::Config;
use crate::source::Span;

use crate::lint::{Family, Findings, Rule, Scene, place::Place};

pub(super) const RULE: Rule =
    Rule { code: codes::DROPPED_DEFAULT, family: Family::Images, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        let (Some(facts), Some(image)) = (place.facts(scene), place.image()) else { continue };
        for needed in &facts.config_defaults {
            let Some(span) = dropped(scene, place, needed) else { continue };
            let problem = findings
                .problem(format!("`{}` leaves out `{needed}`, which `{image}` needs", place.name))
                .at(span, "replaces what the image had")
                .also(place.image_span(), "needs it")
                .help(format!("add `{needed}`"));
            findings.add(place.subject(), problem);
        }
    }
}

/// What a configuration in the source says, as far as names of settings go.
fn lines(config: &Config) -> String {
    let text = config.text.iter().filter_map(|text| text.0.as_literal());
    text.chain(config.settings.keys().map(|name| &**name)).collect::<Vec<_>>().join("\n")
}

/// Where a needed setting was left out: flags from the command, the others from the mounted configuration.
fn dropped(scene: &Scene<'_>, place: Place<'_>, needed: &str) -> Option<Span> {
    let service = place.service;
    let name = needed.split([' ', '=']).next()?;
    if name.starts_with('-') {
        // A program that is named first starts in another way.
        let words: Option<Vec<&str>> = service.command.iter().map(|word| word.0.as_literal()).collect();
        let words = words.filter(|words| words.first().is_some_and(|first| first.starts_with('-')))?;
        let has = words.iter().any(|word| word.starts_with(name));
        return (!has).then(|| service.origins.field("command").span);
    }
    let is_configuration = |at: &str| at.rsplit('.').next() == Some("conf");
    let files = service.files.iter().filter(|(at, _)| is_configuration(at));
    let files = files.filter_map(|(_, file)| Some((scene.sources.text(&file.value)?, file.origin.span)));
    let blocks = service.config.iter().filter(|(at, config)| is_configuration(at) && config.enabled);
    let blocks = blocks.map(|(_, config)| (lines(config), config.label.span));
    let texts: Vec<(String, Span)> = files.chain(blocks).collect();
    let has = |text: &str| text.lines().any(|line| line.trim_start().starts_with(name));
    let told = place.texts().any(|written| written.text.as_literal().is_some_and(|text| text.contains(name)));
    let (_, first) = texts.first()?;
    (!told && !texts.iter().any(|(text, _)| has(text))).then_some(*first)
}
