//! The pages of the book: one per diagnostic code, and every example in them compiled. Must not know any code.
#![allow(clippy::disallowed_methods, reason = "tests read the book")]

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use stackc::diagnostic::{Diagnostic, codes, explain};
use stackc::emit::EMITTERS;
use stackc::source::MemoryFiles;

use crate::ui::project;

/// A fenced block: the words of its info string, and its text.
pub(crate) struct Block {
    tags: Vec<String>,
    pub(crate) text: String,
}

impl Block {
    pub(crate) fn is(&self, tag: &str) -> bool {
        self.tags.iter().any(|known| known == tag)
    }

    pub(crate) fn file(&self) -> Option<&str> {
        self.tags.iter().find_map(|tag| tag.strip_prefix("file="))
    }
}

fn book() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("book/src")
}

pub(crate) fn blocks(page: &str) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let mut open = false;
    for line in page.lines() {
        match (line.strip_prefix("```"), open) {
            (Some(info), false) => {
                let tags = info.split(',').map(str::to_owned).collect();
                found.push(Block { tags, text: String::new() });
                open = true;
            }
            (Some(_), true) => open = false,
            (None, true) => {
                let text = &mut found.last_mut().unwrap().text;
                text.push_str(line);
                text.push('\n');
            }
            (None, false) => {}
        }
    }
    assert!(!open, "a block of the page is not closed");
    found
}

/// A program and the page's other files beside it.
pub(crate) fn files(text: &str, page: &[Block]) -> MemoryFiles {
    let others = page.iter().filter_map(|block| Some((block.file()?, &*block.text)));
    MemoryFiles::new(std::iter::once(("main.stack", text)).chain(others))
}

/// What all phases and targets say about a program.
fn compiled(text: &str, page: &[Block]) -> Vec<Diagnostic> {
    let files = files(text, page);
    let project = project();
    crate::compiled::files(&project, &files, EMITTERS).diagnostics
}

fn told(found: &[Diagnostic]) -> String {
    let mut text = String::new();
    for problem in found {
        writeln!(text, "{} {}", problem.code.id, problem.message).unwrap();
    }
    text
}

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let pages: BTreeSet<String> = std::fs::read_dir(book().join("codes"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let table: BTreeSet<String> = codes::ALL.iter().map(|code| format!("{}.md", code.id)).collect();
    assert_eq!(pages, table);
    for code in codes::ALL {
        let page = explain::page(code.name).unwrap();
        assert!(page.starts_with(&format!("# {} {}\n", code.id, code.name)), "{} has another title", code.id);
        for heading in ["## Example", "## Instead"] {
            assert!(page.lines().any(|line| line == heading), "{} has no `{heading}`", code.id);
        }
    }
}

#[test]
fn codes_are_ordered_and_well_named() {
    let ids: Vec<&str> = codes::ALL.iter().map(|code| code.id).collect();
    for id in &ids {
        let (family, number) = id.split_at(1);
        assert!(["E", "L", "T"].contains(&family), "{id} is of no family");
        assert!(number.len() == 4 && number.bytes().all(|byte| byte.is_ascii_digit()), "{id} has no number");
    }
    assert!(ids.is_sorted_by(|one, next| one < next), "codes are out of order or given twice");
    let names: BTreeSet<&str> = codes::ALL.iter().map(|code| code.name).collect();
    assert_eq!(names.len(), codes::ALL.len(), "a name is given twice");
    for name in names {
        let word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
        assert!(name.split('-').all(word), "{name} is not in kebab-case");
    }
}

#[test]
fn pages_explain_before_they_show() {
    for code in codes::ALL {
        let page = explain::page(code.id).unwrap();
        let headings: Vec<&str> = page.lines().filter(|line| line.starts_with("## ")).collect();
        let known = [&["## Example", "## Instead"][..], &["## Example", "## Instead", "## Source"]];
        assert!(known.contains(&&*headings), "{} has the sections {headings:?}", code.id);
        let parts: Vec<&str> = page.split("\n## ").collect();
        for part in &parts {
            let (_, text) = part.split_once('\n').unwrap();
            assert!(!text.trim().is_empty(), "{} has an empty section", code.id);
        }
    }
}

#[test]
fn pages_are_found_by_number_and_name() {
    let page = explain::page("E0401").unwrap();
    assert!(page.starts_with("# E0401 missing-unit\n"));
    for wanted in ["e0401", "missing-unit", "Missing-Unit"] {
        assert_eq!(explain::page(wanted), Some(page), "{wanted}");
    }
    for wanted in ["", "E0400", "E0401.md", "../codes/E0401"] {
        assert_eq!(explain::page(wanted), None, "{wanted}");
    }
}

#[test]
fn failing_examples_fail_with_their_code_alone() {
    let mut wrong = String::new();
    for code in codes::ALL {
        let page = blocks(explain::page(code.id).unwrap());
        let programs: Vec<&Block> = page.iter().filter(|block| block.is("fails")).collect();
        let shown = page.iter().any(|block| block.is("console"));
        assert!(shown || !programs.is_empty(), "{} shows no example", code.id);
        for program in programs {
            let found = compiled(&program.text, &page);
            let (same, other): (Vec<_>, Vec<_>) = found.iter().partition(|problem| problem.code == *code);
            if same.is_empty() || other.iter().any(|problem| problem.is_error()) {
                writeln!(wrong, "{} gives\n{}", code.id, told(&found)).unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn repaired_examples_compile_without_the_code() {
    let mut wrong = String::new();
    for code in codes::ALL {
        let page = blocks(explain::page(code.id).unwrap());
        for program in page.iter().filter(|block| block.is("passes")) {
            let found = compiled(&program.text, &page);
            if found.iter().any(|problem| problem.is_error() || problem.code == *code) {
                writeln!(wrong, "{} gives\n{}", code.id, told(&found)).unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn examples_of_the_language_compile() {
    examples_of("language.md", 6);
}

#[test]
fn examples_of_chapters_compile() {
    examples_of("promptlib.md", 4);
    examples_of("prompt-builder.md", 4);
    examples_of("prompt-card.md", 5);
    examples_of("prompt-card-platform.md", 2);
    examples_of("bccb.md", 4);
}

#[test]
fn examples_of_a_policy_compile() {
    examples_of("policy.md", 2);
}

/// Compiles the programs of a page, of which there are at least so many.
fn examples_of(page: &str, least: usize) {
    let page = std::fs::read_to_string(book().join(page)).unwrap();
    let page = blocks(&page);
    let programs: Vec<&Block> =
        page.iter().filter(|block| block.is("stack") && block.file().is_none()).collect();
    assert!(programs.len() >= least, "the page has lost its examples");
    let mut wrong = String::new();
    for program in programs {
        assert!(program.is("passes"), "an example is not compiled:\n{}", program.text);
        let found = compiled(&program.text, &page);
        if !found.is_empty() {
            writeln!(wrong, "{}\n{}", program.text, told(&found)).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
