//! The paths that a process is told: by its command, its jobs, its health check, its variables and its web server. Must not
//! know whether they exist.

use crate::model::Mode;
use crate::schema::PublicText;
use crate::source::Span;

use super::place::Place;

/// A path of a container, and who names it.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) path: String,
    pub(super) span: Span,
    pub(super) what: &'static str,
    /// Whether a job is told, not the service itself.
    pub(super) is_of_job: bool,
}

/// The paths that the process of a service and its jobs are told.
pub(super) fn told(place: Place<'_>) -> Vec<Told> {
    let service = place.service;
    let mut found = Vec::new();
    for (field, words) in [("entrypoint", &service.entrypoint), ("command", &service.command)] {
        found.extend(of_words(literals(words), command_span(place, field), "started here"));
    }
    for job in service.job.values() {
        let told = of_words(literals(&job.run), job.origins.field("run").span, "started here");
        found.extend(told.map(|told| Told { is_of_job: true, ..told }));
    }
    if let Some(health) = &service.health {
        let words = health.command.iter().map(|word| &**word);
        found.extend(of_words(words, health.origins.field("command").span, "asked here"));
    }
    if let Some(site) = service.static_site.as_ref().filter(|_| !is_developed(place)) {
        let span = site.origins.field("root").span;
        found.push(Told { path: site.root.to_string(), span, what: "served from here", is_of_job: false });
    }
    found.extend(of_values(place));
    found
}

/// Whether another program runs in development.
pub(super) fn is_developed(place: Place<'_>) -> bool {
    let is_development = place.environment.model.block.mode == Mode::Development;
    is_development && place.service.dev.as_ref().is_some_and(|dev| !dev.command.is_empty())
}

/// Where the command that runs was written.
fn command_span(place: Place<'_>, field: &str) -> Span {
    match place.service.dev.as_ref().filter(|_| field == "command" && is_developed(place)) {
        Some(dev) => dev.origins.field(field).span,
        None => place.service.origins.field(field).span,
    }
}

fn literals(words: &[PublicText]) -> impl Iterator<Item = &str> {
    words.iter().filter_map(|word| word.0.as_literal())
}

fn of_words<'a>(
    words: impl Iterator<Item = &'a str>,
    span: Span,
    what: &'static str,
) -> impl Iterator<Item = Told> {
    words.filter_map(path_of).map(move |path| Told { path, span, what, is_of_job: false })
}

/// Values of variables that are paths, and the defaults of those that are not set.
fn of_values(place: Place<'_>) -> impl Iterator<Item = Told> {
    let service = place.service;
    let texts = place.texts().filter(|written| written.variable.is_some());
    let values = texts.filter_map(|written| Some((written.text.as_literal()?, written.span)));
    let unset = service.reads.iter().filter(|(name, _)| !service.env.contains_key(*name));
    let defaults = unset
        .filter_map(|(_, reads)| Some((&**reads.default.as_ref()?, reads.origins.field("default").span)));
    let is_path = |value: &str| {
        value.starts_with('/') && value.matches('/').count() > 1 && !value.contains([' ', ':', ',', '*'])
    };
    let paths = values.chain(defaults).filter(move |(value, _)| is_path(value));
    paths.map(|(value, span)| Told { path: value.to_owned(), span, what: "told here", is_of_job: false })
}

/// The path in a word of a command: the word itself, or what follows `=` in a flag.
fn path_of(word: &str) -> Option<String> {
    let path = match word.split_once('=') {
        Some((flag, value)) if flag.starts_with('-') => value,
        _ => word,
    };
    let other = [' ', ':', '*', '?', '$', '@', '\'', '"', ',', ';', '=', '{'];
    let is_path = path.contains('/') && !path.contains(other) && !path.starts_with('-');
    let is_flag_value = path != word;
    (is_path && (path.starts_with('/') || !is_flag_value)).then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_with_paths_are_told_from_others() {
        let found = |word| path_of(word);
        assert_eq!(found("dist/server.js").as_deref(), Some("dist/server.js"));
        assert_eq!(found("--config.file=/etc/x.yml").as_deref(), Some("/etc/x.yml"));
        for other in ["--workspace", "http://127.0.0.1:9090/x", "src.main:app", "a/b c", "node"] {
            assert_eq!(found(other), None, "{other}");
        }
    }
}
