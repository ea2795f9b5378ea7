//! Machine forms of diagnostics: one line each, JSON, workflow commands, SARIF. Must not choose what is shown.

use serde_json::{Value, json};

use super::{Applicability, Diagnostic, Label, Severity, codes};
use crate::source::{SourceMap, Span};

const HOME: &str = "https://github.com/stackc/stackc/blob/main/book/src/codes";

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn path(sources: &SourceMap, span: Span) -> String {
    sources.get(span.source).map_or_else(String::new, |source| super::render::visible(&source.path))
}

/// Line and column for people, both from 1.
fn place(sources: &SourceMap, offset: u32, span: Span) -> (u32, u32) {
    sources.get(span.source).map_or((1, 1), |source| {
        let at = source.lines.chars(&source.text, offset);
        (at.line + 1, at.column + 1)
    })
}

/// `path:line:column: error[E0401] message`
pub fn short(diagnostics: &[Diagnostic], sources: &SourceMap) -> String {
    let line = |problem: &Diagnostic| {
        let message = super::render::visible(&problem.message).replace('\n', " ");
        let head = format!("{}[{}] {message}\n", word(problem.severity), problem.code.id);
        match &problem.primary {
            Some(label) => {
                let (line, column) = place(sources, label.span.start, label.span);
                format!("{}:{line}:{column}: {head}", path(sources, label.span))
            }
            None => head,
        }
    };
    diagnostics.iter().map(line).collect()
}

/// A range as editors count: lines and UTF-16 columns from 0.
fn range(sources: &SourceMap, span: Span) -> Value {
    let at = |offset| {
        sources.get(span.source).map_or(json!({ "line": 0, "character": 0 }), |source| {
            let at = source.lines.utf16(&source.text, offset);
            json!({ "line": at.line, "character": at.column })
        })
    };
    json!({ "start": at(span.start), "end": at(span.end) })
}

fn labelled(sources: &SourceMap, label: &Label) -> Value {
    json!({
        "file": path(sources, label.span),
        "range": range(sources, label.span),
        "byteRange": [label.span.start, label.span.end],
        "text": label.text,
    })
}

/// One document with all diagnostics; `version` changes when its shape does.
pub fn json(diagnostics: &[Diagnostic], sources: &SourceMap) -> String {
    let one = |problem: &Diagnostic| {
        let fixes: Vec<Value> = problem
            .fixes
            .iter()
            .map(|fix| {
                let edits: Vec<Value> = fix
                    .edits
                    .iter()
                    .map(|edit| json!({ "file": path(sources, edit.span), "range": range(sources, edit.span), "newText": edit.text }))
                    .collect();
                json!({ "title": fix.title, "safe": fix.applicability == Applicability::Safe, "edits": edits })
            })
            .collect();
        json!({
            "code": problem.code.id,
            "name": problem.code.name,
            "severity": word(problem.severity),
            "message": problem.message,
            "file": problem.primary.as_ref().map(|label| path(sources, label.span)),
            "range": problem.primary.as_ref().map(|label| range(sources, label.span)),
            "byteRange": problem.primary.as_ref().map(|label| [label.span.start, label.span.end]),
            "label": problem.primary.as_ref().map(|label| &label.text),
            "labels": problem.secondary.iter().map(|label| labelled(sources, label)).collect::<Vec<_>>(),
            "help": problem.help,
            "fixes": fixes,
            "url": format!("{HOME}/{}.md", problem.code.id),
        })
    };
    let all: Vec<Value> = diagnostics.iter().map(one).collect();
    format!("{:#}\n", json!({ "version": 1, "diagnostics": all }))
}

/// Workflow commands: annotations on the lines of a pull request.
pub fn github(diagnostics: &[Diagnostic], sources: &SourceMap) -> String {
    let data = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    let line = |problem: &Diagnostic| {
        let level = if problem.severity == Severity::Note { "notice" } else { word(problem.severity) };
        let title = property(&format!("{} {}", problem.code.id, problem.code.name));
        let help = problem.help.as_ref().map(|help| format!("\n{help}")).unwrap_or_default();
        let message = data(&format!("{}{help}", problem.message));
        match &problem.primary {
            Some(label) => {
                let (line, column) = place(sources, label.span.start, label.span);
                let (end, end_column) = place(sources, label.span.end, label.span);
                let file = property(&path(sources, label.span));
                format!(
                    "::{level} file={file},line={line},col={column},endLine={end},endColumn={end_column},title={title}::{message}\n"
                )
            }
            None => format!("::{level} title={title}::{message}\n"),
        }
    };
    diagnostics.iter().map(line).collect()
}

/// SARIF 2.1.0 (OASIS), as code scanning reads it.
pub fn sarif(diagnostics: &[Diagnostic], sources: &SourceMap) -> String {
    let location = |label: &Label| {
        let (line, column) = place16(sources, label.span.start, label.span);
        let (end, end_column) = place16(sources, label.span.end, label.span);
        json!({
            "physicalLocation": {
                "artifactLocation": { "uri": path(sources, label.span) },
                "region": { "startLine": line, "startColumn": column, "endLine": end, "endColumn": end_column },
            },
            "message": { "text": label.text },
        })
    };
    let rules: Vec<Value> = codes::ALL
        .iter()
        .map(|code| json!({ "id": code.id, "name": code.name, "shortDescription": { "text": code.name.replace('-', " ") }, "helpUri": format!("{HOME}/{}.md", code.id) }))
        .collect();
    let results: Vec<Value> = diagnostics
        .iter()
        .map(|problem| {
            json!({
                "ruleId": problem.code.id,
                "level": word(problem.severity),
                "message": { "text": problem.message },
                "locations": problem.primary.iter().map(location).collect::<Vec<_>>(),
                "relatedLocations": problem.secondary.iter().map(location).collect::<Vec<_>>(),
            })
        })
        .collect();
    let driver = json!({ "name": "stackc", "version": env!("CARGO_PKG_VERSION"), "rules": rules });
    let run = json!({ "tool": { "driver": driver }, "columnKind": "utf16CodeUnits", "results": results });
    let schema = "https://json.schemastore.org/sarif-2.1.0.json";
    format!("{:#}\n", json!({ "$schema": schema, "version": "2.1.0", "runs": [run] }))
}

fn place16(sources: &SourceMap, offset: u32, span: Span) -> (u32, u32) {
    sources.get(span.source).map_or((1, 1), |source| {
        let at = source.lines.utf16(&source.text, offset);
        (at.line + 1, at.column + 1)
    })
}
