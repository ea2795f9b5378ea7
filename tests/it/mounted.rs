//! What containers mount of what is emitted: a changed file replaces the containers that read it, and no others.

use stackc::emit::{EMITTERS, Emitter};
use stackc::source::MemoryFiles;

const STACK: &str = r#"
use std.proxy   { nginx }
use std.observe { grafana, prometheus }
use std.data    { postgres }
service api {
  image = "ghcr.io/acme/api:1"
  port  = 3000
  health  { command = ["node", "probe.js"] }
  metrics { every = 15s }
}
service db from postgres { backup { enabled = true, keep = 7d } }
service door from nginx {}
service prometheus from prometheus {}
service grafana from grafana {}
ingress site { host = "example.com", through = door, tls { issuer = files }, route "/" -> api }
environment production { target compose }
"#;

/// The label of each container of `compose.yaml` that has one.
fn labels(stack: &str, targets: &[&dyn Emitter]) -> Vec<(String, String)> {
    let project = crate::compiled::project("name = \"shop\"\n");
    let files = MemoryFiles([("main.stack".to_owned(), stack.into())].into());
    let compilation = crate::compiled::files(&project, &files, targets);
    let compose = compilation.artifacts.iter().find(|file| file.path == "deploy/production/compose.yaml");
    let compose = &compose.unwrap_or_else(|| panic!("{:?}", compilation.diagnostics)).text;
    let mut found = Vec::new();
    let mut container = "";
    for line in compose.lines() {
        match line.strip_prefix("  ").filter(|name| name.ends_with(':') && !name.starts_with([' ', '#'])) {
            Some(name) => container = name.trim_end_matches(':'),
            None => found.extend(
                line.trim().strip_prefix("stackc.config: ").map(|sum| (container.to_owned(), sum.to_owned())),
            ),
        }
    }
    found
}

/// The containers whose label differs.
fn replaced(from: &str, to: &str) -> Vec<String> {
    let changed = STACK.replace(from, to);
    assert_ne!(changed, STACK);
    let (before, after) = (labels(STACK, EMITTERS), labels(&changed, EMITTERS));
    assert_eq!(before.len(), after.len());
    before.into_iter().zip(after).filter(|(a, b)| a != b).map(|(a, _)| a.0).collect()
}

#[test]
fn a_changed_file_replaces_who_reads_it() {
    let all: Vec<String> = labels(STACK, EMITTERS).into_iter().map(|(name, _)| name).collect();
    assert_eq!(all, ["db-backup", "door", "grafana", "prometheus"]);
    assert_eq!(replaced("host = \"example.com\"", "host = \"example.org\""), ["door"]);
    assert_eq!(replaced("every = 15s", "every = 5s"), ["prometheus"]);
    assert_eq!(replaced("keep = 7d", "keep = 8d"), ["db-backup"]);
}

#[test]
fn one_target_alone_says_the_same() {
    let compose: Vec<&dyn Emitter> =
        EMITTERS.iter().copied().filter(|target| target.name() == "compose").collect();
    assert_eq!(labels(STACK, &compose), labels(STACK, EMITTERS));
}
