//! Every example as a golden tree with real file names: `snapshots/emit/<example>/…`. Reviewers see artifacts as they
//! will be used, and the world's own tools can read them.
#![allow(clippy::disallowed_methods, reason = "tests read examples and write goldens")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use stackc::emit::EMITTERS;
use stackc::lock::Lock;
use stackc::model::Project;
use stackc::project::{ENTRY, Manifest};
use stackc::source::{MemoryFiles, SourceId};
use stackc::{Compilation, Request, compile};

use crate::golden;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

pub(crate) fn examples() -> Vec<(String, PathBuf)> {
    let folders = std::fs::read_dir(root().join("examples")).unwrap().map(|entry| entry.unwrap().path());
    let mut all: Vec<(String, PathBuf)> = folders
        .filter(|path| path.is_dir())
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), path))
        .collect();
    all.sort();
    assert!(all.len() >= 3, "examples are missing");
    all
}

/// The files of a folder that a compilation may read: without what is installed or emitted.
pub(crate) fn files(folder: &Path) -> MemoryFiles {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            if path.is_file() {
                found.insert(name, std::fs::read(&path).unwrap());
            } else if !["node_modules", "deploy", ".github", ".venv"]
                .iter()
                .any(|skipped| name.ends_with(skipped))
            {
                open.push(path);
            }
        }
    }
    MemoryFiles(found)
}

pub(crate) fn project(name: &str, files: &MemoryFiles) -> (Project, String) {
    let text =
        files.0.get("stackc.toml").map(|bytes| String::from_utf8(bytes.clone()).unwrap()).unwrap_or_default();
    let manifest = Manifest::parse(SourceId(0), &text).unwrap();
    let entry = manifest.entry.as_ref().map_or(ENTRY, |entry| entry.get_ref()).to_owned();
    (manifest.project(name), entry)
}

pub(crate) fn compiled(name: &str, files: &MemoryFiles) -> Compilation {
    let (project, entry) = project(name, files);
    let request = Request {
        entry: &entry,
        project: &project,
        lock: &Lock::default(),
        environments: &[],
        targets: EMITTERS,
    };
    compile(&request, files)
}

/// What stackc emits for its own release is what is committed.
#[test]
fn the_own_release_is_current() {
    let mut files = MemoryFiles::default();
    for path in ["stackc.toml", "release/main.stack"] {
        files.0.insert(path.to_owned(), std::fs::read(root().join(path)).unwrap());
    }
    let compilation = compiled("stackc", &files);
    let mut compared = 0;
    for artifact in &compilation.artifacts {
        if artifact.path.contains("docker/") || artifact.path.starts_with(".github/") {
            let written = std::fs::read_to_string(root().join(&artifact.path)).unwrap();
            let how = "run `stackc build -t dockerfile -t github-actions`";
            assert!(written == artifact.text, "{} is out of date: {how}", artifact.path);
            compared += 1;
        }
    }
    assert_eq!(compared, 3);
}

#[test]
fn examples_emit_their_goldens() {
    let bless = std::env::var("STACKC_BLESS").is_ok();
    for (name, folder) in examples() {
        let compilation = compiled(&name, &files(&folder));
        let errors: Vec<_> = compilation.diagnostics.iter().filter(|problem| problem.is_error()).collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
        let goldens = root().join("snapshots/emit").join(&name);
        if bless {
            let _ = std::fs::remove_dir_all(&goldens);
        }
        for artifact in &compilation.artifacts {
            golden::check(&goldens.join(&artifact.path), &artifact.text);
        }
        let mut known: Vec<String> =
            compilation.artifacts.iter().map(|artifact| artifact.path.clone()).collect();
        known.sort();
        assert_eq!(known, tree(&goldens), "{name}: goldens and artifacts are not the same files");
    }
}

