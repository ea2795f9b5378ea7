//! Patches: what they change, and what is refused because it would change nothing.

use stackc::diagnostic::Diagnostic;
use stackc::emit::{EMITTERS, Emitter};
use stackc::lock::Lock;
use stackc::model::Project;
use stackc::source::{MemoryFiles, SourceMap, Span};
use stackc::{Compilation, Request, compile};

/// A stack with one service; `{service}`, `{environment}` and `{top}` are places for patches.
const STACK: &str = r#"
environment production {
  target compose
  target kubernetes
{environment}
}

environment staging {
  target compose
}

secret token

## Answers.
service api {
  image   = "traefik/whoami:v1.11"
  port    = 8080
  command = ["--port", "8080"]
  publish { http = 8080 }
{service}
}
{top}
"#;

fn project() -> Project {
    Project {
        name: "shop".into(),
        registry: Some("ghcr.io/acme/shop".into()),
        repository: None,
        licence: None,
        owner: None,
        output: "deploy".into(),
    }
}

/// Where a patch stands in the stack.
enum Place {
    Top,
    Service,
    Environment,
}

fn build_only(place: &Place, patch: &str, environments: &[&str]) -> Compilation {
    let slot = |wanted: bool| if wanted { patch } else { "" };
    let text = STACK
        .replace("{top}", slot(matches!(place, Place::Top)))
        .replace("{service}", slot(matches!(place, Place::Service)))
        .replace("{environment}", slot(matches!(place, Place::Environment)));
    let files = MemoryFiles::new([("main.stack", &*text)]);
    let compose: Vec<&dyn Emitter> =
        EMITTERS.iter().copied().filter(|emitter| emitter.name() == "compose").collect();
    let request = Request {
        entry: "main.stack",
        project: &project(),
        lock: &Lock::default(),
        environments: &environments.iter().map(ToString::to_string).collect::<Vec<_>>(),
        targets: &compose,
    };
    compile(&request, &files)
}

fn build(place: &Place, patch: &str) -> Compilation {
    build_only(place, patch, &[])
}

fn file(compilation: &Compilation, environment: &str) -> String {
    let path = format!("deploy/{environment}/compose.yaml");
    let found = compilation.artifacts.iter().find(|artifact| artifact.path == path);
    found.map(|artifact| artifact.text.clone()).unwrap_or_else(|| panic!("{:#?}", compilation.diagnostics))
}

/// The lines that a patch takes away, with `-`, and brings, with `+`.
fn difference(place: &Place, patch: &str) -> String {
    let (before, after) = (file(&build(place, ""), "production"), file(&build(place, patch), "production"));
    let (before, after): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let same = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
    let rest =
        before[same..].iter().rev().zip(after[same..].iter().rev()).take_while(|(a, b)| a == b).count();
    let removed = before[same..before.len() - rest].iter().map(|line| format!("-{line}\n"));
    removed.chain(after[same..after.len() - rest].iter().map(|line| format!("+{line}\n"))).collect()
}

fn slice(sources: &SourceMap, span: Span) -> String {
    sources.get(span.source).unwrap().slice(span).to_owned()
}

/// The one error: its code, its message, the text that it points at and its help.
fn refused_in(compilation: &Compilation) -> String {
    let errors: Vec<&Diagnostic> = compilation.diagnostics.iter().filter(|it| it.is_error()).collect();
    let [error] = errors.as_slice() else {
        panic!("expected one error, found {errors:#?}");
    };
    assert!(compilation.artifacts.is_empty(), "an error leaves no artifacts");
    let place = error.primary.as_ref().map(|label| slice(&compilation.sources, label.span)).unwrap();
    let help = error.help.as_deref().unwrap_or_default();
    format!("{} {}\n  at {place}\n  help: {help}", error.code.id, error.message)
}

fn refused(place: &Place, patch: &str) -> String {
    refused_in(&build(place, patch))
}

#[test]
fn a_patch_in_a_service_is_relative_to_its_container() {
    let changed = difference(&Place::Service, "patch compose { stop_grace_period = \"90s\" }");
    assert_eq!(changed, "-    stop_grace_period: \"30s\"\n+    stop_grace_period: \"90s\"\n");
}

#[test]
fn a_patch_at_the_top_changes_every_file() {
    let compilation = build(&Place::Top, "patch compose { services.api.init = false }");
    for environment in ["production", "staging"] {
        assert!(file(&compilation, environment).contains("    init: false\n"));
    }
}
