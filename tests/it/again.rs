//! After a change, the tree and the problems are those of a whole parse and a whole check: random edits of all examples.

use stackc::check::{Memory, check, problems};
use stackc::diagnostic::Diagnostic;
use stackc::load::load;
use stackc::source::{MemoryFiles, Source, SourceId};
use stackc::syntax::{parse, parse_again};

use crate::completion::examples;
use crate::ui::project;

/// Numbers that look random and are the same in each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end.max(1)
    }
}

/// What people type, and what they type by mistake.
const TYPED: &[&str] = &[
    "x",
    "{",
    "}",
    "\"",
    "\n",
    " ",
    "# ",
    "\"\"\"",
    "(",
    "]",
    "port = 3000\n",
    "=",
    "${",
    ".",
    ",",
    "é",
    "service a {}\n",
    "\ncheck all image in images: image.tag != \"latest\" else \"a tag that moves\"\n",
    "\nenvironment late { target compose }\n",
    "## doc\n",
    "-",
];

/// A text with one change somewhere.
fn edited(text: &str, numbers: &mut Numbers) -> String {
    let place = |at: usize| (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap();
    let at = place(numbers.below(text.len() + 1));
    let mut new = text.to_owned();
    match numbers.below(6) {
        0 => new.truncate(at),
        1 => {
            let end = place((at + numbers.below(60)).min(text.len()));
            new.replace_range(at..end.max(at), "");
        }
        // Another line of the file, above this one.
        2 => {
            let lines: Vec<&str> = text.split_inclusive('\n').collect();
            let line = lines.get(numbers.below(lines.len())).copied().unwrap_or_default();
            let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
            new.insert_str(start, line);
        }
        // A word or a number of the file, in the place of another one.
        3 => {
            let words: Vec<(usize, &str)> = text
                .match_indices(|c: char| c.is_ascii_alphanumeric())
                .filter(|(at, _)| *at == 0 || !text.as_bytes()[at - 1].is_ascii_alphanumeric())
                .map(|(at, _)| (at, text[at..].split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap()))
                .collect();
            if !words.is_empty() {
                let ((at, old), (_, word)) =
                    (words[numbers.below(words.len())], words[numbers.below(words.len())]);
                new.replace_range(at..at + old.len(), word);
            }
        }
        _ => new.insert_str(at, TYPED[numbers.below(TYPED.len())]),
    }
    new
}

fn is_source(path: &str) -> bool {
    path.rsplit('.').next() == Some("stack")
}

/// How often a part was enough, of how many edits.
fn parses_are_the_same(edits: usize) -> (usize, usize) {
    let mut numbers = Numbers(7);
    let (mut parts, mut all) = (0, 0);
    for (name, files) in examples() {
        for (path, bytes) in files.0.iter().filter(|(path, _)| is_source(path)) {
            let source = |text: &str| Source::new(SourceId(0), path, text);
            let mut before = source(std::str::from_utf8(bytes).unwrap());
            let mut known = parse(&before);
            for _ in 0..edits {
                let now = source(&edited(&before.text, &mut numbers));
                let whole = parse(&now);
                all += 1;
                if parse_again(&before, &now, &mut known.file, &mut known.diagnostics) {
                    let place = format!("{name}/{path}\n{}\n{}", before.text, now.text);
                    assert_eq!(format!("{:#?}", known.file), format!("{:#?}", whole.file), "{place}");
                    assert_eq!(known.diagnostics, whole.diagnostics, "{place}");
                    parts += 1;
                }
                // Mistakes pile up a little, then somebody starts again.
                let start_again = numbers.below(4) == 0;
                before = if start_again { source(std::str::from_utf8(bytes).unwrap()) } else { now };
                known = parse(&before);
            }
        }
    }
    (parts, all)
}

fn sorted(mut found: Vec<Diagnostic>) -> Vec<String> {
    found.sort_by_key(|problem| problem.primary.as_ref().map(|label| label.span));
    let mut shown: Vec<String> = found.iter().map(|problem| format!("{problem:#?}")).collect();
    shown.sort();
    shown
}

/// How often a memory was enough, of how many edits.
fn checks_are_the_same(edits: usize) -> (usize, usize) {
    let mut numbers = Numbers(11);
    let (mut recalled, mut all) = (0, 0);
    for (name, files) in examples() {
        let paths: Vec<String> = files.0.keys().filter(|path| is_source(path)).cloned().collect();
        let mut memory = Memory::default();
        let mut now = files.clone();
        problems(&load("main.stack", &files).program, &project(), &files, &mut memory);
        for _ in 0..edits {
            if numbers.below(3) == 0 {
                now = files.clone();
            }
            let path = &paths[numbers.below(paths.len())];
            let text = edited(std::str::from_utf8(&now.0[path]).unwrap(), &mut numbers);
            now.0.insert(path.clone(), text.into_bytes());
            let program = load("main.stack", &now).program;
            recalled += usize::from(memory.covers(&program));
            all += 1;
            let found = problems(&program, &project(), &now, &mut memory);
            let whole = check(&program, &project(), &now, &[]).diagnostics;
            assert_eq!(
                sorted(found),
                sorted(whole),
                "{name}/{path}:\n{}",
                String::from_utf8_lossy(&now.0[path])
            );
        }
    }
    (recalled, all)
}

#[test]
fn a_part_parsed_again_is_what_a_whole_parse_gives() {
    let (parts, all) = parses_are_the_same(12);
    assert!(parts * 4 > all, "{parts} of {all}");
}

#[test]
fn what_is_not_checked_again_would_have_said_nothing() {
    let (recalled, all) = checks_are_the_same(8);
    assert!(recalled * 5 > all, "{recalled} of {all}");
}

/// The same with some ten thousand edits.
#[test]
#[ignore = "takes minutes"]
fn many_edits() {
    let ((parts, parsed), (recalled, checked)) = (parses_are_the_same(300), checks_are_the_same(300));
    assert!(parts * 4 > parsed && recalled * 5 > checked, "{parts} of {parsed}, {recalled} of {checked}");
}

/// Blocks that look at each other, lists of blocks, values with a name, and a service that another environment changes:
/// each change of one shows where it is looked at.
#[test]
fn what_looks_at_a_change_is_checked_again() {
    let text = "let all_of_them = [a.url, b.url]\n\
        template service twice { param inner: Port = 1\n port = inner }\n\
        service a from twice { image = \"x:1\", inner = 3000 }\n\
        service b { image = \"x:1\", port = 3000, env { A = a.url } }\n\
        service c { image = \"x:1\", port = a.port, env { ALL = join(all_of_them, \",\") } }\n\
        service d { image = \"x:1\", env { C = c.url } }\n\
        service e { image = \"x:1\", port = 1, check self.port == a.port || any s in services: s.port == 3000 else \"e\" }\n\
        environment one { target compose }\n\
        environment two { target compose\n service a { ports { extra = 9 } } }\n";
    let changes = [
        ("inner = 3000", "inner = 99999"),
        ("inner = 3000", "inner = b.port"),
        ("port = 3000, env", "env"),
        ("port = 3000, env", "port = c.port, env"),
        ("port = a.port", "port = d.port"),
        ("C = c.url", "C = c.urls"),
        ("service a from twice", "service a from thrice"),
        ("port = 1, check", "port = 3000, check"),
        ("image = \"x:1\", inner = 3000", "enabled = false, image = \"x:1\", inner = 4"),
    ];
    let base = MemoryFiles::new([("main.stack", text)]);
    let mut recalled = 0;
    for (first, second) in changes.iter().flat_map(|first| changes.iter().map(move |second| (first, second)))
    {
        let mut memory = Memory::default();
        let program = load("main.stack", &base).program;
        problems(&program, &project(), &base, &mut memory);
        let mut now = text.to_owned();
        for (old, new) in [first, second] {
            now = now.replacen(old, new, 1);
            let files = MemoryFiles::new([("main.stack", &*now)]);
            let program = load("main.stack", &files).program;
            recalled += usize::from(memory.covers(&program));
            let found = problems(&program, &project(), &files, &mut memory);
            let whole = check(&program, &project(), &files, &[]).diagnostics;
            assert_eq!(sorted(found), sorted(whole), "{now}");
        }
    }
    assert_eq!(recalled, 2 * changes.len() * changes.len());
}
