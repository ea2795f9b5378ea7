//! SARIF 2.1.0 (OASIS), the exchange form that code scanning reads. Must not hold text of sources: results give
//! places, and what is there stays in the repository.

use indexmap::IndexMap;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::place::Place;
use super::{Code, Diagnostic, Edit, Fix, Label, codes, escape, explain};
use crate::source::SourceMap;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// One log with one run: the rules are the codes that were found, the results are the diagnostics.
pub(super) fn sarif(diagnostics: &[&Diagnostic], sources: &SourceMap) -> String {
    let is_found = |code: &&&Code| diagnostics.iter().any(|problem| problem.code == **code);
    let found: Vec<&Code> = codes::ALL.iter().filter(is_found).copied().collect();
    let results: Vec<Value> = diagnostics.iter().map(|problem| result(problem, &found, sources)).collect();
    let rules: Vec<Value> = found.into_iter().map(rule).collect();
    let driver = json!({
        "name": "stackc",
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "informationUri": env!("CARGO_PKG_REPOSITORY"),
        "rules": rules,
    });
    let run = json!({ "tool": { "driver": driver }, "columnKind": "utf16CodeUnits", "results": results });
    escape::json(&json!({ "$schema": SCHEMA, "version": "2.1.0", "runs": [run] }))
}

/// Code scanning takes no rule without a full description and a help.
fn rule(code: &Code) -> Value {
    let opening = explain::opening(code);
    json!({
        "id": code.id,
        "name": code.name,
        "shortDescription": { "text": code.name.replace('-', " ") },
        "fullDescription": { "text": opening.lines().next() },
        "help": { "text": opening, "markdown": explain::page(code.id) },
        "helpUri": code.url(),
    })
}

fn result(problem: &Diagnostic, rules: &[&Code], sources: &SourceMap) -> Value {
    let help = problem.help.as_ref().map(|help| format!("\n{help}")).unwrap_or_default();
    let primary =
        problem.primary.as_ref().and_then(|label| location(label, sources)).or_else(|| entry(sources));
    let related = problem.secondary.iter().filter_map(|label| location(label, sources));
    json!({
        "ruleId": problem.code.id,
        "ruleIndex": rules.iter().position(|code| *code == problem.code),
        "level": problem.severity.word(),
        "message": { "text": format!("{}{help}", problem.message) },
        "locations": primary.into_iter().collect::<Vec<_>>(),
        "relatedLocations": related.enumerate().map(numbered).collect::<Vec<_>>(),
        "fixes": problem.fixes.iter().filter_map(|fix| repair(fix, sources)).collect::<Vec<_>>(),
    })
}

fn location(label: &Label, sources: &SourceMap) -> Option<Value> {
    let place = Place::in_utf16(sources, label.span)?;
    let physical = json!({ "artifactLocation": { "uri": uri(place.path) }, "region": region(&place) });
    Some(json!({ "physicalLocation": physical, "message": { "text": label.text } }))
}

/// The start of the first file, for what is wrong with all of them: code scanning takes no result without a location.
fn entry(sources: &SourceMap) -> Option<Value> {
    let file = json!({ "uri": uri(&sources.iter().next()?.path) });
    Some(json!({ "physicalLocation": { "artifactLocation": file, "region": { "startLine": 1 } } }))
}

/// Related locations must differ from each other; a number makes equal ones differ.
fn numbered((number, mut location): (usize, Value)) -> Value {
    if let Value::Object(fields) = &mut location {
        fields.insert("id".to_owned(), number.into());
    }
    location
}

fn region(place: &Place<'_>) -> Value {
    json!({
        "startLine": place.start.line + 1,
        "startColumn": place.start.column + 1,
        "endLine": place.end.line + 1,
        "endColumn": place.end.column + 1,
    })
}

/// A fix, its edits grouped by file; `None` when it edits nothing, which the format forbids.
fn repair(fix: &Fix, sources: &SourceMap) -> Option<Value> {
    let mut changes: IndexMap<&str, Vec<Value>> = IndexMap::new();
    for edit in &fix.edits {
        let place = Place::in_utf16(sources, edit.span)?;
        changes.entry(place.path).or_default().push(replacement(edit, &place));
    }
    let changes: Vec<Value> = changes
        .into_iter()
        .map(|(path, edits)| json!({ "artifactLocation": { "uri": uri(path) }, "replacements": edits }))
        .collect();
    (!changes.is_empty()).then(|| json!({ "description": { "text": fix.title }, "artifactChanges": changes }))
}

fn replacement(edit: &Edit, place: &Place<'_>) -> Value {
    json!({ "deletedRegion": region(place), "insertedContent": { "text": edit.text } })
}

/// What a relative reference may hold as it is (RFC 3986): nothing that could end a path or start a scheme.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/')
    .remove(b'@')
    .remove(b'+');

fn uri(path: &str) -> String {
    utf8_percent_encode(path, PATH).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_references() {
        assert_eq!(uri("apps/@web/main.stack"), "apps/@web/main.stack");
        assert_eq!(uri("c:a b?é"), "c%3Aa%20b%3F%C3%A9");
    }
}
