//! The syntax phase: trees of real sources, and what damage to a source may cost.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read fixtures")]

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use proptest::prelude::*;
use stackc::diagnostic::{Diagnostic, codes};
use stackc::source::{Source, SourceId};
use stackc::syntax::dump::{dump, dump_statement};
use stackc::syntax::{Parse, parse};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/parse")
}

fn read(name: &str) -> String {
    std::fs::read_to_string(folder().join(name).with_extension("stack")).unwrap()
}

fn source(text: &str) -> Source {
    Source::new(SourceId(0), "test.stack", text)
}

/// Parses, and holds what every parse must keep: the tape is the text, and spans fit it.
fn parse_soundly(text: &str) -> (Source, Parse) {
    let source = source(text);
    let parsed = parse(&source);
    let mut end = 0;
    for token in &parsed.tape.tokens {
        assert!(token.start == end && token.end > end, "gap at {end} in {text:?}");
        assert!(source.text.is_char_boundary(token.end as usize), "{text:?}");
        end = token.end;
    }
    assert_eq!(end as usize, source.text.len(), "{text:?}");
    for problem in &parsed.diagnostics {
        check_spans(problem, &source);
    }
    (source, parsed)
}

fn check_spans(problem: &Diagnostic, source: &Source) {
    let edits = problem.fixes.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span);
    let labels = problem.primary.iter().chain(&problem.secondary).map(|label| label.span);
    assert!(problem.primary.is_some(), "{problem:?}");
    for span in edits.chain(labels) {
        let range = span.start as usize..span.end as usize;
        assert!(source.text.get(range).is_some(), "{problem:?}");
    }
}

/// The tree and the problems of a source, as they are kept in the snapshots.
fn report(text: &str) -> String {
    let (source, parsed) = parse_soundly(text);
    let mut report = dump(&parsed.file, &source);
    for problem in &parsed.diagnostics {
        let label = problem.primary.as_ref().unwrap();
        let at = source.lines.chars(&source.text, label.span.start);
        let place = format!("{}:{} {:?}", at.line + 1, at.column + 1, source.slice(label.span));
        writeln!(report, "\n{} {place}\n  {}", problem.code.id, problem.message).unwrap();
        writeln!(report, "  label: {}", label.text).unwrap();
        for other in &problem.secondary {
            let at = source.lines.chars(&source.text, other.span.start);
            writeln!(report, "  also: {}:{} {}", at.line + 1, at.column + 1, other.text).unwrap();
        }
        if let Some(help) = &problem.help {
            writeln!(report, "  help: {help}").unwrap();
        }
        for fix in &problem.fixes {
            let edits =
                fix.edits.iter().map(|edit| format!("{:?} -> {:?}", source.slice(edit.span), edit.text));
            let edits = edits.collect::<Vec<_>>().join(", ");
            writeln!(report, "  {:?} fix: {}: {edits}", fix.applicability, fix.title).unwrap();
        }
    }
    report
}

#[test]
fn trees_are_as_recorded() {
    let mut files: Vec<_> = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "stack"));
    assert!(files.len() >= 4);
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        crate::golden::check(&path.with_extension("ast"), &report(&text));
    }
}

#[test]
fn sources_without_mistakes_have_no_diagnostics() {
    for name in ["shop", "preset", "expressions"] {
        let (_, parsed) = parse_soundly(&read(name));
        assert_eq!(parsed.diagnostics, [], "{name}");
    }
    let crlf = read("shop").replace('\n', "\r\n");
    let (source, parsed) = parse_soundly(&crlf);
    assert_eq!(parsed.diagnostics, []);
    assert_eq!(dump(&parsed.file, &source), report(&read("shop")));
}

#[test]
fn layout_has_no_meaning_where_brackets_match() {
    for name in ["shop", "preset"] {
        let text = read(name);
        let flush: String = text.lines().map(|line| line.trim_start().to_owned() + "\n").collect();
        let (source, parsed) = parse_soundly(&flush);
        assert_eq!(parsed.diagnostics, [], "{name}");
        let raw = |tree: String| tree.replace("  ", "").replace("\\n ", "\\n");
        assert_eq!(raw(dump(&parsed.file, &source)), raw(report(&text)), "{name}");
    }
}

