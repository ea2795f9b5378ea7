//! The formatter: what it does to a text, and what it must keep of every text, sound or broken.
#![allow(clippy::disallowed_methods, reason = "tests read fixtures")]

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use stackc::fmt::format;
use stackc::source::{Source, SourceId};
use stackc::syntax::dump::dump;
use stackc::syntax::{Parse, TokenKind, parse};

use crate::golden;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All sources of the repository with these endings, below these folders.
fn files(folders: &[&str], ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = folders.iter().map(|folder| root().join(folder)).collect();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The sources of the repository and the snippets of its book, with a name for messages.
pub(crate) fn corpus() -> Vec<(String, String)> {
    let name = |path: &Path| path.strip_prefix(root()).unwrap().display().to_string();
    let mut corpus: Vec<_> = files(&["examples", "stdlib", "snapshots"], "stack")
        .iter()
        .map(|path| (name(path), std::fs::read_to_string(path).unwrap()))
        .collect();
    for page in files(&["book/src"], "md") {
        for (index, text) in snippets(&std::fs::read_to_string(&page).unwrap()).into_iter().enumerate() {
            corpus.push((format!("{}#{index}", name(&page)), text));
        }
    }
    assert!(corpus.len() > 150, "{}", corpus.len());
    corpus
}

fn snippets(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open: Option<String> = None;
    for line in page.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(tags)) if tags.split(',').next() == Some("stack") => open = Some(String::new()),
            (Some(_), Some(_)) => found.extend(open.take()),
            (Some(text), None) => text.extend([line, "\n"]),
            _ => {}
        }
    }
    found
}

#[test]
fn what_people_read_first_is_formatted() {
    for path in files(&["examples", "stdlib", "release"], "stack") {
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(format(&text), text, "{}", path.display());
    }
}

fn read(text: &str) -> (Source, Parse) {
    let source = Source::new(SourceId(0), "test.stack", text);
    let parsed = parse(&source);
    (source, parsed)
}

/// What has to survive: the tree, the problems, and the comments.
#[derive(Debug, PartialEq)]
struct Meaning {
    tree: String,
    problems: Vec<(&'static str, String)>,
    comments: Vec<String>,
}

fn meaning(text: &str) -> Meaning {
    let (source, parsed) = read(text);
    let comment = |text: &str| text.trim_end().trim_start_matches(['#', '/', ' ']).to_owned();
    let comments = parsed.tape.comments();
    let comments = comments.map(|token| comment(&source.text[token.start as usize..token.end as usize]));
    Meaning {
        // Blanks at the ends of documentation lines go; those in strings are compared by `words`.
        tree: dump(&parsed.file, &source).replace("\\t", "").replace("\\r", "").split_whitespace().collect(),
        problems: parsed.diagnostics.iter().map(|it| (it.code.id, it.message.clone())).collect(),
        comments: comments.collect(),
    }
}

/// Everything but blanks, line breaks, and the commas that line breaks replace.
fn words(text: &str) -> Vec<String> {
    let (source, parsed) = read(text);
    let words = parsed.tape.tokens.iter().filter(|token| {
        !matches!(
            token.kind,
            TokenKind::Whitespace
                | TokenKind::Newline
                | TokenKind::Comma
                | TokenKind::Comment
                | TokenKind::DocComment
        )
    });
    words.map(|token| source.text[token.start as usize..token.end as usize].to_owned()).collect()
}

/// Formats, and holds what every text must keep.
fn soundly(name: &str, text: &str) -> String {
    let formatted = format(text);
    assert_eq!(meaning(text), meaning(&formatted), "{name}:\n{text}\n--- became\n{formatted}");
    assert_eq!(words(text), words(&formatted), "{name}");
    let again = format(&formatted);
    assert_eq!(
        formatted, again,
        "{name} is not stable:\n{text}\n--- became\n{formatted}\n--- became\n{again}"
    );
    formatted
}

#[test]
fn every_source_keeps_its_meaning_and_is_formatted_once() {
    for (name, text) in corpus() {
        let formatted = soundly(&name, &text);
        if read(&text).1.diagnostics.is_empty() {
            assert!(
                formatted.lines().all(|line| !line.ends_with([' ', '\t'])) || text.contains("\"\"\""),
                "{name}"
            );
            assert!(!formatted.contains("\n\n\n") || text.contains("\"\"\""), "{name}");
        }
        soundly(&name, &text.replace('\n', "\r\n"));
    }
}

#[test]
fn layouts_are_as_recorded() {
    let inputs = files(&["snapshots/fmt"], "input");
    assert!(inputs.len() >= 3, "{inputs:?}");
    for path in inputs {
        let text = std::fs::read_to_string(&path).unwrap();
        golden::check(&path.with_extension("stack"), &soundly(&path.display().to_string(), &text));
    }
}

const INSERTED: &[&str] =
    &["{", "}", "\"", "[", "]", "(", "=", "${", "# ", ",", "\n", "\\", " x ", ";", "\"\"\""];

#[test]
fn broken_statements_stay_as_they_are() {
    let mut mutants = 0;
    let mut formatted = 0;
    for (name, stride) in
        [("snapshots/fmt/kept.input", 1), ("examples/bccb/main.stack", 61), ("stdlib/data.stack", 211)]
    {
        let text = std::fs::read_to_string(root().join(name)).unwrap();
        for (at, character) in text.char_indices().step_by(stride) {
            let (before, after) = text.split_at(at);
            let mut take = |mutant: &str| {
                mutants += 1;
                formatted += usize::from(soundly(name, mutant) != mutant);
            };
            take(before);
            take(&format!("{before}{}", &after[character.len_utf8()..]));
            for inserted in INSERTED {
                take(&format!("{before}{inserted}{after}"));
            }
        }
    }
    assert!(mutants > 10_000, "{mutants}");
    // Most of a file with one mistake is still formatted.
    assert!(formatted * 2 > mutants, "{formatted} of {mutants}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_row_of_tokens_is_formatted_once(
        words in proptest::collection::vec(
            prop::sample::select(vec![
                "a", "from", "if", "then", "else", "in", "check", "use", "type", "let", "param", "1", "1s", "\"", "\"\"\"", "${",
                "{", "}", "[", "]", "(", ")", "=", "+=", ":", ",", "..", "->", "!", "|", "\n", "\n", " ", " ", "##", "#", "//",
                "\\", "é", "service", "a = 1", "b {", "}\n", "?", "??",
            ]),
            0..60,
        )
    ) {
        soundly("words", &words.concat());
    }
}
