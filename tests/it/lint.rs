//! The rules as a whole: their table, levels, allowances, baseline and repairs. Must not know any rule in particular:
//! what each finds is shown by the examples of its page, and what it says about them by `snapshots/lint/`.
#![allow(clippy::disallowed_methods, reason = "tests read the sources and the book")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use stackc::diagnostic::repair::repair;
use stackc::diagnostic::{Applicability, Baseline, Fix, Level, Severity, codes, explain};
use stackc::emit::EMITTERS;
use stackc::lint::{Family, RULES};
use stackc::lock::Lock;
use stackc::source::MemoryFiles;
use stackc::{Compilation, Request, compile};

use crate::codes::{Block, blocks, files};
use crate::examples;
use crate::golden;
use crate::ui::{Verdict, project, render};

/// A stack that breaks one rule once.
const SHORT: &str = "secret pin { length = 12 }
service api {
  image = \"ghcr.io/acme/api:1.4.2\"
  env { PIN_FILE = path(secret.pin) }
}
environment production { target compose }
";

fn compiled(text: &str, levels: &[(&str, Level)], baseline: &Baseline, only: &[&str]) -> Compilation {
    compiled_of(&MemoryFiles::new([("main.stack", text)]), levels, baseline, only)
}

/// A program of a page, beside the page's other files.
fn compiled_in(page: &[Block], text: &str) -> Compilation {
    compiled_of(&files(text, page), &[], &Baseline::default(), &[])
}

fn compiled_of(
    files: &MemoryFiles,
    levels: &[(&str, Level)],
    baseline: &Baseline,
    only: &[&str],
) -> Compilation {
    let mut project = project();
    project.known = baseline.clone();
    project.rules = levels.iter().map(|(name, level)| ((*name).into(), *level)).collect();
    let environments: Vec<String> = only.iter().map(ToString::to_string).collect();
    let request = Request {
        entry: "main.stack",
        project: &project,
        lock: &Lock::default(),
        environments: &environments,
        targets: EMITTERS,
    };
    compile(&request, files)
}

/// Code and message of everything that is said.
fn said(text: &str) -> Vec<(&'static str, String)> {
    let compilation = compiled(text, &[], &Baseline::default(), &[]);
    compilation.diagnostics.into_iter().map(|problem| (problem.code.name, problem.message)).collect()
}

fn names(text: &str) -> Vec<&'static str> {
    said(text).into_iter().map(|(name, _)| name).collect()
}

fn allowed(comment: &str) -> String {
    format!("{comment}\n{SHORT}")
}

#[test]
fn every_rule_has_a_code_of_its_family_and_a_file_of_its_name() {
    let of_rules: Vec<&str> = RULES.iter().map(|rule| rule.code.id).collect();
    let of_codes: Vec<&str> =
        codes::ALL.iter().map(|code| code.id).filter(|id| id.starts_with('L')).collect();
    assert_eq!(of_rules, of_codes, "codes and rules are not the same, or in another order");
    for rule in RULES {
        let family = Family::ALL.iter().position(|family| *family == rule.family).unwrap();
        assert_eq!(rule.code.id[1..3], format!("{family:02}"), "{} is of another family", rule.code.name);
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lint/rules");
    let files: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "mod.rs")
        .collect();
    let own = RULES.iter().filter(|rule| rule.family != Family::Allowances);
    let expected: BTreeSet<String> =
        own.map(|rule| format!("{}.rs", rule.code.name.replace('-', "_"))).collect();
    assert_eq!(files, expected);
}

#[test]
fn the_index_of_the_book_is_current() {
    let mut text = String::from(
        "# Rules\n\nWhat a valid stack may say that would not work, or not well.\n`stackc.toml` sets how much each matters, `\
         # stackc: allow(rule) reason` above a declaration allows it there, and `stackc explain RULE` shows its page.\n\n\
         ```toml\n[rules]\nopen-port  = \"error\"\nslow-check = \"off\"\n```\n",
    );
    for family in Family::ALL {
        write!(
            text,
            "\n## {}\n\n| code | rule | level | about |\n| --- | --- | --- | --- |\n",
            family.title()
        )
        .unwrap();
        for rule in RULES.iter().filter(|rule| rule.family == *family) {
            let (id, name) = (rule.code.id, rule.code.name);
            let page = explain::page(id).unwrap();
            let about = page.lines().nth(2).unwrap();
            writeln!(text, "| [{id}](codes/{id}.md) | `{name}` | {} | {about} |", rule.level.word()).unwrap();
        }
    }
    golden::check(&Path::new(env!("CARGO_MANIFEST_DIR")).join("book/src/rules.md"), &text);
}

