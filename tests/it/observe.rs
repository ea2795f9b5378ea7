//! Env files and what watches a stack: goldens in `snapshots/emit-units/observe/`, and what a golden cannot say: that
//! the commands make legal secrets, what stays a comment, what is reported.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests fail by panicking, read fixtures and ask a shell"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

use stackc::catalogue::Catalogue;
use stackc::emit::env::EnvFiles;
use stackc::emit::prometheus::Prometheus;
use stackc::emit::{Emitted, Emitter};
use stackc::lock::Lock;
use stackc::source::MemoryFiles;

use crate::{golden, ui::project};

const DB: &str = r#"
repository = "db"
[[series]]
tag = "16"
[[variables]]
name = "DB_PASSWORD"
file = true
"#;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/emit-units/observe")
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
    EnvFiles.emit(&plan, &mut out);
    Prometheus.emit(&plan, &mut out);
    out
}

fn file<'a>(out: &'a Emitted, path: &str) -> &'a str {
    let found = out.artifacts.iter().find(|artifact| artifact.path == path);
    found.map_or_else(|| panic!("no {path}"), |artifact| &artifact.text)
}

fn has(out: &Emitted, path: &str) -> bool {
    out.artifacts.iter().any(|artifact| artifact.path == path)
}

fn reports(out: &Emitted) -> String {
    let line = |problem: &stackc::diagnostic::Diagnostic| {
        let help = problem.help.as_deref().unwrap_or_default();
        format!("{}: {}\n  help: {help}\n", problem.code.id, problem.message)
    };
    out.diagnostics.iter().map(line).collect()
}

#[test]
fn goldens() {
    let out = emitted(&std::fs::read_to_string(folder().join("main.stack")).unwrap());
    assert!(out.artifacts.len() > 12, "{:?}", out.artifacts);
    for artifact in &out.artifacts {
        golden::check(&folder().join(&artifact.path), &artifact.text);
    }
    golden::check(&folder().join("reports.txt"), &reports(&out));
}

/// The assignments of an env file, as a reader sees them.
fn assignments(text: &str) -> Vec<(&str, &str)> {
    text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('=')).collect()
}

#[test]
fn a_secret_never_has_a_value() {
    let out = emitted(&std::fs::read_to_string(folder().join("main.stack")).unwrap());
    let all = assignments(file(&out, "deploy/local/.env.example"));
    for name in ["DB_PASSWORD", "TOKEN_SALT", "LICENCE"] {
        let values: Vec<&str> =
            all.iter().filter(|(known, _)| *known == name).map(|(_, value)| *value).collect();
        assert_eq!(values, [""], "{name}");
    }
    assert!(all.iter().all(|(name, _)| *name != "DATABASE_URL"), "{all:?}");
    assert!(
        assignments(file(&out, "deploy/cluster/.env.example")).iter().all(|(_, value)| !value.is_empty())
    );
}

#[test]
fn the_commands_make_legal_values_without_a_line_end() {
    let cases = [
        ("length = 1", 1, false),
        ("length = 33", 33, false),
        ("length = 200", 200, false),
        ("length = 7, charset = hex", 7, true),
        ("length = 129, charset = hex", 129, true),
    ];
    for (fields, length, is_hex) in cases {
        let out = emitted(&format!(
            "secret key {{ {fields} }}\nservice a {{ image = \"runtime:1\", env {{ KEY = secret.key }} }}\n\
             environment here {{ target compose {{}} }}"
        ));
        let text = file(&out, "deploy/here/.env.example");
        let command = text.lines().find_map(|line| line.strip_prefix("#   ")).unwrap();
        let made = Command::new("sh").arg("-c").arg(command).output().unwrap();
        let value = String::from_utf8(made.stdout).unwrap();
        assert!(value.len() >= length && value.len() < length + 4, "{command}: {value:?}");
        let is_legal = |c: char| {
            if is_hex {
                matches!(c, '0'..='9' | 'a'..='f')
            } else {
                c.is_ascii_alphanumeric() || c == '-' || c == '_'
            }
        };
        assert!(value.chars().all(is_legal), "{command}: {value:?}");
    }
}

#[test]
fn a_secret_may_not_take_a_variable_of_compose() {
    let source = |name: &str, target: &str| {
        let service = format!("service a {{ image = \"runtime:1\", env {{ KEY = secret.{name} }} }}");
        let text = format!("secret {name} {{ }}\n{service}\nenvironment here {{ target {target} {{ }} }}");
        reports(&emitted(&text))
    };
    assert!(source("release", "compose").contains("which Compose reads itself"));
    assert!(source("compose_file", "compose").contains("`COMPOSE_FILE`"));
    assert_eq!(source("key", "compose"), "");
    assert_eq!(source("release", "kubernetes"), "");
}

const WATCHED: &str = r#"
service web { image = "runtime:1", port = 3000, EXTRA }
environment here { target compose {} }
"#;

const CONFIG: &str = "deploy/here/prometheus/prometheus.yml";
const RULES: &str = "deploy/here/prometheus/rules.yml";
const TESTS: &str = "deploy/here/prometheus/rules.test.yml";

#[test]
fn what_is_not_watched_has_no_files() {
    let out = emitted(&WATCHED.replace("EXTRA", ""));
    assert_eq!(out.artifacts.len(), 1, "{:?}", out.artifacts);
}

#[test]
fn instances_that_are_discovered_are_missed_when_none_is_left() {
    let of = |extra: &str| emitted(&WATCHED.replace("EXTRA", extra));
    let one = of("metrics {}");
    assert!(file(&one, CONFIG).contains("static_configs") && !file(&one, RULES).contains("absent"));
    assert_eq!(file(&one, TESTS).matches("exp_alerts").count(), 1);
    let three = of("metrics {}, replicas = 3");
    assert!(file(&three, CONFIG).contains("dns_sd_configs") && file(&three, RULES).contains("or absent("));
    assert_eq!(file(&three, TESTS).matches("exp_alerts").count(), 2);
}

#[test]
fn a_service_that_may_have_no_instance_is_not_missed() {
    let out = emitted(&WATCHED.replace("EXTRA", "metrics {}, scale { min = 0, max = 3 }"));
    assert!(file(&out, CONFIG).contains("job_name: web"));
    assert!(!file(&out, RULES).contains("WebDown") && !has(&out, TESTS));
}

#[test]
fn alerts_without_metrics_are_rules_without_tests() {
    let alert = "alert slow { when = \"vector(1)\", summary = \"slow\" }";
    let out = emitted(&format!("{alert}\n{}", WATCHED.replace("EXTRA", "")));
    assert!(file(&out, RULES).contains("alert: Slow") && !has(&out, TESTS));
}
