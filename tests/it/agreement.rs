//! The command and the editor say the same about everything there is to say something about: every example, every case of
//! `snapshots/ui`, every program of the book. Codes, places, severities and messages of all phases, rules and emitters.
#![allow(clippy::disallowed_methods, reason = "tests read fixtures and the book")]

use std::path::Path;
use std::sync::Mutex;

use serde_json::{Value, json};
use stackc::diagnostic::{codes, explain};
use stackc::emit::EMITTERS;
use stackc::load::load;
use stackc::lock::Lock;
use stackc::model::Project;
use stackc::project::{ENTRY, FILE, Settings};
use stackc::source::MemoryFiles;
use stackc::{Compilation, Request, compile, rehearse_loaded};

use crate::cli_scene::Scene;
use crate::lsp_scene::{Editor, SETTINGS};

/// A program and where it is from.
struct Case {
    name: String,
    files: MemoryFiles,
    project: Project,
    entry: String,
}

impl Case {
    /// A program with the settings that stand beside it, else with those of all tests.
    fn new(name: String, mut files: MemoryFiles) -> Self {
        files.0.entry(FILE.to_owned()).or_insert_with(|| SETTINGS.as_bytes().to_vec());
        let Settings { entry, project, problems, .. } = Settings::read(&files, "my shop");
        assert!(problems.is_empty(), "{name}: {problems:?}");
        Self { name, files, project, entry: entry.unwrap_or_else(|| ENTRY.to_owned()) }
    }
}

fn corpus() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut cases = Vec::new();
    for (name, folder) in crate::examples::examples() {
        cases.push(Case::new(name, crate::examples::files(&folder)));
    }
    for (path, files) in crate::ui::cases(&root.join("snapshots/ui")) {
        cases.push(Case::new(path.display().to_string(), files));
    }
    for code in codes::ALL {
        let page = crate::codes::blocks(explain::page(code.id).unwrap());
        for block in page.iter().filter(|block| block.is("fails") || block.is("passes")) {
            cases.push(Case::new(code.id.to_owned(), crate::codes::files(&block.text, &page)));
        }
    }
    for entry in std::fs::read_dir(root.join("book/src")).unwrap() {
        let path = entry.unwrap().path();
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let page = crate::codes::blocks(&text);
        for block in page.iter().filter(|block| block.is("stack") && block.file().is_none()) {
            cases.push(Case::new(path.display().to_string(), crate::codes::files(&block.text, &page)));
        }
    }
    cases
}

/// What the command says: file, range, code, severity and message of each problem.
fn said(case: &Case) -> Vec<String> {
    let request = Request {
        entry: &case.entry,
        project: &case.project,
        lock: &Lock::default(),
        environments: &[],
        targets: EMITTERS,
    };
    let Compilation { sources, diagnostics, .. } = compile(&request, &case.files);
    let mut said: Vec<String> = diagnostics
        .iter()
        .map(|problem| {
            let place = problem
                .primary
                .as_ref()
                .and_then(|label| Some((label.span, sources.get(label.span.source)?)));
            let (path, range) = match place {
                Some((span, source)) => {
                    // Editors draw every line of a range: theirs ends with the first one.
                    let end = span.start + source.slice(span).lines().next().unwrap_or_default().len() as u32;
                    let (start, end) = (source.lines.utf8(span.start), source.lines.utf8(end));
                    (&*source.path, format!("{}:{}-{}:{}", start.line, start.column, end.line, end.column))
                }
                None => (&*case.entry, "0:0-0:0".to_owned()),
            };
            format!("{path} {range} {} {:?} {}", problem.code.id, problem.severity, problem.message)
        })
        .collect();
    said.sort();
    said
}

/// What the editor is told.
fn shown(case: &Case) -> Vec<String> {
    let mut editor = Editor::asking();
    for (path, bytes) in &case.files.0 {
        editor.write_bytes(path, bytes);
    }
    editor.open(&case.entry, std::str::from_utf8(&case.files.0[&case.entry]).unwrap());
    editor.refreshed();
    let answer = editor.ask("workspace/diagnostic", json!({})).unwrap();
    let mut shown = Vec::new();
    for file in answer["items"].as_array().unwrap() {
        let path = Editor::path(file["uri"].as_str().unwrap());
        let path = path.strip_prefix("/library/").unwrap_or(&path).to_owned();
        for problem in file["items"].as_array().unwrap() {
            shown.push(format!("{path} {}", one(problem)));
        }
    }
    shown.sort();
    shown
}

fn one(problem: &Value) -> String {
    let at = |end: &str| {
        let place = &problem["range"][end];
        format!("{}:{}", place["line"], place["character"])
    };
    let severity = ["Error", "Warning", "Note"][problem["severity"].as_u64().unwrap() as usize - 1];
    let code = problem["code"].as_str().unwrap();
    let message = problem["message"].as_str().unwrap().lines().next().unwrap();
    format!("{}-{} {code} {severity} {message}", at("start"), at("end"))
}

