//! Every port, name, path, image, variable and quantity of every example, changed by one step, one at a time: how many
//! of the changes that break something are reported, and how many of the others. What breaks is not what is reported: by
//! default every change of a port, name, path, image or variable breaks the system and every other does not, and
//! `snapshots/mutation/exceptions.txt` names the others with a reason. `cargo test --test it -- --ignored mutation` runs
//! it; the figures are in the book.
#![allow(clippy::disallowed_methods, reason = "tests read examples and write figures")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use stackc::Compilation;
use stackc::schema::ImageRef;
use stackc::source::MemoryFiles;
use stackc::syntax::{TokenKind, lex};

use crate::{examples, golden};

/// What is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Port,
    /// A port of the host: others reach the service as before.
    Published,
    Name,
    Path,
    Image,
    Variable,
    Duration,
    Size,
}

impl Kind {
    /// Whether the system still works after one step: then nothing should be said.
    fn is_harmless(self) -> bool {
        matches!(self, Self::Published | Self::Duration | Self::Size)
    }
}

/// A change of one token.
struct Change {
    kind: Kind,
    /// The line, what stands there instead, and a number where this is not the first: how exceptions name it.
    key: String,
    start: usize,
    end: usize,
    text: String,
}

/// The changes of one text.
fn changes(text: &str) -> Vec<Change> {
    let tape = lex(text);
    let tokens: Vec<_> = tape.tokens.iter().filter(|token| !token.kind.is_trivia()).collect();
    let word = |index: usize| {
        let token = tokens.get(index).filter(|token| token.kind == TokenKind::Name);
        token.map_or("", |token| &text[token.start as usize..token.end as usize])
    };
    let mut found = Vec::new();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (index, token) in tokens.iter().enumerate() {
        let own = &text[token.start as usize..token.end as usize];
        let before = |steps: usize| index.checked_sub(steps).map_or("", |index| word(index));
        let change = match token.kind {
            TokenKind::Int => port(own, before(2), line_of(text, token.start as usize)),
            TokenKind::Quantity => quantity(own),
            TokenKind::StringPlain => string(own, line_of(text, token.start as usize)),
            TokenKind::Name => name(own, before(1), tokens.get(index + 1).map(|token| token.kind)),
            _ => None,
        };
        let Some((kind, instead)) = change else { continue };
        let (start, end) = (token.start as usize, token.end as usize);
        let rest = text[start..].lines().next().unwrap_or_default();
        let line = format!("{}{rest}", line_of(text, start));
        let own = format!("{} | {instead}", line.trim());
        let count = seen.entry(own.clone()).or_insert(0);
        *count += 1;
        let key = if *count == 1 { own } else { format!("{own} #{count}") };
        found.push(Change { kind, key, start, end, text: instead });
    }
    found
}

/// The line up to a place.
fn line_of(text: &str, at: usize) -> &str {
    text[..at].rsplit('\n').next().unwrap_or_default()
}

fn port(own: &str, key: &str, line: &str) -> Option<(Kind, String)> {
    let is_port = ["port", "http", "https", "sql", "redis", "ws"].contains(&key);
    let number: u32 = own.parse().ok().filter(|_| is_port)?;
    let is_of_host = line.contains("publish") || line.contains("target compose");
    let kind = if is_of_host { Kind::Published } else { Kind::Port };
    Some((kind, (number + 1).to_string()))
}

fn quantity(own: &str) -> Option<(Kind, String)> {
    let digits = own.find(|c: char| !c.is_ascii_digit())?;
    let number: u64 = own[..digits].parse().ok()?;
    let unit = &own[digits..];
    let kind = match unit {
        "ms" | "s" | "min" | "h" | "d" => Kind::Duration,
        _ if unit.ends_with('B') => Kind::Size,
        _ => return None,
    };
    Some((kind, format!("{}{unit}", number + 1)))
}

fn string(own: &str, line: &str) -> Option<(Kind, String)> {
    let inner = own.trim_matches('"');
    if line.contains("image") || line.contains("from ") || line.starts_with("let ") {
        if ImageRef::parse(inner).is_ok_and(|image| image.tag.is_some()) {
            return Some((Kind::Image, format!("\"x{inner}\"")));
        }
    }
    let is_path = inner.contains('/') && !inner.contains([' ', ':', '\\']) && inner.len() > 1;
    is_path.then(|| (Kind::Path, format!("\"{inner}x\"")))
}

/// Names that are declared or referred to, and variables.
fn name(own: &str, before: &str, next: Option<TokenKind>) -> Option<(Kind, String)> {
    let is_variable =
        own.len() > 2 && own.chars().all(|c| c.is_ascii_uppercase() || c == '_' || c.is_ascii_digit());
    if is_variable && next == Some(TokenKind::Equals) {
        return Some((Kind::Variable, format!("{own}_X")));
    }
    let is_reference =
        next == Some(TokenKind::Dot) && !["self", "environment", "secret", "std"].contains(&own);
    let is_declared = ["service", "secret", "from", "through", "deploy"].contains(&before);
    (is_reference || is_declared).then(|| (Kind::Name, format!("{own}x")))
}

