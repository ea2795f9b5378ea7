//! The JSON form of diagnostics: one document, with ranges as editors count them. Must stay compatible: a field
//! that changes its meaning raises `VERSION`.

use serde::Serialize;

use super::place::Place;
use super::{Applicability, Diagnostic, Edit, Fix, Label, Severity, escape};
use crate::source::{LineColumn, SourceMap, Span};

/// Of the document and of each diagnostic in it.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    diagnostics: Vec<Entry<'a>>,
    summary: Summary,
}

#[derive(Serialize)]
struct Summary {
    errors: usize,
    warnings: usize,
    notes: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    v: u32,
    code: &'a str,
    name: &'a str,
    severity: &'a str,
    message: &'a str,
    file: Option<&'a str>,
    range: Option<Range>,
    byte_range: Option<[u32; 2]>,
    label: Option<&'a str>,
    labels: Vec<Labelled<'a>>,
    help: Option<&'a str>,
    fixes: Vec<Repair<'a>>,
    url: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct At<'a> {
    file: &'a str,
    range: Range,
    byte_range: [u32; 2],
}

/// The shape of the language server protocol.
#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: u32,
    character: u32,
}

#[derive(Serialize)]
struct Labelled<'a> {
    #[serde(flatten)]
    at: At<'a>,
    text: &'a str,
}

#[derive(Serialize)]
struct Repair<'a> {
    title: &'a str,
    safe: bool,
    edits: Vec<Replacement<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement<'a> {
    #[serde(flatten)]
    at: At<'a>,
    new_text: &'a str,
}

/// One document with all diagnostics.
pub(super) fn json(diagnostics: &[&Diagnostic], sources: &SourceMap) -> String {
    let number = |severity| diagnostics.iter().filter(|problem| problem.severity == severity).count();
    escape::json(&Document {
        version: VERSION,
        diagnostics: diagnostics.iter().map(|problem| entry(problem, sources)).collect(),
        summary: Summary {
            errors: number(Severity::Error),
            warnings: number(Severity::Warning),
            notes: number(Severity::Note),
        },
    })
}

fn entry<'a>(problem: &'a Diagnostic, sources: &'a SourceMap) -> Entry<'a> {
    let labelled = |label: &'a Label| Some(Labelled { at: at(sources, label.span)?, text: &label.text });
    let (file, range, byte_range) = problem
        .primary
        .as_ref()
        .and_then(|label| at(sources, label.span))
        .map_or((None, None, None), |at| (Some(at.file), Some(at.range), Some(at.byte_range)));
    Entry {
        v: VERSION,
        code: problem.code.id,
        name: problem.code.name,
        severity: problem.severity.word(),
        message: &problem.message,
        file,
        range,
        byte_range,
        label: problem.primary.as_ref().map(|label| &*label.text),
        labels: problem.secondary.iter().filter_map(labelled).collect(),
        help: problem.help.as_deref(),
        fixes: problem.fixes.iter().map(|fix| repair(fix, sources)).collect(),
        url: problem.code.url(),
    }
}

fn repair<'a>(fix: &'a Fix, sources: &'a SourceMap) -> Repair<'a> {
    let replacement =
        |edit: &'a Edit| Some(Replacement { at: at(sources, edit.span)?, new_text: &edit.text });
    Repair {
        title: &fix.title,
        safe: fix.applicability == Applicability::Safe,
        edits: fix.edits.iter().filter_map(replacement).collect(),
    }
}

fn at(sources: &SourceMap, span: Span) -> Option<At<'_>> {
    let place = Place::in_utf16(sources, span)?;
    let position = |at: LineColumn| Position { line: at.line, character: at.column };
    Some(At {
        file: place.path,
        range: Range { start: position(place.start), end: position(place.end) },
        byte_range: [span.start, span.end],
    })
}