#[test]
fn what_nobody_wants_to_know_any_more_is_given_up() {
    let files = MemoryFiles::new([("main.stack", "environment production { target compose }")]);
    let project = crate::ui::project();
    let request = Request {
        entry: "main.stack",
        project: &project,
        lock: &Lock::default(),
        environments: &[],
        targets: EMITTERS,
    };
    let rehearsed =
        |is_wanted: bool| rehearse_loaded(load("main.stack", &files), &request, &files, &|| is_wanted);
    assert!(rehearsed(false).is_none());
    let rehearsal = rehearsed(true).unwrap();
    let whole = compile(&request, &files);
    assert_eq!(rehearsal.diagnostics, whole.diagnostics);
    assert!(!whole.artifacts.is_empty());
    let paths = |all: &Compilation| all.artifacts.iter().map(|it| it.path.clone()).collect::<Vec<_>>();
    assert_eq!(paths(&rehearsal), paths(&whole));
    assert!(rehearsal.artifacts.iter().all(|artifact| artifact.text.is_empty()));
}

#[test]
fn the_command_and_the_editor_say_the_same() {
    let mut cases = corpus();
    // An editor holds text, without a mark of its encoding; what is no text never gets there.
    cases.retain(|case| {
        let text = case.files.0.get(&case.entry).and_then(|bytes| std::str::from_utf8(bytes).ok());
        text.is_some_and(|text| !text.starts_with('\u{feff}'))
    });
    let (count, cases) = (cases.len(), Mutex::new(cases));
    let (wrong, compared) = (Mutex::new(Vec::new()), Mutex::new(0));
    // Each waits until nobody has typed for a while.
    std::thread::scope(|scope| {
        for _ in 0..12 {
            scope.spawn(|| {
                while let Some(case) = { cases.lock().unwrap().pop() } {
                    let (said, shown) = (said(&case), shown(&case));
                    *compared.lock().unwrap() += said.len();
                    if said != shown {
                        let text = format!("{}\n  command {said:#?}\n  editor {shown:#?}", case.name);
                        wrong.lock().unwrap().push(text);
                    }
                }
            });
        }
    });
    let (wrong, compared) = (wrong.into_inner().unwrap(), compared.into_inner().unwrap());
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 350 && compared > 400, "{count} programs, {compared} problems");
}

/// Files beside the sources, and a word of what is wrong with each.
const SETTINGS_WITH_MISTAKES: &[(&str, &str, &str)] = &[
    ("stackc.toml", "name = \"shop\"\nregisty = \"ghcr.io/acme\"\n", "unknown field `registy`"),
    ("stackc.toml", "name = \"shop\"\nregistry = \n", "expected"),
    ("stackc.toml", "# ä\nname = [\"shop\"]\n", "expected a string"),
    ("stackc.toml", "name = \"shop\"\noutput = \"../elsewhere\"\n", "no folder inside the project"),
    ("stackc.toml", "entry = \"systems/main.stack\"\n", "which is not there"),
    ("stackc.toml", "[rules]\nopen-prt = \"error\"\n", "no rule is called"),
    ("stackc.toml", "[rules]\nopen-port = \"fatal\"\n", "no level of a rule"),
    ("stackc.lock", "version = 2\n", "expected version 1"),
    (
        "stackc.lock",
        "version = 1\n[images]\n\"db\" = \"sha256:1\"\n\"web:1\" = \"sha\"\n",
        "reference with a tag",
    ),
    ("stackc.lock", "version = 1\n[images\n", "cannot be read"),
    ("stackc.baseline", "\u{0}", ""),
];

#[test]
fn the_command_and_the_editor_say_the_same_about_settings() {
    for (file, text, word) in SETTINGS_WITH_MISTAKES {
        let scene = Scene::shop();
        scene.write(file, text);
        let run = scene.run(&["check", "--format", "json"]);
        let of_command = run.json()["diagnostics"].as_array().unwrap().clone();
        let mut editor = Editor::asking();
        editor.write(file, text);
        editor.open("main.stack", crate::cli_scene::SHOP);
        editor.settle();
        let of_editor = editor.published.get(*file).cloned().unwrap_or_default();
        let first = |problem: &Value| problem["message"].as_str().unwrap().lines().next().unwrap().to_owned();
        let row = |problem: &Value| (problem["code"].clone(), problem["range"].clone(), first(problem));
        let (said, shown): (Vec<_>, Vec<_>) =
            (of_command.iter().map(row).collect(), of_editor.iter().map(row).collect());
        assert_eq!(said, shown, "{file}: {text}");
        assert!(word.is_empty() == said.is_empty(), "{file} {text}: {said:?}");
        assert!(said.first().is_none_or(|(.., message)| message.contains(word)), "{said:?} has no {word:?}");
        assert!(of_command.iter().all(|problem| problem["file"] == *file), "{of_command:?}");
    }
}
