//! Every port, name, path, image, variable and quantity of every example, changed by one step, one at a time: how many
//! of the changes are reported. `cargo test --test it -- --ignored mutation` runs it; the figures are in the book.
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
    for (index, token) in tokens.iter().enumerate() {
        let own = &text[token.start as usize..token.end as usize];
        let before = |steps: usize| index.checked_sub(steps).map_or("", |index| word(index));
        let change = match token.kind {
            TokenKind::Int => port(own, before(2), line_of(text, token.start as usize)),
            TokenKind::Quantity => quantity(own),
            TokenKind::StringPlain => string(own),
            TokenKind::Name => name(own, before(1), tokens.get(index + 1).map(|token| token.kind)),
            _ => None,
        };
        found.extend(change.map(|(kind, text)| Change {
            kind,
            start: token.start as usize,
            end: token.end as usize,
            text,
        }));
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

fn string(own: &str) -> Option<(Kind, String)> {
    let inner = own.trim_matches('"');
    if let Ok(image) = ImageRef::parse(inner) {
        if image.tag.is_some() && !inner.contains(' ') {
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

#[test]
#[ignore = "compiles every example some hundred times"]
fn changes_by_one_step_are_reported() {
    let mut figures: BTreeMap<Kind, (usize, usize)> = BTreeMap::new();
    let mut unnoticed = String::new();
    for (name, folder) in examples::examples() {
        let files = examples::files(&folder);
        let quiet = said(&examples::compiled(&name, &files));
        for (path, bytes) in
            files.0.iter().filter(|(path, _)| Path::new(path).extension().is_some_and(|end| end == "stack"))
        {
            let text = String::from_utf8(bytes.clone()).unwrap();
            for change in changes(&text) {
                let mut changed = text.clone();
                changed.replace_range(change.start..change.end, &change.text);
                let mut other: MemoryFiles = files.clone();
                other.0.insert(path.clone(), changed.into_bytes());
                let now = said(&examples::compiled(&name, &other));
                let is_reported = now.iter().any(|line| !quiet.contains(line));
                let (all, reported) = figures.entry(change.kind).or_default();
                *all += 1;
                *reported += usize::from(is_reported);
                if is_reported == change.kind.is_harmless() {
                    let line = text[..change.start].lines().count();
                    writeln!(unnoticed, "{name}/{path}:{line} {:?} {}", change.kind, change.text).unwrap();
                }
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::fs::write(root.join("target/mutations.txt"), unnoticed).unwrap();
    let mut page = String::from(
        "# Changes by one step\n\nEvery port, name, path, image, variable and quantity of every example was changed by one step, one at a time, and \
         the stack was checked again.\nA port becomes the next number, a name, a path, an image and a variable get a letter more; a published port, a duration \
         or a size that is one larger breaks nothing, so nothing should be said.\n`cargo test --test it -- --ignored mutation` writes this page, with `STACKC_BLESS=1`, and lists what was missed in \
         `target/mutations.txt`.\n\n| changed | changes | reported |\n| --- | --- | --- |\n",
    );
    for (kind, (all, reported)) in &figures {
        let word = format!("{kind:?}").to_lowercase();
        writeln!(page, "| {word} | {all} | {} % |", reported * 100 / all).unwrap();
    }
    page.push_str(
        "\nNot reported are above all changes whose other side is not in the stack: variables that a program reads but does not declare with `reads`, \
         files of the project, and images that nobody has looked at.\n",
    );
    golden::check(&root.join("book/src/mutations.md"), &page);
}
