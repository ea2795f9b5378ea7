//! Hostile strings through the YAML printer: read back here by a reader of our own three styles, and written down for
//! `tests/conformance/yaml_readers.py`, which asks the readers that people have.
#![expect(
    clippy::disallowed_methods,
    reason = "leaves the document where the conformance script looks for it"
)]

use std::fs;
use std::path::Path;

use indexmap::IndexMap;
use serde::Serialize;
use stackc::print::yaml::{Above, Commented, Flow, SingleQuoted, Spaced, to_string};

use crate::hostile;

/// Every string in every place where a string can stand.
#[derive(Serialize)]
struct Torture<'a> {
    items: &'a [String],
    values: Vec<IndexMap<&'a str, &'a str>>,
    keys: Vec<IndexMap<&'a str, u8>>,
    spaced: Vec<Spaced<Above<Commented<&'a str>>>>,
    flow: Vec<Flow<[&'a str; 2]>>,
    flow_keys: Vec<Flow<IndexMap<&'a str, u8>>>,
    single: Vec<SingleQuoted>,
}

impl<'a> Torture<'a> {
    fn new(strings: &'a [String]) -> Self {
        let each = || strings.iter().map(String::as_str);
        Self {
            items: strings,
            values: each().map(|text| IndexMap::from([("name", text), ("value", text)])).collect(),
            keys: each().map(|text| IndexMap::from([(text, 1)])).collect(),
            spaced: each().map(|text| Spaced(Above::new(text, Commented::new(text, text)))).collect(),
            flow: each().map(|text| Flow([text, "x"])).collect(),
            flow_keys: each().map(|text| Flow(IndexMap::from([(text, 1)]))).collect(),
            single: strings.iter().cloned().map(SingleQuoted).collect(),
        }
    }
}

#[test]
fn write_the_document_for_other_readers() {
    let strings = hostile::strings(2000);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let document = to_string("torture", &Torture::new(&strings)).unwrap();
    fs::write(folder.join("torture.yaml"), document).unwrap();
    fs::write(folder.join("torture.json"), serde_json::to_string(&strings).unwrap()).unwrap();
}

#[test]
fn every_string_comes_back() {
    for text in hostile::strings(10_000) {
        let document = to_string("", &[&text]).unwrap();
        assert_eq!(read_item(&document).as_deref(), Some(text.as_str()), "{document}");
    }
}

#[test]
fn no_string_adds_an_entry() {
    for text in hostile::strings(10_000) {
        let entry = Spaced(Above::new(text.clone(), Commented::new(text.clone(), text)));
        let document = to_string("", &IndexMap::from([("first", entry.clone()), ("second", entry)])).unwrap();
        let starts_entry = |line: &&str| !line.is_empty() && !line.starts_with(['#', ' ']);
        let entries: Vec<&str> = document.lines().filter(starts_entry).collect();
        assert_eq!(entries.len(), 3, "{document}");
        assert!(entries[1].starts_with("first:") && entries[2].starts_with("second:"), "{document}");
        let is_control = |c: char| c.is_control() && c != '\n';
        assert!(!document.contains(is_control), "{document:?}");
    }
}

/// Reads the one item of a sequence, in any of the three styles.
fn read_item(document: &str) -> Option<String> {
    let item = document.strip_prefix("---\n- ")?;
    if let Some(quoted) = item.strip_prefix('"') {
        return read_double_quoted(quoted.strip_suffix("\"\n")?);
    }
    let lines = item.strip_prefix("|\n").map(|lines| (lines, true));
    match lines.or_else(|| item.strip_prefix("|-\n").map(|lines| (lines, false))) {
        Some((lines, keeps_end)) => {
            let lines: Vec<&str> =
                lines.lines().map(|line| line.strip_prefix("  ").unwrap_or(line)).collect();
            Some(lines.join("\n") + if keeps_end { "\n" } else { "" })
        }
        None => item.strip_suffix('\n').map(str::to_owned),
    }
}

fn read_double_quoted(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            out.push(character);
            continue;
        }
        let digits = match characters.next()? {
            'n' => {
                out.push('\n');
                0
            }
            't' => {
                out.push('\t');
                0
            }
            'r' => {
                out.push('\r');
                0
            }
            'x' => 2,
            'u' => 4,
            escaped => {
                out.push(escaped);
                0
            }
        };
        if digits > 0 {
            let code: String = characters.by_ref().take(digits).collect();
            out.push(char::from_u32(u32::from_str_radix(&code, 16).ok()?)?);
        }
    }
    Some(out)
}
