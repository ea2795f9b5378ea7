//! Completion at every place of every example: it answers, what is written is among the offers, and no offer is unknown.
#![allow(clippy::disallowed_methods, reason = "tests read fixtures")]

use std::path::{Path, PathBuf};

use stackc::check::check;
use stackc::ide::completion::{Completion, Kind, complete};
use stackc::ide::index::SymbolKind;
use stackc::ide::{Analysis, Cache};
use stackc::load::load;
use stackc::source::{MemoryFiles, Source, Span};
use stackc::syntax::{TokenKind, lex};

use crate::ui::project;

/// The examples, as files in memory.
pub(crate) fn examples() -> Vec<(String, MemoryFiles)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root).unwrap() {
        let folder = entry.unwrap().path();
        let mut files = MemoryFiles::default();
        let mut folders: Vec<PathBuf> = vec![folder.clone()];
        while let Some(inner) = folders.pop() {
            for entry in std::fs::read_dir(inner).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(&folder).unwrap().to_str().unwrap().to_owned();
                    files.0.insert(name, std::fs::read(&path).unwrap());
                }
            }
        }
        if files.0.contains_key("main.stack") {
            found.push((folder.file_name().unwrap().to_str().unwrap().to_owned(), files));
        }
    }
    assert!(found.len() >= 3);
    found
}

fn analysis(files: &MemoryFiles) -> Analysis {
    Analysis::new("main.stack", &project(), files, &mut Cache::default())
}

#[test]
fn every_place_has_an_answer_and_what_is_written_is_offered() {
    let (mut asked, mut known) = (0, 0);
    let mut missed = Vec::new();
    for (name, files) in examples() {
        let analysis = analysis(&files);
        let index = analysis.index();
        let sources: Vec<Source> = analysis.program.sources.iter().cloned().collect();
        for source in sources {
            // Offers depend on the token; inside of one, every byte has to be safe, and one of them says enough.
            let step = if source.path.starts_with("std/") { 7 } else { 1 };
            for (offset, _) in source.text.char_indices().step_by(step) {
                complete(&analysis, &source, offset as u32);
                asked += 1;
            }
            let here = |span: &Span| span.source == source.id;
            let meant = index.uses.iter().map(|it| it.span).chain(index.fields.iter().map(|it| it.0));
            let meant =
                meant.chain(index.kinds.iter().map(|it| it.0)).chain(index.words.iter().map(|it| it.0));
            for span in meant.filter(here) {
                let text = source.slice(span);
                let found = complete(&analysis, &source, span.start);
                known += 1;
                if !found.items.iter().any(|item| item.label == text) {
                    let line = source.lines.line(span.start) + 1;
                    missed.push(format!("{name}/{}:{line} {text}", source.path));
                }
            }
        }
    }
    assert!(asked > 10_000 && known > 500, "{asked} {known}");
    assert!(
        missed.len() * 100 <= known,
        "{} of {known} are not offered:\n{}",
        missed.len(),
        missed.join("\n")
    );
}

/// Every so many names of every so many files, every so many offers there, each put in its place and checked.
fn offers(names: usize, every: usize) -> (usize, Vec<String>) {
    let (mut tried, mut wrong) = (0, Vec::new());
    for (name, files) in examples() {
        let analysis = analysis(&files);
        let before = problems(&files);
        let own = analysis.program.sources.iter().filter(|source| !source.path.starts_with("std/"));
        for source in own {
            let tokens: Vec<_> =
                lex(&source.text).tokens.into_iter().filter(|it| it.kind != TokenKind::Whitespace).collect();
            let places = tokens.iter().enumerate().filter(|(_, it)| it.kind == TokenKind::Name);
            for (at, token) in places.step_by(names) {
                // What stands behind the dot belongs to the name before it.
                let next = tokens.get(at + 1).map(|next| next.kind);
                if matches!(next, Some(TokenKind::Dot | TokenKind::ParenOpen)) {
                    continue;
                }
                let found = complete(&analysis, source, token.start);
                // A setting does not fit before `{`, and a block not before `=`.
                let mut behind = tokens[at + 1..].iter().map(|it| it.kind);
                let sign = behind.find(|it| {
                    use TokenKind::{BraceClose, BraceOpen, Equals, Newline, PlusEquals};
                    matches!(it, BraceOpen | BraceClose | Equals | PlusEquals | Newline)
                });
                let opens = sign == Some(TokenKind::BraceOpen);
                let is_first = matches!(
                    at.checked_sub(1).map(|at| tokens[at].kind),
                    None | Some(TokenKind::Newline | TokenKind::BraceOpen | TokenKind::Comma)
                );
                // `param x: Port`, `target compose`: no offer is the first word of such a statement.
                if is_first && matches!(sign, Some(TokenKind::Newline | TokenKind::BraceClose)) {
                    continue;
                }
                let fits = |item: &&Completion| opens == (item.kind == Kind::Block);
                for item in found.items.iter().filter(fits).step_by(every) {
                    tried += 1;
                    let place = (&*source.path, found.start, found.end);
                    // A service goes on with a dot where a text is wanted.
                    let service = item.kind == Kind::Symbol(SymbolKind::Service);
                    let ends: &[&str] = if service { &["", ".host"] } else { &[""] };
                    let said = ends
                        .iter()
                        .map(|end| says(&files, &before, place, &format!("{}{end}", item.insert), item.kind));
                    if let Some(problem) = said.collect::<Option<Vec<String>>>().and_then(|mut all| all.pop())
                    {
                        let line = source.lines.line(token.start) + 1;
                        wrong.push(format!("{name}/{}:{line} `{}` {problem}", source.path, item.label));
                    }
                }
            }
        }
    }
    (tried, wrong)
}

