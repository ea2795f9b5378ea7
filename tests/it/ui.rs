//! Diagnostics: each `snapshots/ui/<phase>/<name>.stack`, or folder with a `main.stack`, has a `.stderr` with the
//! exact messages in a plain rendering of its own, so that goldens do not depend on how a terminal shows them.
#![allow(clippy::disallowed_methods, reason = "tests read fixtures")]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use stackc::catalogue::Catalogue;
use stackc::check::check;
use stackc::diagnostic::{Applicability, Baseline, Diagnostic, has_errors};
use stackc::load::load;
use stackc::lock::Lock;
use stackc::model::{Project, Stack};
use stackc::plan::plan;
use stackc::source::{MemoryFiles, SourceMap, Span};

use super::golden;

/// A project for tests.
pub(crate) fn project() -> Project {
    Project {
        name: "shop".into(),
        registry: Some("ghcr.io/acme/shop".into()),
        repository: Some("https://github.com/acme/shop".into()),
        licence: None,
        owner: None,
        output: "deploy".into(),
        rules: BTreeMap::new(),
        known: Baseline::default(),
    }
}

/// What the phases say about a program, in the order in which they say it.
pub(crate) struct Verdict {
    pub(crate) sources: SourceMap,
    pub(crate) stack: Option<Stack>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Runs the phases from text to plan; planning needs a stack.
pub(crate) fn verdict(files: &MemoryFiles) -> Verdict {
    let loaded = load("main.stack", files);
    let mut diagnostics = loaded.diagnostics;
    let checked = check(&loaded.program, &project(), files, &[]);
    diagnostics.extend(checked.diagnostics);
    let stack = checked.stack.filter(|_| !has_errors(&diagnostics));
    if let Some(stack) = stack.clone() {
        match plan(stack, &Catalogue::embedded(), &Lock::default()) {
            Ok(plan) => diagnostics.extend(plan.warnings),
            Err(found) => diagnostics.extend(found),
        }
    }
    Verdict { sources: loaded.program.sources, stack, diagnostics }
}

/// The same of one file.
pub(crate) fn verdict_of(text: &str) -> Verdict {
    verdict(&MemoryFiles::new([("main.stack", text)]))
}

/// The messages as plain text.
pub(crate) fn render(verdict: &Verdict) -> String {
    let mut out = String::new();
    for problem in &verdict.diagnostics {
        one(&mut out, problem, &verdict.sources);
    }
    out
}

fn one(out: &mut String, problem: &Diagnostic, sources: &SourceMap) {
    let severity = if problem.is_error() { "error" } else { "warning" };
    writeln!(out, "{severity} {} {}: {}", problem.code.id, problem.code.name, problem.message).unwrap();
    for (mark, label) in problem
        .primary
        .iter()
        .map(|label| ('>', label))
        .chain(problem.secondary.iter().map(|label| ('-', label)))
    {
        let (place, text) = shown(label.span, sources);
        writeln!(out, "  {mark} {place} {text}: {}", label.text).unwrap();
    }
    for line in problem.help.iter().flat_map(|help| help.lines()) {
        writeln!(out, "  help: {line}").unwrap();
    }
    for fix in &problem.fixes {
        let safe = if fix.applicability == Applicability::Safe { "safe" } else { "maybe" };
        writeln!(out, "  fix ({safe}): {}", fix.title).unwrap();
        for edit in &fix.edits {
            let (place, text) = shown(edit.span, sources);
            writeln!(out, "    {place} {text} -> {:?}", edit.text).unwrap();
        }
    }
    out.push('\n');
}

/// `path:line:column` and the text there, cut when it is long.
fn shown(span: Span, sources: &SourceMap) -> (String, String) {
    let source = sources.get(span.source).unwrap();
    let at = source.lines.chars(&source.text, span.start);
    let text = source.slice(span);
    assert!(
        source.text.get(span.start as usize..span.end as usize).is_some(),
        "{span:?} is no range of the text"
    );
    let cut: String = text.chars().take(40).collect();
    let dots = if cut.len() < text.len() { "…" } else { "" };
    (format!("{}:{}:{}", source.path, at.line + 1, at.column + 1), format!("{cut:?}{dots}"))
}

#[test]
fn messages_are_as_recorded() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/ui");
    let only = std::env::var("STACKC_UI").unwrap_or_default();
    let mut failed = Vec::new();
    for (case, files) in cases(&root) {
        let name = case.display().to_string();
        if !name.contains(&only) {
            continue;
        }
        let verdict = verdict(&files);
        let text = render(&verdict);
        if verdict.diagnostics.is_empty() != name.contains("/clean/") {
            failed.push(format!("{name}: {} diagnostics", verdict.diagnostics.len()));
        }
        let golden = std::panic::catch_unwind(|| golden::check(&case.with_extension("stderr"), &text));
        failed.extend(golden.is_err().then_some(name));
    }
    assert!(failed.is_empty(), "{failed:#?}");
}

/// All cases: a file, or a folder with a `main.stack`, below a folder per phase.
pub(crate) fn cases(root: &Path) -> BTreeMap<PathBuf, MemoryFiles> {
    let mut cases = BTreeMap::new();
    for phase in entries(root).into_iter().filter(|path| path.is_dir()) {
        for path in entries(&phase) {
            if path.is_dir() {
                let mut files = MemoryFiles(BTreeMap::new());
                collect(&path, &path, &mut files);
                cases.insert(path, files);
            } else if path.extension().is_some_and(|extension| extension == "stack") {
                let text = std::fs::read(&path).unwrap();
                cases.insert(path, MemoryFiles([("main.stack".to_owned(), text)].into()));
            }
        }
    }
    assert!(!cases.is_empty());
    cases
}

fn collect(root: &Path, folder: &Path, files: &mut MemoryFiles) {
    for path in entries(folder) {
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            files.0.insert(name, std::fs::read(&path).unwrap());
        }
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}
