//! Where a service holds texts that may mention others, and what each mention means for the start order.
//! Must not decide what an edge is.

use crate::model::{Config, JobTime, Service};
use crate::schema::{PublicText, Text};
use crate::source::Span;

/// A text of a service.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mention<'a> {
    /// The text.
    pub(super) text: &'a Text,
    /// Where it was written.
    pub(super) span: Span,
    /// Whether the service cannot start before it can be used: false for commands that run later.
    pub(super) starts: bool,
}

/// Every text of a service that is used at run time, in the order of its fields. Exports are not: they count where
/// they are used.
pub(super) fn mentions(service: &Service) -> Vec<Mention<'_>> {
    let mut all = words(&service.entrypoint, service.origins.field("entrypoint").span, true);
    all.extend(words(&service.command, service.origins.field("command").span, true));
    all.extend(service.env.values().map(|entry| Mention {
        text: &entry.value,
        span: entry.origin.span,
        starts: true,
    }));
    all.extend(service.config.values().flat_map(content));
    for job in service.job.values() {
        let starts = job.when == JobTime::BeforeRollout;
        all.extend(words(&job.run, job.origins.field("run").span, starts));
        all.extend(job.env.values().map(|entry| Mention {
            text: &entry.value,
            span: entry.origin.span,
            starts,
        }));
    }
    let backup = service.backup.iter().flat_map(|backup| backup.env.values());
    all.extend(backup.map(|entry| Mention { text: &entry.value, span: entry.origin.span, starts: false }));
    all
}

/// The texts of a configuration file.
fn content(config: &Config) -> impl Iterator<Item = Mention<'_>> {
    let text = config.text.iter().map(|text| (&text.0, config.origins.field("text").span));
    let settings = config.settings.values().map(|value| (&value.value.0, value.origin.span));
    text.chain(settings).map(|(text, span)| Mention { text, span, starts: true })
}

fn words(words: &[PublicText], span: Span, starts: bool) -> Vec<Mention<'_>> {
    let texts = words.iter().map(|word| &word.0);
    texts.map(|text| Mention { text, span, starts }).collect()
}

/// Every text of a service, to be changed, exports and `dev` included.
pub(super) fn texts_mut(service: &mut Service) -> Vec<&mut Text> {
    let mut all: Vec<&mut Text> = Vec::new();
    all.extend(service.entrypoint.iter_mut().map(|word| &mut word.0));
    all.extend(service.command.iter_mut().map(|word| &mut word.0));
    all.extend(service.env.values_mut().map(|entry| &mut entry.value));
    all.extend(service.export.values_mut().map(|entry| &mut entry.value));
    for config in service.config.values_mut() {
        all.extend(config.text.iter_mut().map(|text| &mut text.0));
        all.extend(config.settings.values_mut().map(|value| &mut value.value.0));
    }
    for job in service.job.values_mut() {
        all.extend(job.run.iter_mut().map(|word| &mut word.0));
        all.extend(job.env.values_mut().map(|entry| &mut entry.value));
    }
    if let Some(backup) = &mut service.backup {
        all.extend(backup.env.values_mut().map(|entry| &mut entry.value));
    }
    if let Some(dev) = &mut service.dev {
        all.extend(dev.command.iter_mut().map(|word| &mut word.0));
        all.extend(dev.env.values_mut().map(|entry| &mut entry.value));
    }
    all
}