#[test]
fn rules_say_what_is_recorded() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/lint");
    let mut known = BTreeSet::new();
    for rule in RULES {
        let page = blocks(explain::page(rule.code.id).unwrap());
        let mut text = String::new();
        for program in page.iter().filter(|block| block.is("fails")) {
            let found = compiled_in(&page, &program.text);
            let diagnostics =
                found.diagnostics.into_iter().filter(|problem| problem.code == rule.code).collect();
            text.push_str(&render(&Verdict { sources: found.sources, stack: None, diagnostics }));
        }
        let file = format!("{}-{}.stderr", rule.code.id, rule.code.name);
        golden::check(&folder.join(&file), &text);
        known.insert(file);
    }
    let files = std::fs::read_dir(folder).unwrap();
    let files: BTreeSet<String> =
        files.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(files, known);
}

#[test]
fn no_rule_raises_a_false_alarm_on_an_example() {
    let mut alarms = Vec::new();
    for (name, folder) in examples::examples() {
        let compilation = examples::compiled(&name, &examples::files(&folder));
        let found = compilation.diagnostics.iter().filter(|problem| problem.code.id.starts_with('L'));
        alarms.extend(found.map(|problem| format!("{name}: {} {}", problem.code.id, problem.message)));
    }
    assert!(alarms.is_empty(), "{alarms:#?}");
}

#[test]
fn projects_choose_levels() {
    let severity = |level| {
        let found = compiled(SHORT, &[("short-secret", level)], &Baseline::default(), &[]);
        let artifacts = found.artifacts.len();
        (found.diagnostics.first().map(|problem| problem.severity), artifacts > 0)
    };
    assert_eq!(severity(Level::Warning), (Some(Severity::Warning), true));
    assert_eq!(severity(Level::Error), (Some(Severity::Error), false));
    assert_eq!(severity(Level::Off), (None, true));
}

#[test]
fn an_allowance_covers_its_declaration() {
    assert_eq!(names(SHORT), ["short-secret"]);
    for comment in [
        "# stackc: allow(short-secret) the old system takes no more",
        "# stackc: allow(L0303) the old system takes no more",
        "## Its pin.\n# stackc: allow(short-secret, ) the old system takes no more",
    ] {
        let found = names(&allowed(comment));
        assert!(!found.contains(&"short-secret"), "{comment}: {found:?}");
    }
    let behind = SHORT.replace("12 }", "12 } # stackc: allow(short-secret) the old system takes no more");
    assert_eq!(names(&behind), [""; 0]);
}

#[test]
fn an_allowance_needs_a_rule_a_reason_and_a_declaration() {
    for (comment, message) in [
        ("# stackc: allow(short-secret)", "an allowance needs a reason"),
        ("# stackc: allow(short-secret) -", "an allowance needs a reason"),
        ("# stackc: allow(short-secert) it is short", "no rule is called `short-secert`"),
        ("# stackc: ignore it", "expected `allow(rule) reason` after `stackc:`"),
    ] {
        let said = said(&allowed(comment));
        assert!(said.contains(&("broken-allowance", message.to_owned())), "{said:?}");
        assert!(said.iter().any(|(name, _)| *name == "short-secret"), "{comment} has an effect");
    }
    let last = format!("{SHORT}# stackc: allow(short-secret) nothing follows\n");
    assert_eq!(names(&last), ["short-secret", "broken-allowance"]);
}

#[test]
fn an_allowance_that_allows_nothing_is_reported_and_removed() {
    let comment = "# stackc: allow(moving-tag) it does not move";
    let compilation = compiled(&allowed(comment), &[], &Baseline::default(), &[]);
    let unused =
        compilation.diagnostics.iter().find(|problem| problem.code == codes::UNUSED_ALLOWANCE).unwrap();
    let repaired = repair(std::slice::from_ref(unused), &compilation.sources);
    assert_eq!(repaired.texts.values().collect::<Vec<_>>(), [SHORT]);
    // With a part of the environments nobody knows.
    let part = compiled(&allowed(comment), &[], &Baseline::default(), &["production"]);
    assert!(part.diagnostics.iter().all(|problem| problem.code != codes::UNUSED_ALLOWANCE));
}

