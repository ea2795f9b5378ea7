//! Completion at every place of every example: it answers, what is written is among the offers, and no offer is unknown.
#![allow(clippy::disallowed_methods, reason = "tests read fixtures")]

use std::path::{Path, PathBuf};

use stackc::check::check;
use stackc::diagnostic::codes;
use stackc::ide::completion::{Completion, Kind, complete};
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

#[test]
fn no_offer_is_unknown_where_it_is_made() {
    let unknown = [codes::UNKNOWN_NAME, codes::UNKNOWN_FIELD, codes::UNKNOWN_KIND, codes::UNKNOWN_TEMPLATE];
    let (_, files) = examples().into_iter().find(|(name, _)| name == "bccb").unwrap();
    let analysis = analysis(&files);
    let source = analysis.source("main.stack").unwrap();
    let tokens = lex(&source.text).tokens;
    let mut tried = 0;
    for (at, token) in tokens.iter().enumerate().filter(|(_, it)| it.kind == TokenKind::Name).step_by(2) {
        // What stands behind the dot belongs to the name before it.
        if tokens.get(at + 1).is_some_and(|next| matches!(next.kind, TokenKind::Dot | TokenKind::ParenOpen)) {
            continue;
        }
        let found = complete(&analysis, source, token.start);
        // A setting does not fit before `{`, and a block not before `=`.
        let opens = source.text[token.end as usize..].trim_start().starts_with('{');
        let fits = |item: &&Completion| opens == (item.kind == Kind::Block);
        for item in found.items.iter().filter(fits).step_by(3) {
            let mut text = source.text.to_string();
            text.replace_range(found.start as usize..found.end as usize, &item.insert);
            let mut changed = files.clone();
            changed.0.insert("main.stack".to_owned(), text.into_bytes());
            let loaded = load("main.stack", &changed);
            let checked = check(&loaded.program, &project(), &changed, &[]);
            for problem in loaded.diagnostics.iter().chain(&checked.diagnostics) {
                let Some(label) = &problem.primary else { continue };
                let place = loaded.program.sources.get(label.span.source).unwrap();
                let here = &*place.path == "main.stack" && label.span.start == found.start;
                assert!(
                    !(here && unknown.contains(&problem.code)),
                    "`{}` at {}: {}",
                    item.label,
                    source.lines.line(token.start) + 1,
                    problem.message
                );
            }
            tried += 1;
        }
    }
    assert!(tried > 100, "{tried}");
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
