//! Whether configuration files can be written as they are meant. Must not write them: their comments and hosts are
//! spelled by targets.

use super::wrong;
use crate::diagnostic::Diagnostic;
use crate::model::{Config, Service};
use crate::schema::{Part, PublicText, Sourced};

/// What is wrong with the configuration files of a service.
pub(super) fn check(service: &Service) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for (path, config) in &service.config {
        if Config::parts(path).is_none() {
            let message = format!("`{path}` is no path that every target can write");
            problems.push(wrong(
                message,
                config.label.span,
                "expected `/folder/file` with letters, digits, `.`, `_` and `-`",
            ));
        }
        if config.text.is_none() && config.settings.is_empty() {
            let message = format!("the configuration file `{path}` has no content");
            problems.push(wrong(message, config.label.span, "expected `text` or `settings`"));
        }
        let quote = config.quote.as_deref().unwrap_or_default();
        problems.extend(config.settings.iter().filter_map(|(key, value)| setting(key, value, quote)));
    }
    problems
}

/// A setting must stay on its line and inside its quotes.
fn setting(key: &str, value: &Sourced<PublicText>, quote: &str) -> Option<Diagnostic> {
    let ends = |text: &str| text.contains(['\n', '\r']) || !quote.is_empty() && text.contains(quote);
    let literals = value.value.0.0.iter().filter_map(|part| match part {
        Part::Literal(text) => Some(&**text),
        _ => None,
    });
    let is_cut = ends(key) || literals.into_iter().any(ends);
    is_cut.then(|| {
        let message = format!("the value of `{key}` does not fit into one line of the file");
        let label = if quote.is_empty() {
            "expected no line break".to_owned()
        } else {
            format!("expected neither a line break nor `{quote}`")
        };
        wrong(message, value.origin.span, &label)
    })
}
