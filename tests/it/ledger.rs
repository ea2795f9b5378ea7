//! The loss ledger: what each target cannot express of one stack that uses every setting, as it is recorded in
//! `snapshots/ledger/`; and that no setting of it is dropped in silence. Must not judge a target.
#![allow(clippy::disallowed_methods, reason = "tests read the stack")]

use std::collections::BTreeSet;
use std::path::Path;

use stackc::check::KINDS;
use stackc::diagnostic::codes;
use stackc::emit::{EMITTERS, Emitter};
use stackc::schema::{FieldSchema, KindSchema, Ty};
use stackc::source::{MemoryFiles, Source, SourceId, Span};
use stackc::syntax::ast::{Statement, StatementKind};
use stackc::{Compilation, syntax};

use crate::golden;
use crate::ui::{Verdict, project, render};

fn text() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/ledger");
    std::fs::read_to_string(folder.join("main.stack")).unwrap()
}

fn compiled(text: &str, targets: &[&dyn Emitter]) -> Compilation {
    let project = project();
    crate::compiled::files(&project, &MemoryFiles::new([("main.stack", text), ("page.conf", "")]), targets)
}

#[test]
fn what_targets_cannot_express_is_recorded() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/ledger");
    let text = text();
    let mut silent = Vec::new();
    for target in EMITTERS {
        let found = compiled(&text, &[*target]);
        let errors: Vec<_> = found.diagnostics.iter().filter(|problem| problem.is_error()).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        let lost = found.diagnostics.into_iter().filter(|problem| problem.code == codes::NOT_EXPRESSIBLE);
        let text = render(&Verdict { sources: found.sources, stack: None, diagnostics: lost.collect() });
        if text.is_empty() {
            silent.push(target.name());
        } else {
            golden::check(&folder.join(format!("{}.stderr", target.name())), &text);
        }
    }
    assert!(["compose", "kubernetes"].iter().all(|name| !silent.contains(name)), "{silent:?} lose nothing");
}

/// Settings that the stack need not have: the library sets those of backups, proxies and watchers.
const OF_PRESETS: &[&str] = &["proxy", "observes", "backup"];

fn fields(kind: &'static KindSchema, found: &mut BTreeSet<&'static str>) {
    for FieldSchema { name, ty, .. } in kind.fields {
        if OF_PRESETS.contains(name) || !found.insert(name) {
            continue;
        }
        match ty {
            Ty::Block(inner) | Ty::Blocks(inner) => fields(inner, found),
            Ty::Variants(kinds) => kinds.iter().for_each(|kind| fields(kind, found)),
            _ => {}
        }
    }
}

#[test]
fn the_stack_of_the_ledger_uses_every_setting() {
    let text = text();
    let words: BTreeSet<&str> = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
    let mut all = BTreeSet::new();
    for kind in KINDS {
        fields(kind, &mut all);
    }
    let unused: Vec<&&str> = all.iter().filter(|name| !words.contains(**name)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

/// The places of all settings, the inner ones too.
fn settings(statements: &[Statement], found: &mut Vec<Span>) {
    for statement in statements {
        match &statement.kind {
            StatementKind::Setting(_) => found.push(statement.span),
            StatementKind::Block(block) => settings(block.body.as_deref().unwrap_or_default(), found),
            _ => {}
        }
    }
}

/// Paths and texts, codes and messages.
type Pairs<C> = (Vec<(String, String)>, C);

/// What comes out, without places: they move with a change.
fn outcome(found: &Compilation) -> Pairs<BTreeSet<(String, String)>> {
    let files = found.artifacts.iter().map(|file| (file.path.clone(), file.text.clone()));
    let said = found.diagnostics.iter().map(|problem| (problem.code.id.to_owned(), problem.message.clone()));
    (files.collect(), said.collect())
}

/// Settings that change nothing here, and why.
const WITHOUT_EFFECT: &[(&str, &str)] = &[
    ("why = \"notifications\"", "for people who read the source"),
    ("tcp = true", "what a check does where nothing else is said"),
    ("is = url", "the schemes beside it say so already"),
    ("replicas = 4", "the scale beside it decides"),
    ("version = \"14\"", "no action is pinned for this tool chain, which is said"),
    ("expand_secrets  = false", "no variable of this image is a secret"),
    ("expand_secrets = false", "no variable of this image is a secret"),
    ("generate = false", "people put secrets of the CI system there"),
    ("charset = any", "people put secrets of the CI system there"),
    ("length = 100", "people put secrets of the CI system there"),
    ("length = 20", "people put secrets of the CI system there"),
    ("rotate = 90d", "people put secrets of the CI system there"),
    ("key = \"shop/registry\"", "a build takes its secrets from the CI system"),
];

/// Each setting is taken away alone: something that is emitted or said must change.
#[test]
#[ignore = "compiles a large stack some hundred times"]
fn no_setting_is_dropped_in_silence() {
    let text = text();
    let parsed = syntax::parse(&Source::new(SourceId(0), "main.stack", &text));
    let mut places = Vec::new();
    settings(&parsed.file.statements, &mut places);
    assert!(places.len() > 150, "{}", places.len());
    let whole = outcome(&compiled(&text, EMITTERS));
    let mut silent = Vec::new();
    for span in places {
        let (start, end) = (span.start as usize, span.end as usize);
        let mut without = text.clone();
        let comma = text[end..].starts_with(',');
        without.replace_range(start..end + usize::from(comma), &" ".repeat(end - start + usize::from(comma)));
        let is_known = WITHOUT_EFFECT.iter().any(|(setting, _)| *setting == &text[start..end]);
        if !is_known && outcome(&compiled(&without, EMITTERS)) == whole {
            silent.push(format!("{}: {}", text[..start].lines().count(), &text[start..end]));
        }
    }
    assert!(silent.is_empty(), "{silent:#?}");
}