#[test]
fn an_allowance_of_an_environment_holds_there() {
    let stack = |base: &str, inner: &str| {
        format!(
            "{base}
service api {{
  image = \"node:22-alpine\"
  port = 3000
  env {{ AUTH_URL = \"http://localhost:4000\" }}
}}
environment production {{
  target compose
  {inner}
  service api {{ replicas = 2 }}
}}
"
        )
    };
    let allow = "# stackc: allow(loopback-address) it is beside it in the pod";
    assert_eq!(names(&stack("", "")), ["loopback-address"]);
    assert_eq!(names(&stack(allow, "")), [""; 0]);
    assert_eq!(names(&stack("", allow)), [""; 0]);
    let wrong = stack("", allow).replace(
        "  service api { replicas = 2 }",
        "  service api { replicas = 2 }\n  service web { image = \"node:22-alpine\" }",
    );
    assert_eq!(names(&wrong), [""; 0]);
    let elsewhere = format!("{}environment staging {{\n  target compose\n}}\n", stack("", allow));
    assert_eq!(names(&elsewhere), ["loopback-address"], "staging is another environment");
}

#[test]
fn a_message_follows_the_value_to_where_it_was_written() {
    let stack = "param domain: Host = \"shop.example.com\"
let page = \"http://${domain}:4000\"
service api {
  image = \"node:22-alpine\"
  env { AUTH_URL = page }
}
environment production {
  domain = \"localhost\"
  target compose
}
";
    let compilation = compiled(stack, &[], &Baseline::default(), &[]);
    let found =
        compilation.diagnostics.iter().find(|problem| problem.code == codes::LOOPBACK_ADDRESS).unwrap();
    let labels: Vec<(&str, &str)> = found
        .secondary
        .iter()
        .map(|label| {
            (compilation.sources.get(label.span.source).unwrap().slice(label.span), label.text.as_str())
        })
        .collect();
    let page = ("\"http://${domain}:4000\"", "1. `page` comes from here");
    assert_eq!(labels, [page, ("\"localhost\"", "2. `domain` comes from here")]);
}

#[test]
fn what_is_known_is_not_said_again() {
    let first = compiled(SHORT, &[], &Baseline::default(), &[]);
    let baseline = Baseline::of(&first.diagnostics, &first.sources);
    assert_eq!(baseline.len(), 1);
    let moved = format!("\n\n{SHORT}");
    let level = [("short-secret", Level::Error)];
    let later = compiled(&moved, &level, &baseline, &[]);
    assert_eq!(later.diagnostics, [], "a finding that moved is not new");
    assert!(!later.artifacts.is_empty());
    let more = format!("{SHORT}secret other {{ length = 10 }}\n");
    let found = compiled(&more, &[], &baseline, &[]);
    assert_eq!(
        found.diagnostics.iter().map(|problem| problem.code.name).collect::<BTreeSet<_>>(),
        BTreeSet::from(["short-secret", "unused-secret"])
    );
}

/// The example of a page that fails, its repairs made until there are none left.
#[test]
fn safe_repairs_leave_nothing_behind() {
    let mut wrong = String::new();
    let mut tried = 0;
    for code in codes::ALL {
        let page = blocks(explain::page(code.id).unwrap());
        for program in page.iter().filter(|block| block.is("fails")) {
            let mut text = program.text.clone();
            let mut rounds = 0;
            // Whether the code of the page itself is repaired.
            let mut own = false;
            loop {
                let compilation = compiled_in(&page, &text);
                let is_safe = |fix: &Fix| fix.applicability == Applicability::Safe;
                let problems = compilation.diagnostics.iter().filter(|problem| problem.code == *code);
                own |= problems.into_iter().any(|problem| problem.fixes.iter().any(is_safe));
                let repaired = repair(&compilation.diagnostics, &compilation.sources);
                let Some(next) = repaired.texts.into_values().next() else { break };
                text = next;
                rounds += 1;
                assert!(rounds < 8, "{} is never done", code.id);
            }
            if !own {
                continue;
            }
            tried += 1;
            let compilation = compiled_in(&page, &text);
            for problem in
                compilation.diagnostics.iter().filter(|problem| problem.is_error() || problem.code == *code)
            {
                writeln!(wrong, "{}: {} {}\n{text}", code.id, problem.code.id, problem.message).unwrap();
            }
        }
    }
    assert!(tried >= 16, "only {tried} pages have a safe repair");
    assert!(wrong.is_empty(), "{wrong}");
}

/// A repair that is offered, safe or not, can be made: its places are in the text, and what comes out can be read.
#[test]
fn every_offered_repair_can_be_made() {
    let mut offered: BTreeMap<&str, usize> = BTreeMap::new();
    for code in codes::ALL.iter().filter(|code| code.has_level()) {
        let page = blocks(explain::page(code.id).unwrap());
        for program in page.iter().filter(|block| block.is("fails")) {
            let compilation = compiled_in(&page, &program.text);
            for problem in compilation.diagnostics.iter().filter(|problem| problem.code == *code) {
                let mut made = problem.clone();
                for fix in &mut made.fixes {
                    fix.applicability = Applicability::Safe;
                }
                if made.fixes.is_empty() {
                    continue;
                }
                let repaired = repair(&[made], &compilation.sources);
                assert_eq!(repaired.count, 1, "{} offers what cannot be made", code.id);
                let text = repaired.texts.values().next().unwrap();
                let after = compiled_in(&page, text);
                let left = after.diagnostics.iter().filter(|left| left.is_error() || left.code == *code);
                assert_eq!(left.count(), 0, "{}\n{text}", code.id);
                *offered.entry(code.id).or_default() += 1;
            }
        }
    }
    assert!(offered.len() >= 4, "{offered:?}");
}
