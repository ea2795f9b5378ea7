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
    let files = MemoryFiles::new([("main.stack", text), ("conf/app.conf", "")]);
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

const SMALL: &str = r#"
service web {
  image = "runtime:1"
  port = 3000
  replicas = 2
  health { http = "/healthz" }
  EXTRA
}
service idle { image = "runtime:1" }
ingress out { host = "a.example", route "/" -> web { } }
environment here { target kubernetes { TARGET } }
"#;

fn small(extra: &str, target: &str) -> Emitted {
    emitted(&SMALL.replace("EXTRA", extra).replace("TARGET", target))
}

fn reports(out: &Emitted) -> String {
    let lines: Vec<String> =
        out.diagnostics.iter().map(|problem| format!("{} {}", problem.code.id, problem.message)).collect();
    lines.join("\n")
}

const WEB: &str = "deploy/here/kubernetes/web.yaml";

#[test]
fn a_gateway_without_a_class_is_refused_and_has_no_file() {
    let out = small("", "");
    assert!(reports(&out).contains("E0208 `target kubernetes` needs `class`"), "{}", reports(&out));
    assert!(out.artifacts.iter().all(|artifact| !artifact.path.ends_with("edge.yaml")));
    assert!(!file(&out, "deploy/here/kubernetes/kustomization.yaml").contains("edge.yaml"));
}

#[test]
fn an_ingress_uses_the_default_class_of_the_cluster() {
    let out = small("", "edge = ingress");
    let edge = file(&out, "deploy/here/kubernetes/edge.yaml");
    assert!(!edge.contains("ingressClassName") && edge.contains("pathType: Prefix"), "{edge}");
    assert!(!edge.contains("annotations"), "{edge}");
}

#[test]
fn fields_of_newer_clusters_wait_for_the_version() {
    let pod = |version: &str| {
        let out = small("stop { drain = 10s }", &format!("class = \"x\", version = \"{version}\""));
        let text = file(&out, WEB).to_owned();
        (text.contains("preStop:"), text.contains("hostUsers: false"), reports(&out).contains("`stop.drain`"))
    };
    assert_eq!(pod("1.29"), (false, false, true));
    assert_eq!(pod("1.30"), (true, false, false));
    assert_eq!(pod("1.33"), (true, true, false));
}

#[test]
fn an_edge_of_unknown_place_may_come_from_any_namespace_but_only_to_the_routed_port() {
    let out = small("", "class = \"x\"");
    let policy = documents(file(&out, WEB), "NetworkPolicy").concat();
    assert!(
        policy
            .contains("- namespaceSelector: {}\n      ports:\n        - protocol: TCP\n          port: 3000"),
        "{policy}"
    );
    let idle = file(&out, "deploy/here/kubernetes/idle.yaml");
    assert!(documents(idle, "Service").is_empty() && !idle.contains("ingress:"), "{idle}");
}

#[test]
fn replicas_are_left_to_the_autoscaler() {
    let fixed = small("", "class = \"x\"");
    let scaled = small("scale { min = 0, max = 4 }", "class = \"x\"");
    let deployment = |out: &Emitted| documents(file(out, WEB), "Deployment").concat();
    assert!(deployment(&fixed).contains("  replicas: 2\n"));
    assert!(!deployment(&scaled).contains("replicas:"));
    let policy = documents(file(&scaled, WEB), "HorizontalPodAutoscaler").concat();
    assert!(policy.contains("minReplicas: 1\n") && policy.contains("averageUtilization: 80\n"), "{policy}");
    assert!(reports(&scaled).contains("`scale.min = 0`"));
}

#[test]
fn what_has_no_words_is_reported_and_has_a_fallback() {
    let cases = [
        ("rollout canary { steps = [10%] }", "a share of 10% beside 2 instances"),
        ("restart = never", "`restart`"),
        ("processes = 10", "`processes`"),
        ("publish { http = 8080 }", "`publish`"),
        ("files { \"/etc/app.conf\" = \"conf/app.conf\" }", "the project file at `/etc/app.conf`"),
        ("volume \"/conf\" { from = \"conf\" }", "`conf` mounted at `/conf`"),
        ("user = \"0:0\"", "the root user"),
        ("capabilities = [\"SYS_PTRACE\"]", "the capability `SYS_PTRACE`"),
        ("stop { signal = \"SIGQUIT\" }", "`stop.signal`"),
        ("after = [idle]", "the start order of `after`"),
        ("labels { \"a b\" = \"c\" }", "the label `a b`"),
        ("metrics {}", "who may read the metrics"),
    ];
    let plain = reports(&small("", "class = \"x\""));
    for (extra, expected) in cases {
        let out = small(extra, "class = \"x\"");
        assert!(reports(&out).contains(expected) && !plain.contains(expected), "{extra}: {}", reports(&out));
        assert!(!documents(file(&out, WEB), "Deployment").is_empty(), "{extra}");
    }
}

#[test]
fn long_names_are_cut_where_the_api_is_short() {
    let job =
        format!("job {} {{ run = [\"x\"], when = scheduled, schedule = \"0 1 * * *\" }}", "j".repeat(50));
    let out = small(&job, "class = \"x\"");
    let text = documents(file(&out, WEB), "CronJob").concat();
    let name = text.lines().find_map(|line| line.strip_prefix("  name: ")).unwrap();
    assert_eq!(name.len(), 52, "{name}");
}
