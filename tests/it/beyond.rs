//! The table of mistakes beyond the list in the book: every proof is performed. Must not hold a stack: those are in
//! `snapshots/beyond/`, and on the pages of codes.
#![allow(clippy::disallowed_methods, reason = "tests read the book and stacks")]

use std::collections::BTreeSet;
use std::path::Path;

use stackc::diagnostic::codes;
use stackc::emit::EMITTERS;
use stackc::lock::Lock;
use stackc::source::MemoryFiles;
use stackc::{Compilation, Request, compile};

use crate::defects;
use crate::ui::project;

struct Row {
    name: String,
    verdict: String,
    proof: String,
}

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path))
        .unwrap_or_else(|problem| panic!("{path}: {problem}"))
}

fn rows() -> Vec<Row> {
    let text = read("book/src/beyond.md");
    let lines = text.lines().filter(|line| line.starts_with("| ") && line.ends_with("` |"));
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim_matches('|').splitn(4, '|').map(str::trim).collect();
        let [name, verdict, how, proof] = cells[..] else { panic!("not four cells: {line}") };
        assert!(!how.is_empty() && ["unrepresentable", "derived", "rule"].contains(&verdict), "{line}");
        let proof = proof.trim_matches('`').to_owned();
        Row { name: name.to_owned(), verdict: verdict.to_owned(), proof }
    };
    lines.map(row).collect()
}

fn compiled(stack: &str) -> Compilation {
    let (project, lock) = (project(), Lock::default());
    let request =
        Request { entry: "main.stack", project: &project, lock: &lock, environments: &[], targets: EMITTERS };
    let text = read(&format!("snapshots/beyond/{stack}.stack"));
    compile(&request, &MemoryFiles::new([("main.stack", text.as_str())]))
}

#[test]
fn there_are_as_many_classes_beyond_the_list_as_on_it() {
    let rows = rows();
    let names: BTreeSet<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    let proofs: BTreeSet<&str> = rows.iter().map(|row| row.proof.as_str()).collect();
    assert_eq!(names.len(), rows.len(), "a class stands there twice");
    assert_eq!(proofs.len(), rows.len(), "one proof for two classes");
    let listed = defects::classes();
    let both: Vec<_> = listed.iter().filter(|name| names.contains(name.as_str())).collect();
    assert!(both.is_empty(), "on the list as well: {both:?}");
    assert!(rows.len() >= listed.len(), "{} beyond the list, {} on it", rows.len(), listed.len());
}

#[test]
fn every_rule_is_for_a_class() {
    let proofs: BTreeSet<String> = rows().into_iter().map(|row| row.proof).chain(defects::proofs()).collect();
    let rules = codes::ALL.iter().filter(|code| code.id.starts_with('L') && !code.id.starts_with("L00"));
    let missing: Vec<&str> = rules.map(|code| code.id).filter(|id| !proofs.contains(*id)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_proof_holds() {
    let wrong: Vec<String> =
        rows().iter().filter_map(|row| Some(format!("{}: {}", row.name, fault(row)?))).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What is wrong with the proof of a row.
fn fault(row: &Row) -> Option<String> {
    let proof = row.proof.as_str();
    let Some((stack, rest)) = proof.split_once(' ') else {
        // The examples of pages are compiled where those are tested.
        let is_known = codes::ALL.iter().any(|code| code.id == proof);
        return (!is_known).then(|| format!("no code {proof}"));
    };
    let compilation = compiled(stack);
    let given: Vec<&str> = compilation.diagnostics.iter().map(|problem| problem.code.id).collect();
    if let Some(code) = rest.strip_prefix("gives ") {
        return (!given.contains(&code)).then(|| format!("gives {given:?}"));
    }
    assert_ne!(row.verdict, "rule", "{proof}: a rule says something");
    let (is_there, place) = match rest.strip_prefix("never ") {
        Some(rest) => (false, rest),
        None => (true, rest),
    };
    let (path, text) = place.strip_prefix("emits ")?.split_once(": ")?;
    if compilation.diagnostics.iter().any(stackc::diagnostic::Diagnostic::is_error) {
        return Some(format!("gives {given:?}"));
    }
    let mut files = compilation.artifacts.iter().filter(|file| file.path.ends_with(path)).peekable();
    if files.peek().is_none() {
        return Some(format!("emits no {path}"));
    }
    (files.any(|file| file.text.contains(text)) != is_there).then(|| "the text".to_owned())
}

#[test]
fn every_stack_is_a_proof() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/beyond");
    let files =
        std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let used: BTreeSet<String> =
        rows().iter().filter_map(|row| Some(format!("{}.stack", row.proof.split_once(' ')?.0))).collect();
    assert_eq!(files.collect::<BTreeSet<_>>(), used);
}