/// What is wrong with a word in a place that was not wrong before, beyond what has yet to be filled in.
fn says(
    files: &MemoryFiles,
    before: &[Problem],
    (path, start, end): (&str, u32, u32),
    word: &str,
    kind: Kind,
) -> Option<String> {
    let mut changed = files.clone();
    let mut text = String::from_utf8(changed.0[path].clone()).unwrap();
    let above = text[..start as usize].to_owned();
    text.replace_range(start as usize..end as usize, word);
    changed.0.insert(path.to_owned(), text.into_bytes());
    // What a value in a map with a name must be is known where the map is used, and a condition goes on with `==`.
    let is_far = above.rfind("\nlet ") > above.rfind("\n}");
    let is_open = |problem: &Problem| match kind {
        _ if problem.3.starts_with("expected `true` or `false`") && above.ends_with("if ") => true,
        _ if is_far && ["E0403", "E0501"].contains(&problem.2) => true,
        Kind::Function => ["E0403", "E0801"].contains(&problem.2),
        // A map goes on with a dot where a text or a list is wanted.
        Kind::Symbol(SymbolKind::Let | SymbolKind::Param) => {
            ["expected a string", "expected a list", "expected a path"]
                .iter()
                .any(|it| problem.3.starts_with(it))
        }
        Kind::Block => ["E0208", "E0209"].contains(&problem.2),
        // `template` goes on with a kind and a name, and what runs by a schedule with the schedule.
        Kind::Keyword => problem.2 == "E0209",
        Kind::Choice => problem.2 == "E0208",
        _ => false,
    };
    let is_here = |problem: &Problem| problem.0 == path && problem.1 == start && !before.contains(problem);
    let found = problems(&changed).into_iter().find(|problem| is_here(problem) && !is_open(problem));
    found.map(|(.., code, message)| format!("{code} {message}"))
}

/// File, place, code and message.
type Problem = (String, u32, &'static str, String);

/// File, place, code and message of each problem.
fn problems(files: &MemoryFiles) -> Vec<Problem> {
    let loaded = load("main.stack", files);
    let checked = check(&loaded.program, &project(), files, &[]);
    let placed = |problem: &stackc::diagnostic::Diagnostic| {
        let span = problem.primary.as_ref()?.span;
        let path = loaded.program.sources.get(span.source)?.path.to_string();
        Some((path, span.start, problem.code.id, problem.message.clone()))
    };
    loaded.diagnostics.iter().chain(&checked.diagnostics).filter_map(placed).collect()
}

#[test]
fn what_is_offered_checks_where_it_is_offered() {
    let (tried, wrong) = offers(7, 3);
    assert!(tried > 300, "{tried}");
    assert!(wrong.is_empty(), "{} of {tried}:\n{}", wrong.len(), wrong.join("\n"));
}

/// The same at every name with every offer.
#[test]
#[ignore = "takes minutes"]
fn everything_that_is_offered_checks_where_it_is_offered() {
    let (tried, wrong) = offers(1, 1);
    assert!(wrong.is_empty(), "{} of {tried}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn functions_with_a_signature_are_those_that_exist() {
    let files = MemoryFiles::new([("main.stack", "")]);
    let analysis = analysis(&files);
    for name in stackc::check::FUNCTIONS {
        let source = Source::new(stackc::source::SourceId(0), "main.stack", &format!("let x = {name}("));
        let found = stackc::ide::signature::signature(&analysis, &source, source.text.len() as u32);
        assert!(found.is_some_and(|found| found.label.starts_with(name)), "{name}");
    }
}
