//! Configuration files, addresses of networks and measures that scale: goldens in `snapshots/emit-units/datastores/`, and
//! what a golden cannot say: that nothing is emitted that nobody asked for, and that addresses stay.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests fail by panicking, read fixtures and ask a shell"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

use stackc::catalogue::Catalogue;
use stackc::emit::compose::Compose;
use stackc::emit::kubernetes::Kubernetes;
use stackc::emit::{Artifact, Emitted, Emitter};
use stackc::lock::Lock;
use stackc::plan::Plan;
use stackc::source::MemoryFiles;

use crate::{golden, ui::project};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/emit-units/datastores")
}

fn source() -> String {
    std::fs::read_to_string(folder().join("main.stack")).unwrap()
}

fn planned(text: &str) -> Plan {
    let files = MemoryFiles::new([("main.stack", text)]);
    let loaded = stackc::load::load("main.stack", &files);
    assert_eq!(loaded.diagnostics, [], "{text}");
    let checked = stackc::check::check(&loaded.program, &project(), &files, &[]);
    let stack = checked.stack.unwrap_or_else(|| panic!("{:#?}", checked.diagnostics));
    let plan = stackc::plan::plan(stack, &Catalogue::embedded(), &Lock::default());
    plan.unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn emitted(text: &str) -> Vec<Artifact> {
    let plan = planned(text);
    let mut out = Emitted::default();
    Compose.emit(&plan, &mut out);
    Kubernetes.emit(&plan, &mut out);
    out.artifacts
}

fn file<'a>(artifacts: &'a [Artifact], path: &str) -> &'a str {
    let found = artifacts.iter().find(|artifact| artifact.path == path);
    found.map_or_else(|| panic!("no {path}"), |artifact| &artifact.text)
}

#[test]
fn goldens() {
    let artifacts = emitted(&source());
    assert!(artifacts.len() > 20, "{}", artifacts.len());
    for artifact in &artifacts {
        golden::check(&folder().join(&artifact.path), &artifact.text);
    }
}

#[test]
fn only_who_asks_gets_files() {
    let artifacts = emitted(&source());
    let of = |service: &str| {
        let folder = format!("deploy/local/config/{service}/");
        artifacts.iter().filter(|artifact| artifact.path.starts_with(&folder)).count()
    };
    assert_eq!(of("plain"), 0);
    assert_eq!(of("tuned"), 2);
    assert!(!file(&artifacts, "deploy/cluster/kubernetes/plain.yaml").contains("postgresql.conf"));
}

#[test]
fn a_changed_file_replaces_its_containers() {
    let before = emitted(&source());
    let after = emitted(&source().replace("work_mem    = 64MiB", "work_mem    = 32MiB"));
    for path in ["deploy/local/compose.yaml", "deploy/cluster/kubernetes/primary.yaml"] {
        assert_ne!(file(&before, path), file(&after, path), "{path}");
    }
    let replica = "deploy/cluster/kubernetes/replica.yaml";
    assert_eq!(file(&before, replica), file(&after, replica));
}

/// The addresses of each network, by name.
fn addresses(text: &str) -> Vec<(String, String)> {
    let plan = planned(text);
    let local = plan.environments.iter().find(|environment| environment.name() == "local").unwrap();
    let named = |(name, network): (&std::sync::Arc<str>, &stackc::plan::Network)| {
        (name.to_string(), network.subnet.unwrap().to_string())
    };
    let mut found: Vec<_> = local.networks.iter().map(named).collect();
    found.sort();
    found
}

#[test]
fn networks_keep_their_addresses_when_others_come_and_go() {
    let all = addresses(&source());
    assert!(all.contains(&("primary".to_owned(), "172.23.0.0/16".to_owned())), "{all:?}");
    let more =
        "service first { image = \"ghcr.io/acme/first:1\", egress \"example.org\" { why = \"feeds\" } }\n";
    let with_more = addresses(&source().replace("service plain", &format!("{more}service plain")));
    assert_eq!(with_more.len(), all.len() + 1);
    assert!(all.iter().all(|known| with_more.contains(known)), "{all:?} {with_more:?}");
}

#[test]
fn scripts_are_shell() {
    let artifacts = emitted(&source());
    let is_script = |artifact: &&Artifact| {
        artifact.path.contains("/config/")
            && Path::new(&artifact.path).extension().is_some_and(|end| end == "sh")
    };
    let scripts: Vec<_> = artifacts.iter().filter(is_script).collect();
    assert!(scripts.len() > 4, "{}", scripts.len());
    for script in scripts {
        let output = Command::new("sh").args(["-n", "-c", &script.text]).output().unwrap();
        assert!(output.status.success(), "{}: {}", script.path, String::from_utf8_lossy(&output.stderr));
    }
}
