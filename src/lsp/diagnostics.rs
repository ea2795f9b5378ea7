//! Problems in the shape of the protocol, for files that are open. Must not decide what a problem is.

use std::path::Path;

use serde_json::{Value, json};

use super::protocol::object;
use super::server::{Loaded, Server};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{Source, SourceMap, Span};

/// The problems of a file of a project.
pub(super) fn of_file<'d>(
    server: &Server<'_>,
    project: &Loaded,
    path: &str,
    found: impl IntoIterator<Item = &'d Diagnostic>,
    sources: &SourceMap,
) -> Vec<Value> {
    let here = found.into_iter().filter(|problem| file_of(project, problem, sources) == path);
    here.map(|problem| one(server, &project.opened.root, problem, sources)).collect()
}

/// The file in which a problem is told.
pub(super) fn file_of<'a>(project: &'a Loaded, problem: &Diagnostic, sources: &'a SourceMap) -> &'a str {
    let place = problem.primary.as_ref().map(|label| label.span);
    let source = place.and_then(|span| sources.get(span.source));
    // What has no place is about the system: its first file.
    source.map_or(&*project.opened.entry, |source| &source.path)
}

/// One problem of a project in this folder.
pub(super) fn one(server: &Server<'_>, root: &Path, problem: &Diagnostic, sources: &SourceMap) -> Value {
    let nowhere = || json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 0 } });
    let primary = problem.primary.as_ref();
    let range = primary.and_then(|label| {
        let source = sources.get(label.span.source)?;
        Some(server.encoding.range(source, first_line(source, label.span)))
    });
    let related: Vec<Value> = problem
        .secondary
        .iter()
        .filter_map(|label| {
            let source = sources.get(label.span.source)?;
            let uri = server.uri_of(root, &source.path)?;
            let range = server.encoding.range(source, first_line(source, label.span));
            let location = object([("uri", uri.into()), ("range", range)]);
            Some(object([("location", location), ("message", label.text.as_str().into())]))
        })
        .collect();
    let mut message = problem.message.clone();
    for line in primary
        .map(|label| label.text.as_str())
        .filter(|text| !text.is_empty())
        .into_iter()
        .chain(problem.help.as_deref())
    {
        message.push('\n');
        message.push_str(line);
    }
    let severity = match problem.severity {
        Severity::Error => 1,
        Severity::Warning => 2,
        Severity::Note => 3,
    };
    object([
        ("range", range.unwrap_or_else(nowhere)),
        ("severity", severity.into()),
        ("code", problem.code.id.into()),
        ("codeDescription", object([("href", problem.code.url().into())])),
        ("source", "stackc".into()),
        ("message", message.into()),
        ("relatedInformation", related.into()),
    ])
}

/// A span without what lies behind its first line: editors draw every line of a range.
pub(super) fn first_line(source: &Source, span: Span) -> Span {
    let text = source.slice(span);
    let line = text.split('\n').next().unwrap_or_default().trim_end_matches('\r');
    Span { end: span.start + line.len() as u32, ..span }
}
