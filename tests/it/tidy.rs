//! The house rules as tests: layers, sizes, first lines, product names, embedded data. Must not compile a stack.
#![allow(clippy::disallowed_methods, reason = "tests read the sources")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use stackc::catalogue::Catalogue;
use stackc::diagnostic::codes;
use stackc::source::{Source, SourceMap};
use stackc::stdlib;

/// Lines that a file may have.
const MAX_LINES: usize = 600;

/// Words that name products. Products are data: they live in `stdlib/`.
const PRODUCTS: &[&str] = &[
    "actions/", "alpine", "debian", "grafana", "mariadb", "mongo", "mysql", "\"node:", "postgres", "prisma",
    "python", "redis", "ubuntu", "uvicorn", "valkey", "vite",
];

/// Where a word of [`PRODUCTS`] may stand, and why.
const ALLOWED: &[(&str, &str)] = &[
    // A target, as nginx is: the emitter of its files, its name in the list of emitters, and where they are mounted.
    ("emit/compose/mounts.rs", "grafana"),
    ("emit/grafana/mod.rs", "grafana"),
    ("emit/mod.rs", "grafana"),
    // The help of a broken import shows one that works.
    ("syntax/parser/report.rs", "postgres"),
    ("syntax/parser/report.rs", "redis"),
    // The one tool chain whose setup action names its input in another way than by its own name.
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All Rust files below a folder with their texts, sorted by path relative to it.
fn rust_files(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                found.insert(name, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    assert!(found.len() > 5, "{} has lost its files", folder.display());
    found
}

fn architecture() -> String {
    std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap()
}

/// `plan/edges.rs` and `load.rs` belong to the modules `plan` and `load`.
fn module_of(file: &str) -> &str {
    file.split(['/', '.']).next().unwrap()
}

fn modules() -> BTreeSet<String> {
    let files = rust_files(&root().join("src"));
    files
        .keys()
        .map(|file| module_of(file).to_owned())
        .filter(|name| name != "lib" && name != "main")
        .collect()
}

/// The lines of a file that the compiler sees outside of tests, without comments.
fn code(text: &str) -> impl Iterator<Item = &str> {
    let shipped = text.lines().take_while(|line| *line != "#[cfg(test)]");
    shipped.filter(|line| !line.trim_start().starts_with("//"))
}

/// The modules that a text names as `crate::name` or `crate::{name, …}`.
fn used(text: &str) -> BTreeSet<String> {
    let ident = |text: &str| -> String {
        text.trim_start().chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect()
    };
    let mut found = BTreeSet::new();
    for rest in text.split("crate::").skip(1) {
        match rest.strip_prefix('{') {
            None => found.extend([ident(rest)]),
            Some(list) => {
                let (mut depth, mut item) = (0, String::new());
                for c in list.chars() {
                    match c {
                        '}' if depth == 0 => break,
                        ',' if depth == 0 => found.extend([ident(&std::mem::take(&mut item))]),
                        _ => {
                            depth += i32::from(c == '{') - i32::from(c == '}');
                            item.push(c);
                        }
                    }
                }
                found.extend([ident(&item)]);
            }
        }
    }
    found
}

/// The table of layers in `ARCHITECTURE.md`: module to what it may use; `None` for all.
fn layers() -> BTreeMap<String, Option<BTreeSet<String>>> {
    let text = architecture();
    let (_, section) = text.split_once("\n## Layers\n").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let names = |cell: &str| -> Vec<String> { cell.split(',').map(|name| name.trim().to_owned()).collect() };
    let mut table = BTreeMap::new();
    for row in section.lines().filter(|line| line.starts_with('|')).skip(2) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let allowed = match cells[1] {
            "all" => None,
            "–" => Some(BTreeSet::new()),
            list => Some(names(list).into_iter().collect()),
        };
        table.extend(names(cells[0]).into_iter().map(|name| (name, allowed.clone())));
    }
    table
}

#[test]
fn every_module_has_a_section_and_a_layer() {
    let text = architecture();
    let sections: BTreeSet<String> =
        text.lines().filter_map(|line| line.strip_prefix("### src/")).map(str::to_owned).collect();
    assert_eq!(sections, modules());
    assert_eq!(layers().into_keys().collect::<BTreeSet<_>>(), modules());
}

#[test]
fn modules_use_only_the_layers_below() {
    let (modules, layers) = (modules(), layers());
    let mut wrong = Vec::new();
    for (file, text) in rust_files(&root().join("src")) {
        let module = module_of(&file);
        let Some(Some(allowed)) = layers.get(module) else { continue };
        let shipped: Vec<&str> = code(&text).collect();
        for name in used(&shipped.join("\n")) {
            if modules.contains(&name) && name != module && !allowed.contains(&name) {
                wrong.push(format!("src/{file} uses {name}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn uses_are_found_in_both_forms() {
    let text = "use crate::plan::Plan;\nuse crate::{check::{a, b}, load};\nlet x = crate::emit::EMITTERS;";
    assert_eq!(used(text), ["check", "emit", "load", "plan"].map(str::to_owned).into());
}

#[test]
fn files_say_what_they_are_and_stay_small() {
    let mut wrong = Vec::new();
    for folder in ["src", "tests/it"] {
        for (file, text) in rust_files(&root().join(folder)) {
            if !text.starts_with("//! ") {
                wrong.push(format!("{folder}/{file} does not begin with `//!`"));
            }
            let lines = text.lines().count();
            if lines > MAX_LINES {
                wrong.push(format!("{folder}/{file} has {lines} lines, expected at most {MAX_LINES}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn products_are_named_in_data_only() {
    let mut found = BTreeSet::new();
    for (file, text) in rust_files(&root().join("src")) {
        for line in code(&text) {
            let line = line.to_lowercase();
            for product in PRODUCTS {
                let begins = |at: usize| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
                if line.match_indices(product).any(|(at, _)| begins(at)) {
                    found.insert((file.clone(), *product));
                }
            }
        }
    }
    let allowed: BTreeSet<(String, &str)> =
        ALLOWED.iter().map(|(file, product)| ((*file).to_owned(), *product)).collect();
    assert_eq!(found, allowed);
}

#[test]
fn every_code_is_reported_somewhere() {
    let files = rust_files(&root().join("src"));
    let table = &files["diagnostic/code.rs"];
    let constants: Vec<&str> = table
        .lines()
        .filter_map(|line| line.split_once(" = \""))
        .map(|(name, _)| name.trim())
        .filter(|name| name.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
        .collect();
    assert_eq!(constants.len(), codes::ALL.len());
    let shipped: Vec<&str> = files.values().flat_map(|text| code(text)).collect();
    let shipped = shipped.join("\n");
    let reported = |name: &&&str| shipped.contains(&format!("codes::{name}"));
    let silent: Vec<&&str> = constants.iter().filter(|name| !reported(name)).collect();
    assert!(silent.is_empty(), "no code reports {silent:?}");
}

#[test]
fn the_standard_library_parses() {
    let modules = stdlib::modules();
    assert!(modules.len() > 3, "{modules:?}");
    let paths = modules.iter().map(|name| format!("{}.stack", name.replace('.', "/")));
    for path in paths.chain(["std/templates/new.stack".to_owned()]) {
        let mut sources = SourceMap::default();
        let id = sources.add(&path, stdlib::module(&path).unwrap());
        let source: &Source = sources.get(id).unwrap();
        assert_eq!(stackc::syntax::parse(source).diagnostics, [], "{path}");
    }
}

#[test]
fn the_catalogue_can_be_read() {
    let catalogue = Catalogue::embedded();
    let names: Vec<&str> = catalogue.names().collect();
    assert_eq!(names.len(), stdlib::images().len());
    for name in names {
        let facts = catalogue.check(name).unwrap_or_else(|problem| panic!("{name}: {problem}"));
        assert!(!facts.repository.is_empty(), "{name}");
    }
    assert!(!catalogue.clients().is_empty());
}
