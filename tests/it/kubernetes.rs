//! Kubernetes manifests of one program against goldens in `snapshots/emit/kubernetes/`, and what a golden cannot say:
//! which selectors match, which ports listen, what is reported.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests fail by panicking and read fixtures"
)]

use std::path::{Path, PathBuf};

use stackc::catalogue::Catalogue;
use stackc::emit::kubernetes::Kubernetes;
use stackc::emit::{Emitted, Emitter};
use stackc::lock::Lock;
use stackc::source::MemoryFiles;

use crate::{golden, ui::project};

const DB: &str = r#"
repository = "db"
writable_paths = ["/run/db"]
[[series]]
tag = "16"
digest = "sha256:0000000000000000000000000000000000000000000000000000000000000001"
[variants.any]
tools = ["sh"]
[[variables]]
name = "DB_PASSWORD"
file = true
"#;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/emit/kubernetes")
}

fn emitted(text: &str) -> Emitted {
    let files = MemoryFiles::new([("main.stack", text)]);
    let loaded = stackc::load::load("main.stack", &files);
    assert_eq!(loaded.diagnostics, [], "{text}");
    let checked = stackc::check::check(&loaded.program, &project(), &files, &[]);
    let stack = checked.stack.unwrap_or_else(|| panic!("{:#?}", checked.diagnostics));
    let catalogue = Catalogue::new([("db", DB)], "");
    let plan = stackc::plan::plan(stack, &catalogue, &Lock::default())
        .unwrap_or_else(|problems| panic!("{problems:#?}"));
    let mut out = Emitted::default();
    Kubernetes.emit(&plan, &mut out);
    out
}

fn file<'a>(out: &'a Emitted, path: &str) -> &'a str {
    let found = out.artifacts.iter().find(|artifact| artifact.path == path);
    found.map_or_else(|| panic!("no {path}"), |artifact| &artifact.text)
}

/// The documents of a kind in a file.
fn documents<'a>(text: &'a str, kind: &str) -> Vec<&'a str> {
    let line = format!("\nkind: {kind}\n");
    text.split("\n---\n").filter(|document| format!("\n{document}").contains(&line)).collect()
}

#[test]
fn goldens() {
    let out = emitted(&std::fs::read_to_string(folder().join("main.stack")).unwrap());
    for artifact in &out.artifacts {
        golden::check(&folder().join(&artifact.path), &artifact.text);
    }
    let lines: Vec<String> = out
        .diagnostics
        .iter()
        .map(|problem| {
            format!(
                "{}: {}\n  help: {}\n",
                problem.code.id,
                problem.message,
                problem.help.as_deref().unwrap_or("")
            )
        })
        .collect();
    golden::check(&folder().join("reports.txt"), &lines.concat());
}

#[test]
fn no_value_of_a_secret_has_a_place() {
    let out = emitted(&std::fs::read_to_string(folder().join("main.stack")).unwrap());
    for artifact in &out.artifacts {
        assert!(documents(&artifact.text, "Secret").is_empty(), "{}", artifact.path);
    }
}
