//! Completion and hover in conditions: each offer checks, and what there is is offered.

use std::collections::BTreeSet;

use stackc::check::{COLLECTIONS, SPANNING, check};
use stackc::ide::completion::{Completion, Kind, complete};
use stackc::ide::{Analysis, Cache, hover};
use stackc::load::load;
use stackc::source::MemoryFiles;

use crate::ui::project;

const STACK: &str = r#"
use std.data { postgres }
secret key {}
service api {
  build     { stage final { from = "ghcr.io/acme/base:1.0.0" } }
  port      = 3000
  health    { command = ["/api", "check"] }
  env       { KEY_FILE = path(secret.key) }
  publish   { http = 3000 }
  egress "mail.example.com" { port = 587, why = "receipts" }
  volume "/data" { size = 1GiB }
}
service job { image = "ghcr.io/acme/job:1.0.0", command = ["work"] }
service db from postgres { backup { enabled = true } }
ingress site { host = "example.com", tls { issuer = files }, route "/" -> api }
environment staging    { mode = development, target compose }
environment production { target compose }
"#;

fn analysis(text: &str) -> Analysis {
    Analysis::new("main.stack", &project(), &MemoryFiles::new([("main.stack", text)]), &mut Cache::default())
}

/// The offers at `^`.
fn offers(condition: &str) -> Vec<Completion> {
    let text = format!("check {condition} else \"no\"\n{STACK}");
    let at = text.find('^').unwrap();
    let text = text.replacen('^', "", 1);
    let analysis = analysis(&text);
    complete(&analysis, analysis.source("main.stack").unwrap(), at as u32).items
}

fn labels(condition: &str) -> Vec<String> {
    offers(condition).into_iter().map(|item| item.label).collect()
}

/// The errors of a condition, but for that it does not hold.
fn wrong(condition: &str) -> Vec<String> {
    let text = format!("check {condition} else \"no\"\n{STACK}");
    let files = MemoryFiles::new([("main.stack", text.as_str())]);
    let loaded = load("main.stack", &files);
    let found = check(&loaded.program, &project(), &files, &[]).diagnostics;
    let all = loaded.diagnostics.into_iter().chain(found);
    let real = all.filter(|problem| problem.is_error() && problem.code.id != "E0405");
    real.map(|problem| format!("{} {}", problem.code.id, problem.message)).collect()
}

/// Conditions with a place in them; what is offered there goes on in a way that asks nothing of its type.
const PLACES: &[&str] = &[
    "all x in ^: 1 == 1",
    "1 == 1 && any x in ^: 1 == 1",
    "all s in services: s.^ == none",
    "all s in services: s.build.^ == none",
    "all s in services: all v in s.volume: v.^ == none",
    "all s in services: all e in s.egress: e.^ == none",
    "all s in services: all p in s.publish: p.^ == none",
    "all s in services: all t in s.build.stage: t.^ == none",
    "all i in ingresses: i.^ == none",
    "all i in ingresses: all r in i.route: r.^ == none",
    "all i in ingresses: i.tls.^ == none",
    "all k in secrets: k.^ == none",
    "all e in environments: e.^ == none",
    "all e in environments: all s in e.services: s.^ == none",
    "all i in images: i.^ == none",
    "all p in ports: p.^ == none",
    "all v in api.volume: v.^ == none",
    "all i in images:\n  all j in images: i.tag == none ||\n    j.^ == none",
    "length(^) == 2",
];

#[test]
fn each_offer_checks() {
    assert_eq!(wrong("1 == 1"), [""; 0]);
    let (mut tried, mut refused) = (0, Vec::new());
    for place in PLACES {
        let found = offers(place);
        assert!(found.len() > 1, "nothing is offered in {place}");
        // A function has yet to be filled in, the name of a service goes on with a dot, and a word has no length.
        let is_whole =
            |item: &&Completion| item.kind == Kind::Field && !item.label.starts_with("environment.");
        let whole = found.iter().filter(is_whole);
        for item in whole {
            tried += 1;
            let condition = place.replacen('^', &item.insert, 1);
            refused.extend(wrong(&condition).into_iter().map(|problem| format!("{condition}: {problem}")));
        }
    }
    assert!(tried > 150, "{tried}");
    assert!(refused.is_empty(), "{} of {tried}:\n{}", refused.len(), refused.join("\n"));
}

#[test]
fn every_collection_is_offered_and_no_other_word() {
    let all: BTreeSet<String> = COLLECTIONS
        .iter()
        .map(|(name, _)| *name)
        .chain(SPANNING.iter().map(|it| it.name))
        .map(str::to_owned)
        .collect();
    assert_eq!(labels("all x in ^: 1 == 1").into_iter().collect::<BTreeSet<_>>(), all);
    // What spans environments is unknown to a service and where something else has the name.
    let text = format!("service web {{ image = \"a:1\", check all x in : 1 == 1 else \"no\" }}\n{STACK}");
    let found = analysis(&text);
    let source = found.source("main.stack").unwrap();
    let at = text.find("in : ").unwrap() + 3;
    let inside: Vec<String> =
        complete(&found, source, at as u32).items.into_iter().map(|item| item.label).collect();
    assert!(inside.contains(&"services".to_owned()) && !inside.contains(&"images".to_owned()), "{inside:?}");
    let text = format!("let images = [\"a\"]\ncheck all x in : 1 == 1 else \"no\"\n{STACK}");
    let found = analysis(&text);
    let at = text.find("in : ").unwrap() + 3;
    let taken = complete(&found, found.source("main.stack").unwrap(), at as u32).items;
    let images: Vec<&Completion> = taken.iter().filter(|item| item.label == "images").collect();
    assert!(matches!(images.as_slice(), [only] if only.kind != Kind::Field), "{images:?}");
}