#[test]
fn docs_belong_to_the_statement_directly_below() {
    let text = "## far\n\n## one\n## two\n# plain\na = 1 ## trailing\nb = 2\n  ## in\r\n  c = 3\n";
    let (source, parsed) = parse_soundly(text);
    let docs: Vec<_> = parsed.file.statements.iter().map(|it| it.doc.map(|doc| source.slice(doc))).collect();
    assert_eq!(docs, [Some("## one\n## two"), None, Some("## in")]);
}

/// What one damaged source cost.
#[derive(Default)]
struct Damage {
    mutants: usize,
    diagnostics: usize,
    worst: Vec<String>,
}

impl Damage {
    /// Parses a mutant and counts the statements of the original, up to `until`, that it no longer has.
    fn take(&mut self, original: &[(u32, String)], mutant: &str, until: usize, allowed: usize) {
        let (source, parsed) = parse_soundly(mutant);
        let found: Vec<_> =
            parsed.file.statements.iter().map(|statement| dump_statement(statement, &source)).collect();
        let expected = original.iter().filter(|(end, _)| *end as usize <= until);
        let lost: Vec<_> = expected.filter(|(_, text)| !found.contains(text)).collect();
        self.mutants += 1;
        self.diagnostics += parsed.diagnostics.len();
        if lost.len() > allowed {
            self.worst.push(format!("lost {}: {mutant}", lost.len()));
        }
    }
}

const INSERTED: &[&str] =
    &["{", "}", "\"", "[", "]", "(", ")", "=", "$", "${", "#", ",", ".", "\n", "\\", "x"];

fn statements_of(text: &str) -> Vec<(u32, String)> {
    let (source, parsed) = parse_soundly(text);
    let statements = parsed.file.statements.iter();
    statements.map(|statement| (statement.span.end, dump_statement(statement, &source))).collect()
}

#[test]
fn one_damaged_character_costs_one_statement() {
    let mut damage = Damage::default();
    // Every place of the small source, every seventh of the large one: the suite runs without optimisation.
    for (name, stride) in [("preset", 1), ("shop", 7)] {
        let text = read(name);
        let original = statements_of(&text);
        for (at, character) in text.char_indices().step_by(stride) {
            let (before, after) = text.split_at(at);
            damage.take(&original, before, at, 0);
            let width = character.len_utf8();
            // Without the line break between two statements, both of them are on the damaged line.
            let both = usize::from(character == '\n');
            damage.take(&original, &format!("{before}{}", &after[width..]), text.len(), 1 + both);
            for inserted in INSERTED {
                damage.take(&original, &format!("{before}{inserted}{after}"), text.len(), 1);
            }
        }
    }
    assert!(damage.mutants > 20_000, "{}", damage.mutants);
    assert!(damage.worst.is_empty(), "{} mutants:\n{}", damage.worst.len(), damage.worst[0]);
    assert!(damage.diagnostics <= damage.mutants * 2, "{} in {}", damage.diagnostics, damage.mutants);
}

