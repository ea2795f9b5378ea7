//! The parser on broken text: it never panics, loses no byte, keeps the rest of the file and says little.
#![allow(clippy::cast_precision_loss, reason = "a mean of small counts")]
#![allow(clippy::disallowed_methods, reason = "tests read fixtures and the clock")]

use std::time::{Duration, Instant};

use proptest::prelude::*;
use stackc::source::{Source, SourceId};
use stackc::syntax::ast::StatementKind;
use stackc::syntax::{Parse, parse};

const SHOP: &str = include_str!("../../snapshots/parse/shop.stack");

fn source(text: &str) -> Source {
    Source::new(SourceId(0), "main.stack", text)
}

fn parsed(text: &str) -> Parse {
    let parse = parse(&source(text));
    assert_lossless(text, &parse);
    parse
}

/// The tokens cover the text in order, without gaps, on character boundaries.
#[track_caller]
fn assert_lossless(text: &str, parse: &Parse) {
    let mut joined = String::with_capacity(text.len());
    for token in &parse.tape.tokens {
        assert_eq!(token.start as usize, joined.len(), "a gap or an overlap in {text:?}");
        assert!(token.end > token.start, "an empty token in {text:?}");
        joined.push_str(&text[token.start as usize..token.end as usize]);
    }
    assert_eq!(joined, text);
    for problem in &parse.diagnostics {
        let labels = problem.primary.iter().chain(&problem.secondary).map(|label| label.span);
        for span in labels.chain(problem.fixes.iter().flat_map(|fix| fix.edits.iter().map(|edit| edit.span)))
        {
            assert!(text.get(span.start as usize..span.end as usize).is_some(), "{problem:?} in {text:?}");
        }
    }
}

/// The declarations of a file by their first words; broken ones are not among them.
fn declarations(text: &str, parse: &Parse) -> Vec<String> {
    let head = |start: u32, end: u32| {
        let text = &text[start as usize..end as usize];
        let words = text.split(|c: char| c.is_whitespace() || c == ':').filter(|word| !word.is_empty());
        words.take(if text.starts_with("template") { 3 } else { 2 }).collect::<Vec<_>>().join(" ")
    };
    let whole =
        parse.file.statements.iter().filter(|statement| !matches!(statement.kind, StatementKind::Error));
    whole.map(|statement| head(statement.span.start, statement.span.end)).collect()
}

#[test]
fn the_example_of_the_language_parses() {
    let parse = parsed(SHOP);
    assert_eq!(parse.diagnostics, []);
    assert_eq!(declarations(SHOP, &parse).len(), 21);
}

/// What became of the mutants of a text.
#[derive(Default)]
struct Tally {
    mutants: usize,
    diagnostics: usize,
    most: usize,
    worst: String,
    lost: Vec<String>,
}

impl Tally {
    fn mutant(&mut self, original: &[String], text: &str, what: &str) {
        let parse = parsed(text);
        let count = parse.diagnostics.len();
        self.mutants += 1;
        self.diagnostics += count;
        if count > self.most {
            self.most = count;
            what.clone_into(&mut self.worst);
        }
        let mut kept = declarations(text, &parse);
        let mut lost = 0;
        for name in original {
            match kept.iter().position(|known| known == name) {
                Some(at) => drop(kept.remove(at)),
                None => lost += 1,
            }
        }
        // Without its line break a declaration is one with the next.
        if lost > 1 + usize::from(what.starts_with("delete '\\n'")) {
            self.lost.push(format!("{what}: {lost}"));
        }
    }
}

/// A mutant of a text: what was done and what came of it.
fn mutants(text: &str) -> impl Iterator<Item = (String, String)> + '_ {
    text.char_indices().flat_map(move |(at, character)| {
        let (line, after) = (text[..at].matches('\n').count() + 1, at + character.len_utf8());
        let deleted =
            (format!("delete {character:?} at {at} in line {line}"), text[..at].to_owned() + &text[after..]);
        let inserted = ['{', '}', '"', '[', '=', '$'].map(|new| {
            let what = format!("insert {new:?} at {at} in line {line}");
            (what, format!("{}{new}{}", &text[..at], &text[at..]))
        });
        std::iter::once(deleted).chain(inserted)
    })
}

#[test]
fn one_wrong_character_costs_one_declaration() {
    let original = declarations(SHOP, &parsed(SHOP));
    let mut tally = Tally::default();
    for (what, text) in mutants(SHOP) {
        tally.mutant(&original, &text, &what);
    }
    let mean = tally.diagnostics as f64 / tally.mutants as f64;
    assert!(mean <= 1.5, "mean {mean}");
    assert!(tally.most <= 3, "{}: {}", tally.worst, tally.most);
    assert_eq!(tally.lost, [""; 0]);
}

#[test]
fn a_text_that_stops_anywhere_is_explained() {
    let whole = declarations(SHOP, &parsed(SHOP));
    for (at, _) in SHOP.char_indices() {
        let parse = parsed(&SHOP[..at]);
        assert!(parse.diagnostics.len() <= 3, "{at}: {:#?}", parse.diagnostics);
        let kept = declarations(&SHOP[..at], &parse);
        let complete = kept.len().saturating_sub(1);
        assert_eq!(kept[..complete], whole[..complete], "{at}");
    }
}

#[test]
fn nesting_ends_early() {
    let openings = [
        "{",
        "[",
        "(",
        "a {\n",
        "a = [",
        "a = (",
        "a = {a=",
        "a = \"${",
        "!",
        "a = !",
        "a = if ",
        "let a: [",
        "type A = [",
        "a = f(",
        "\"${\"",
        "}",
        "]",
        ")",
    ];
    for opening in openings {
        let text = opening.repeat(200_000 / opening.len().max(1));
        let start = Instant::now();
        let parse = parsed(&text);
        assert!(start.elapsed() < Duration::from_secs(5), "{opening:?}: {:?}", start.elapsed());
        let limit = if ["}", "]", ")", "a {\n"].contains(&opening) { usize::MAX } else { 3 };
        assert!(parse.diagnostics.len() <= limit, "{opening:?}: {}", parse.diagnostics.len());
    }
}

#[test]
fn operators_end_early() {
    for operator in ["||", "&&", "??", "..", "==", "in"] {
        let chain = format!("x {operator} ").repeat(100_000);
        let nested = format!(
            "{}a{}",
            "(".repeat(60),
            format!(" {}x)", format!("{operator} x ").repeat(200)).repeat(60)
        );
        for text in [format!("let a = {chain}x\n"), format!("let a = {nested}\n")] {
            assert!(parsed(&text).diagnostics.len() <= 3, "{operator}");
        }
    }
}

fn fragment() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "service", "a", "=", "+=", "{", "}", "[", "]", "(", ")", "\"", "${", "$${", "\\", "\\u{", "\"\"\"",
        "\n", "\r\n", ",", ".", "..", "->", ":", ";", "#", "##", "//", "512MiB", "0.5", "1..2", "if", "then",
        "else", "let", "use", "type", "param", "check", "where", "none", "é", "\u{202e}", "🦀", "\t", " ",
        "!", "?", "??", "|", "-", "'",
    ]);
    prop::collection::vec(words, 0..60).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn any_text_is_kept(text in any::<String>()) {
        parsed(&text);
    }

    #[test]
    fn any_sequence_of_tokens_is_kept(text in fragment()) {
        parsed(&text);
    }
}