/// The figures of a README: `The sources are 151 lines …; they become 4846.`
fn figures(readme: &str) -> (usize, usize) {
    let line = readme.lines().find(|line| line.starts_with("The sources are ")).unwrap();
    let mut numbers = line.split(|c: char| !c.is_ascii_digit()).filter_map(|word| word.parse().ok());
    (numbers.next().unwrap(), numbers.next().unwrap())
}

/// A system of the size that documents describe is short, and what people are told about it is true.
#[test]
fn systems_are_short_and_their_figures_hold() {
    for name in ["prompt-builder", "prompt-card", "prompt-card-platform", "promptlib"] {
        let folder = root().join("examples").join(name);
        let files = files(&folder);
        let is_code = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
        let sources = files
            .0
            .iter()
            .filter(|(path, _)| Path::new(path).extension().is_some_and(|kind| kind == "stack"));
        let lines: usize = sources
            .map(|(_, bytes)| std::str::from_utf8(bytes).unwrap().lines().filter(is_code).count())
            .sum();
        let emitted: usize =
            compiled(name, &files).artifacts.iter().map(|artifact| artifact.text.lines().count()).sum();
        let readme = std::fs::read_to_string(folder.join("README.md")).unwrap();
        let (told, told_emitted) = figures(&readme);
        assert!((60..=250).contains(&lines), "{name}: {lines} lines");
        assert_eq!(told, lines, "{name}: lines of the sources");
        let off = told_emitted.abs_diff(emitted);
        assert!(off * 20 < emitted, "{name}: {emitted} lines are emitted, the README says {told_emitted}");
    }
}

/// The paths of all files below a folder, sorted.
fn tree(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.push(path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for (name, folder) in examples() {
        let files = files(&folder);
        let (first, second) = (compiled(&name, &files), compiled(&name, &files));
        assert!(!first.artifacts.is_empty());
        assert_eq!(first.artifacts, second.artifacts, "{name}");
    }
}

/// Splits a file into its declarations at the first column, comments above included.
fn declarations(text: &str) -> Vec<String> {
    let mut blocks = vec![String::new()];
    for line in text.lines() {
        let starts = line.starts_with(|c: char| c.is_ascii_lowercase());
        let held = blocks
            .last()
            .is_some_and(|block| block.lines().all(|line| line.is_empty() || line.starts_with('#')));
        if !held && (starts || line.starts_with('#')) {
            blocks.push(String::new());
        }
        let block = blocks.last_mut().unwrap();
        block.push_str(line);
        block.push('\n');
    }
    blocks
}

#[test]
fn reordering_declarations_changes_only_declared_order() {
    for (name, folder) in examples() {
        let files = files(&folder);
        let mut reversed = files.clone();
        for (path, bytes) in &mut reversed.0 {
            if Path::new(path).extension().is_some_and(|end| end == "stack") {
                let text = String::from_utf8(bytes.clone()).unwrap();
                let blocks = declarations(&text);
                assert_eq!(blocks.concat(), text);
                *bytes = blocks.into_iter().rev().collect::<String>().into_bytes();
            }
        }
        let lines = |compilation: &Compilation| -> BTreeMap<String, Vec<String>> {
            let sorted = compilation.artifacts.iter().map(|artifact| {
                // A checksum follows the bytes of what it sums up, and so their order.
                let lines = artifact.text.lines().filter(|line| !line.contains("stackc.config:"));
                let mut lines: Vec<String> = lines.map(ToOwned::to_owned).collect();
                lines.sort();
                (artifact.path.clone(), lines)
            });
            sorted.collect()
        };
        let (before, after) = (compiled(&name, &files), compiled(&name, &reversed));
        assert!(
            after.diagnostics.iter().all(|problem| !problem.is_error()),
            "{name}: {:?}",
            after.diagnostics
        );
        assert_eq!(before.artifacts.len(), after.artifacts.len());
        let (before, after) = (lines(&before), lines(&after));
        for (path, lines) in &before {
            assert_eq!(Some(lines), after.get(path), "{name}: {path}");
        }
    }
}