#[test]
fn the_parts_that_are_described_are_those_that_exist() {
    assert_eq!(SPANNING.iter().map(|it| it.name).collect::<Vec<_>>(), ["environments", "images", "ports"]);
    for (path, parts) in SPANNING.iter().map(|it| (it.name, it.parts)) {
        let nested = parts.iter().filter(|part| !part.parts.is_empty());
        let nested = nested.map(|part| (format!("all o in {path}: all x in o.{}", part.name), part.parts));
        for (quantifier, parts) in nested.chain([(format!("all x in {path}"), parts)]) {
            for part in parts {
                let condition = format!("{quantifier}: x.{} == none", part.name);
                assert_eq!(wrong(&condition), [""; 0], "{condition}");
            }
            let unknown = format!("check {quantifier}: x.what_is_that == 1 else \"no\"\n{STACK}");
            let files = MemoryFiles::new([("main.stack", unknown.as_str())]);
            let found = check(&load("main.stack", &files).program, &project(), &files, &[]).diagnostics;
            let help = found.iter().find_map(|problem| problem.help.clone()).unwrap();
            let count = match help.split_once("… (") {
                Some((_, rest)) => rest.split(' ').next().unwrap().parse().unwrap(),
                None => help.matches('`').count() / 2,
            };
            assert_eq!(count, parts.len(), "{help}");
        }
    }
}

#[test]
fn conditions_begin_with_a_quantifier_or_a_value() {
    for place in ["^", "1 == 1 && ^", "!^", "all s in services: ^"] {
        let found = labels(place);
        assert!(
            found.contains(&"all".to_owned()) && found.contains(&"length".to_owned()),
            "{place}: {found:?}"
        );
    }
    assert!(!labels("1 == ^").contains(&"all".to_owned()));
}

#[test]
fn words_of_conditions_are_explained() {
    let text = |condition: &str| {
        let text = format!("check {condition} else \"no\"\n{STACK}");
        let at = text.find('^').unwrap() as u32;
        let text = text.replacen('^', "", 1);
        let analysis = analysis(&text);
        let source = analysis.source("main.stack").unwrap();
        let files = MemoryFiles::new([("main.stack", text.as_str())]);
        hover::hover(&analysis, source, at, (&project(), &files))
            .map(|found| (source.slice(found.span).to_owned(), found.text))
    };
    for (condition, word, part) in [
        ("all i in ima^ges: i.tag != none", "images", "what a stage starts from"),
        ("all i in images: i.ta^g != none", "tag", "**tag**: a string or `none`"),
        ("all i in images: ^i.tag != none", "i", "an element of `images`"),
        ("all s in ^services: s.image != none", "services", "Each `service`"),
        ("all s in services: s.memo^ry <= 4GiB", "memory", "a size"),
        ("all s in services: all v in s.volume: v.si^ze <= 4GiB", "size", "a size"),
        ("all e in environments: all s in e.services: s.sa^ved", "saved", "copied"),
        ("length(env^ironments) == 2", "environments", "All environments."),
    ] {
        let (found, about) = text(condition).unwrap_or_else(|| panic!("{condition}"));
        assert_eq!(found, word);
        assert!(about.contains(part), "{condition}: {about}");
    }
    // What completion explains is explained where it is written, too.
    for (condition, word, part) in [
        ("starts^_with(api.host, \"a\")", "starts_with", "starts with another"),
        ("api.ho^st == \"a\"", "host", "other services reach it"),
        ("environment.na^me == \"a\"", "name", "Name of the environment"),
        ("al^l s in services: 1 == 1", "all", "each element"),
    ] {
        let (found, about) = text(condition).unwrap_or_else(|| panic!("{condition}"));
        assert_eq!(found, word);
        assert!(about.contains(part), "{condition}: {about}");
    }
    assert_eq!(text("1 =^= 1"), None);
    assert_eq!(text("api.host == \"ho^st\""), None);
}

#[test]
fn an_element_that_does_not_listen_has_no_port() {
    let listens = "all s in services: s.health != none || s.port == none";
    assert_eq!(wrong(listens), [""; 0]);
    assert_eq!(wrong("all s in services: s.url == none || s.name != \"job\""), [""; 0]);
    assert_eq!(wrong("api.port == 3000 && job.port == 1").len(), 1);
}

#[test]
fn what_spans_environments_is_no_part_of_one() {
    let text = |inner: &str| {
        format!(
            "service api {{ image = \"ghcr.io/acme/api:1.0.0\", {inner} }}\nenvironment production {{ target compose }}\n"
        )
    };
    for inner in [
        "replicas = length(environments)",
        "check all i in images: i.tag == \"3\" else \"no\"",
        "env { N = \"${length(ports)}\" }",
    ] {
        let files = MemoryFiles::new([("main.stack", text(inner).as_str())]);
        let loaded = load("main.stack", &files);
        let found = check(&loaded.program, &project(), &files, &[]).diagnostics;
        let found: Vec<String> =
            found.iter().map(|problem| format!("{} {}", problem.code.id, problem.message)).collect();
        assert!(
            matches!(found.as_slice(), [only] if only.contains("spans all environments")),
            "{inner}: {found:?}"
        );
    }
}

#[test]
fn a_misspelt_collection_says_which_was_meant() {
    assert_eq!(wrong("all s in servces: s.memory <= 1GiB"), ["E0201 nothing is called `servces`"]);
    let text = format!("check all s in imges: s.tag != none else \"no\"\n{STACK}");
    let files = MemoryFiles::new([("main.stack", text.as_str())]);
    let found = check(&load("main.stack", &files).program, &project(), &files, &[]).diagnostics;
    assert!(
        found.iter().any(|problem| problem.help.as_deref() == Some("did you mean `images`?")),
        "{found:?}"
    );
}
