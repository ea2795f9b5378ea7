//! What a service tells its program about limits: settings of the catalogue in its words, variables and configuration
//! files. Must not compare.

use crate::catalogue::{Means, Setting};
use crate::schema::{Part, Text};
use crate::source::Span;

use super::Scene;
use super::place::Place;

/// A setting that somebody wrote.
pub(super) struct Limit<'a> {
    pub(super) setting: &'a Setting,
    pub(super) written: String,
    pub(super) span: Span,
}

/// The settings of a service that bound something.
pub(super) fn limits<'a>(scene: &Scene<'a>, place: Place<'a>, means: Means) -> Vec<Limit<'a>> {
    let wanted: Vec<&Setting> =
        scene.catalogue.settings().iter().filter(|setting| setting.means == means).collect();
    let mut found = Vec::new();
    let mut words = String::new();
    for written in place.texts() {
        let text = flat(written.text);
        // A flag and its value may be two words of a command.
        let whole = if written.variable.is_none() {
            words.push(' ');
            words.push_str(&text);
            &words
        } else {
            &text
        };
        told(&wanted, whole, written.span, &mut found);
    }
    for (key, value) in place.service.config.values().flat_map(|config| &config.settings) {
        told(&wanted, &format!("{key} {}", flat(&value.value.0)), value.origin.span, &mut found);
    }
    found
}

/// Adds what a text says about the settings that nothing was said of before.
fn told<'a>(wanted: &[&'a Setting], text: &str, span: Span, found: &mut Vec<Limit<'a>>) {
    for setting in wanted {
        let is_known = found.iter().any(|limit| limit.setting.name == setting.name);
        if let Some(value) = setting.written(text).filter(|_| !is_known) {
            found.push(Limit { setting, written: value.to_owned(), span });
        }
    }
}

/// The literal parts; what is not literal is no number.
fn flat(text: &Text) -> String {
    let part = |part: &Part| match part {
        Part::Literal(text) => text.to_string(),
        Part::Host { .. } | Part::Port { .. } | Part::Secret(_) | Part::SecretPath(_) => "?".to_owned(),
    };
    text.0.iter().map(part).collect()
}