/// What is said, without places: they move with a change.
fn said(compilation: &Compilation) -> BTreeSet<(String, String)> {
    let line =
        |problem: &stackc::diagnostic::Diagnostic| (problem.code.id.to_owned(), problem.message.clone());
    compilation.diagnostics.iter().map(line).collect()
}

/// The changes that do the opposite of what their kind does, each with the reason.
fn exceptions() -> BTreeMap<String, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/mutation/exceptions.txt");
    let text = std::fs::read_to_string(path).unwrap();
    let mut found = BTreeMap::new();
    let mut reason = String::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line.strip_prefix("  ") {
            Some(key) => assert!(found.insert(key.to_owned(), reason.clone()).is_none(), "twice: {key}"),
            None => line.clone_into(&mut reason),
        }
    }
    found
}

/// The figures of one kind.
#[derive(Default)]
struct Figures {
    breaking: usize,
    reported: usize,
    harmless: usize,
    alarms: usize,
}

impl Figures {
    fn add(&mut self, other: &Self) {
        self.breaking += other.breaking;
        self.reported += other.reported;
        self.harmless += other.harmless;
        self.alarms += other.alarms;
    }

    fn row(&self, name: &str) -> String {
        let share = match self.breaking {
            0 => "–".to_owned(),
            all => format!("{}.{} %", self.reported * 100 / all, self.reported * 1000 / all % 10),
        };
        let (breaking, reported) = (self.breaking, self.reported);
        format!("| {name} | {breaking} | {reported} | {share} | {} | {} |\n", self.harmless, self.alarms)
    }
}

const INTRODUCTION: &str = "# Changes by one step

Every port, name, path, image, variable and quantity of every example was changed by one step, one at a time, and the stack was checked again.
A port becomes the next number, a name, a path, an image and a variable get a letter more; a published port, a duration or a size becomes one larger.

At first a port, a name, a path, an image or a variable that is changed counts as breaking the system, and a published port, a duration or a size does not.
`snapshots/mutation/exceptions.txt` lists the changes of which the opposite is true, each under its reason: above all names that are written in one place and derived everywhere else, so that nothing contradicts them.
They were sorted by hand, among the changes that were not reported, so the share is a hopeful one: before that it was 85.8 %, and some rules were written for what the same examples showed.
A change counts as reported when something new is said that was not said before. That what is reported would also break is not looked at again.

`cargo test --test it -- --ignored mutation` makes the changes; with `STACKC_BLESS=1` it writes this page. It lists what was missed in `target/mutations.txt`.

| changed | breaks | reported | share | harmless | reported all the same |
| --- | --- | --- | --- | --- | --- |
";

const END: &str = "
Most of these mistakes are found because the other side is known: a declaration, the catalogue, a file of the project. Where the other side is only seen, as words in sources or as what a build makes, rules speak up when a name differs by a letter from one that is there, and not when it is wholly different: then nobody knows who is right.

What breaks and is not reported has its other side where stackc does not look: in what a tool chain makes, in services outside of the stack, on the machine.
";

#[test]
#[ignore = "compiles every example some hundred times"]
fn changes_by_one_step_are_reported() {
    let mut figures: BTreeMap<Kind, Figures> = BTreeMap::new();
    let mut exceptions = exceptions();
    let mut missed = String::new();
    for (name, folder) in examples::examples() {
        let files = examples::files(&folder);
        let quiet = said(&examples::compiled(&name, &files));
        let is_source = |path: &str| Path::new(path).extension().is_some_and(|end| end == "stack");
        for (path, bytes) in files.0.iter().filter(|(path, _)| is_source(path)) {
            let text = String::from_utf8(bytes.clone()).unwrap();
            for change in changes(&text) {
                let mut changed = text.clone();
                changed.replace_range(change.start..change.end, &change.text);
                let mut other: MemoryFiles = files.clone();
                other.0.insert(path.clone(), changed.into_bytes());
                let now = said(&examples::compiled(&name, &other));
                let is_reported = now.iter().any(|line| !quiet.contains(line));
                let key = format!("{name}/{path} | {}", change.key);
                let is_exception = exceptions.remove(&key).is_some();
                let is_harmless = change.kind.is_harmless() != is_exception;
                let own = figures.entry(change.kind).or_default();
                if is_harmless {
                    own.harmless += 1;
                    own.alarms += usize::from(is_reported);
                } else {
                    own.breaking += 1;
                    own.reported += usize::from(is_reported);
                }
                if is_reported == is_harmless {
                    let what = if is_harmless { "harmless, but reported" } else { "not reported" };
                    writeln!(missed, "{what} ({:?}):\n  {key}", change.kind).unwrap();
                }
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::fs::write(root.join("target/mutations.txt"), missed).unwrap();
    assert!(exceptions.is_empty(), "these changes are not made any more: {exceptions:#?}");
    let mut page = String::from(INTRODUCTION);
    let mut all = Figures::default();
    for (kind, own) in &figures {
        page.push_str(&own.row(&format!("{kind:?}").to_lowercase()));
        all.add(own);
    }
    page.push_str(&all.row("all"));
    page.push_str(END);
    golden::check(&root.join("book/src/mutations.md"), &page);
    assert!(all.reported * 100 >= all.breaking * 95, "fewer than 95 % of what breaks is reported");
    assert_eq!(all.alarms, 0, "something harmless is reported");
}
