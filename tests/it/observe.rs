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
use stackc::emit::compose::Compose;
use stackc::emit::env::EnvFiles;
use stackc::emit::grafana::Grafana;
use stackc::emit::kubernetes::Kubernetes;
use stackc::emit::prometheus::Prometheus;
use stackc::emit::{Emitted, Emitter};
use stackc::lock::Lock;
use stackc::plan::Plan;
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

fn planned(text: &str, catalogue: &Catalogue) -> Plan {
    let files = MemoryFiles::new([("main.stack", text)]);
    let loaded = stackc::load::load("main.stack", &files);
    assert_eq!(loaded.diagnostics, [], "{text}");
    let checked = stackc::check::check(&loaded.program, &project(), &files, &[]);
    let stack = checked.stack.unwrap_or_else(|| panic!("{:#?}", checked.diagnostics));
    stackc::plan::plan(stack, catalogue, &Lock::default()).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn emitted(text: &str) -> Emitted {
    let plan = planned(text, &Catalogue::new([("db", DB)], ""));
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
    assert_eq!(out.artifacts, [], "{:?}", out.artifacts);
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

#[test]
fn an_alert_is_tried_on_the_series_that_it_names() {
    let alert = "alert slow { when = \"a > 1\", summary = \"slow\", lasting = 2min, fires { \"a{b='c'}\" = \"2x20\" }, rests { \"a\" = \"1x20\" } }";
    let out = emitted(&format!("{alert}\n{}", WATCHED.replace("EXTRA", "")));
    let tests = file(&out, TESTS);
    let query = "max by (alertname) (ALERTS{alertname=\"Slow\", alertstate=\"firing\"})";
    assert_eq!(tests.matches(query).count(), 2, "{tests}");
    assert_eq!(tests.matches("eval_time: \"12m\"").count(), 2, "{tests}");
    assert!(tests.contains("series: a{b='c'}") && tests.contains("exp_samples: []"), "{tests}");
    assert_eq!(tests.matches("value: 1").count(), 1, "{tests}");
}

/// The presets of the standard library, with a service that measures something.
const OBSERVED: &str = r#"
use std.observe { prometheus, alertmanager, grafana }
service web {
  image = "runtime:1", port = 3000
  metrics { MEASURE }
}
service prometheus from prometheus { }
service alertmanager from alertmanager { }
service grafana from grafana { }
secret hook { length = 10, charset = any, generate = false }
NOTIFY
environment here { target TARGET { } }
"#;

fn observed(measure: &str, notify: &str, target: &str) -> Emitted {
    let text = OBSERVED.replace("MEASURE", measure).replace("NOTIFY", notify).replace("TARGET", target);
    let plan = planned(&text, &Catalogue::embedded());
    let mut out = Emitted::default();
    let emitters: [&dyn Emitter; 4] = [&Compose, &Kubernetes, &Prometheus, &Grafana];
    for emitter in emitters {
        emitter.emit(&plan, &mut out);
    }
    out
}

#[test]
fn what_watches_is_connected_and_has_its_files() {
    let out = observed("", "notify ops { slack = secret.hook }", "compose");
    let compose = file(&out, "deploy/here/compose.yaml");
    for mount in ["./prometheus", "./alertmanager", "./grafana/datasources", "./grafana/dashboards"] {
        assert!(compose.contains(&format!("source: {mount}\n")), "{mount}");
    }
    assert!(compose.contains("  alertmanager.out: {}\n"), "{compose}");
    assert!(compose.contains("      - hook\n"), "{compose}");
    assert!(file(&out, CONFIG).contains("alertmanager:9093"));
    assert!(
        file(&out, "deploy/here/alertmanager/alertmanager.yml").contains("api_url_file: /run/secrets/hook")
    );
}

#[test]
fn nobody_to_tell_is_no_way_out() {
    let out = observed("", "", "compose");
    assert!(!file(&out, "deploy/here/compose.yaml").contains("alertmanager.out"));
    assert!(file(&out, "deploy/here/alertmanager/alertmanager.yml").contains("receiver: stack/nobody"));
}

#[test]
fn a_dashboard_has_a_query_for_each_kind_of_measure() {
    let measures = r#"
    measure jobs_total { title = "Jobs", kind = counter }
    measure queue { title = "Queue" }
    measure answer_seconds { title = "Answers", kind = histogram, unit = seconds }"#;
    let out = observed(measures, "", "compose");
    let dashboard: serde_json::Value =
        serde_json::from_str(file(&out, "deploy/here/grafana/dashboards/web.json")).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let queries: Vec<&str> =
        panels.iter().skip(3).map(|panel| panel["targets"][0]["expr"].as_str().unwrap()).collect();
    assert_eq!(
        queries,
        [
            "sum by (instance) (rate(jobs_total{job=\"web\"}[5m]))",
            "queue{job=\"web\"}",
            "histogram_quantile(0.5, sum by (le) (rate(answer_seconds_bucket{job=\"web\"}[5m])))",
        ]
    );
}

#[test]
fn a_name_that_no_series_can_have_is_reported() {
    let out = observed("measure \"a b\" { title = \"No\" }", "", "compose");
    assert!(reports(&out).contains("the series `a b`"), "{}", reports(&out));
    assert!(!file(&out, "deploy/here/grafana/dashboards/web.json").contains("a b"));
}

#[test]
fn a_cluster_has_monitoring_of_its_own() {
    let out = observed("", "", "kubernetes");
    assert_eq!(reports(&out).matches("kubernetes cannot express `observes").count(), 3, "{}", reports(&out));
    assert!(
        !has(&out, "deploy/here/kubernetes/grafana.yaml") && has(&out, "deploy/here/kubernetes/web.yaml")
    );
}

#[test]
fn mail_needs_an_address_and_a_server() {
    let of = |fields: &str| reports(&observed("", &format!("notify ops {{ {fields} }}"), "compose"));
    assert!(of("email = \"ops@example.com\"").contains("nothing names a mail server"));
    assert!(
        of("smtp { server = \"smtp.example.com:587\", from = \"a@example.com\" }")
            .contains("nothing names an address")
    );
    assert!(of("").contains("it has no address"));
}