#[test]
fn nesting_bombs_end_in_a_few_diagnostics() {
    let many = 200_000;
    let started = Instant::now();
    for (open, close) in [
        ("[", "]"),
        ("(", ")"),
        ("{", "}"),
        ("{ a = ", "}"),
        ("!", ""),
        ("a.b.", ""),
        ("if ", ""),
        ("-> ", ""),
        ("a || ", ""),
        ("a == ", ""),
        ("a ?? ", ""),
        ("f(", ")"),
        ("\"${", "}\""),
        ("[a, ", "]"),
        ("if a then ", ""),
        ("(a || ", ")"),
        ("\"\"\"", ""),
        ("a..", ""),
        ("a && !(b || ", ")"),
    ] {
        for close in [close, ""] {
            let text = format!("x = {}1{}\ny = 1\n", open.repeat(many), close.repeat(many));
            let (_, parsed) = parse_soundly(&text);
            assert!(parsed.diagnostics.len() <= 3, "{open} {}", parsed.diagnostics.len());
            assert!(!parsed.diagnostics.is_empty() || open == "a.b.", "{open}");
        }
    }
    // The last one makes a mistake of its own per level, up to the limit of levels.
    for (line, most) in [
        ("a {", 3),
        ("a b { ", 3),
        ("}", 3),
        ("]", 3),
        ("type T = [", 3),
        ("\"", 3),
        ("a.", 3),
        ("use a {", 3),
        ("a b ", 3),
        ("a { b = [", 64),
    ] {
        let (_, parsed) = parse_soundly(&line.repeat(many));
        let found = parsed.diagnostics.len();
        assert!(found <= most, "{line} {found}");
    }
    parse_soundly(&format!("x = \"{}\"\n", "é".repeat(500_000)));
    assert!(started.elapsed() < Duration::from_mins(1), "{:?}", started.elapsed());
}

#[test]
fn characters_nobody_can_see_are_refused_everywhere() {
    for character in
        ['\u{202e}', '\u{61c}', '\u{200b}', '\u{e0041}', '\u{0}', '\u{7f}', '\u{85}', '\r', '\u{feff}']
    {
        for text in ["x = \"a@b\"\n", "# a@b\n", "x@ = 1\n", "x = \"\"\"a@b\"\"\"\n", "x = \"${a@}\\n\"\n"] {
            let (_, parsed) = parse_soundly(&text.replace('@', &character.to_string()));
            let found: Vec<_> = parsed.diagnostics.iter().map(|problem| problem.code).collect();
            assert_eq!(found, [codes::FORBIDDEN_CHARACTER], "{text:?} {character:?}");
        }
    }
}

#[test]
fn safe_fixes_repair_what_they_are_offered_for() {
    for (wrong, right) in [
        ("port: 3000\n", "port = 3000\n"),
        ("port : 3000\n", "port = 3000\n"),
        ("port:3000\n", "port = 3000\n"),
        ("port == 3000\n", "port = 3000\n"),
        ("port = 3000;\n", "port = 3000\n"),
        ("a = 1; b = 2\n", "a = 1, b = 2\n"),
        ("a = 1 b = 2\n", "a = 1, b = 2\n"),
        ("x = [1 2]\n", "x = [1, 2]\n"),
        ("x = { a: 1 b = 2 }\n", "x = { a = 1, b = 2 }\n"),
        ("service api = { a = 1 }\n", "service api { a = 1 }\n"),
        ("service api: { a = 1 }\n", "service api { a = 1 }\n"),
    ] {
        let (_, parsed) = parse_soundly(wrong);
        assert!(!parsed.diagnostics.is_empty(), "{wrong}");
        let mut edits: Vec<_> =
            parsed.diagnostics.iter().flat_map(|problem| &problem.fixes[0].edits).collect();
        edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
        let mut text = wrong.to_owned();
        for edit in edits {
            text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
        }
        assert_eq!(text, right);
        let statements =
            |text: &str| statements_of(text).into_iter().map(|(_, dump)| dump).collect::<Vec<_>>();
        assert_eq!(statements(wrong), statements(right), "the tree of the mistake is the tree of the fix");
    }
}

proptest! {
    #[test]
    fn any_text_parses(text in any::<String>()) {
        parse_soundly(&text);
    }

    #[test]
    fn any_row_of_tokens_parses(
        words in proptest::collection::vec(
            prop::sample::select(vec![
                "a", "from", "if", "then", "else", "in", "check", "use", "type", "let", "param", "1", "1s", "\"", "\"\"\"", "${",
                "{", "}", "[", "]", "(", ")", "=", "+=", "==", ":", ";", ",", ".", "..", "->", "!", "|", "||", "\n",
                "\n", " ", " ", "##", "#", "\\", "é", "$${", "service", "?", "??",
            ]),
            0..60,
        )
    ) {
        parse_soundly(&words.concat());
    }
}
