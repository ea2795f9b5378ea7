//! The table of real mistakes in the book: every row has a proof that is looked for. Must not compile a stack: codes are
//! proved by the examples of their pages, emitted files by their goldens.
#![allow(clippy::disallowed_methods, reason = "tests read the book and goldens")]

use std::collections::BTreeSet;
use std::path::Path;

use stackc::diagnostic::codes;

/// Places in the systems that were read.
const ENTRIES: usize = 168;

struct Row<'a> {
    name: &'a str,
    places: Vec<&'a str>,
    verdict: &'a str,
    proof: Option<&'a str>,
}

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path))
        .unwrap_or_else(|problem| panic!("{path}: {problem}"))
}

fn rows(text: &str) -> Vec<Row<'_>> {
    let lines = text.lines().filter(|line| line.starts_with("| ")).skip(2);
    lines
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').splitn(5, '|').map(str::trim).collect();
            let [name, places, verdict, how, proof] = cells[..] else { panic!("not five cells: {line}") };
            assert!(!how.is_empty(), "{line}");
            let proof = proof.strip_prefix('`').and_then(|proof| proof.strip_suffix('`'));
            Row { name, places: places.split(' ').collect(), verdict, proof }
        })
        .collect()
}

#[test]
fn every_place_is_in_the_table_once() {
    let text = read("book/src/defects.md");
    let rows = rows(&text);
    let places: Vec<&str> = rows.iter().flat_map(|row| row.places.iter().copied()).collect();
    assert_eq!(places.len(), ENTRIES);
    assert_eq!(places.iter().collect::<BTreeSet<_>>().len(), ENTRIES, "a place stands there twice");
}

/// The names of the classes.
pub(crate) fn classes() -> Vec<String> {
    rows(&read("book/src/defects.md")).into_iter().map(|row| row.name.to_owned()).collect()
}

/// What proves them.
pub(crate) fn proofs() -> Vec<String> {
    rows(&read("book/src/defects.md")).into_iter().filter_map(|row| Some(row.proof?.to_owned())).collect()
}

#[test]
fn every_row_has_a_proof_that_holds() {
    let text = read("book/src/defects.md");
    let mut wrong = Vec::new();
    for row in rows(&text) {
        assert!(["unrepresentable", "derived", "rule"].contains(&row.verdict), "{}", row.verdict);
        let proof = row.proof.unwrap_or_else(|| panic!("{:?} is not proved", row.places));
        let holds = match proof.split_once(": ") {
            Some((path, wanted)) if path.contains('/') => {
                let text = read(path);
                match wanted.strip_prefix('!') {
                    Some(absent) => !text.contains(absent),
                    None => text.contains(wanted),
                }
            }
            _ => codes::ALL.iter().any(|code| code.id == proof),
        };
        if !holds {
            wrong.push(format!("{:?}: {proof}", row.places));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
