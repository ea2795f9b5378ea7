//! The operations scripts of clusters, run for real by bash.
#![allow(clippy::disallowed_methods, reason = "tests write scripts and run them")]

use crate::ops_scene::{Scene, short, text};

/// The calls of `kubectl` of a command in the cluster that must end with this code.
fn cluster(scene: &Scene, arguments: &[&str], code: i32) -> Vec<String> {
    let _ = std::fs::remove_file(scene.path("calls"));
    let output = scene.ops("cluster", arguments);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", text(&output));
    let folder = std::fs::canonicalize(scene.path("deploy/cluster")).unwrap();
    let calls = std::fs::read_to_string(scene.path("calls")).unwrap();
    let own = calls.lines().filter(|call| *call != "config current-context");
    own.map(|call| short(&call.replace("--namespace shop ", ""), &folder)).collect()
}

#[test]
fn a_cluster_migrates_once_before_it_applies_everything() {
    let scene = Scene::new();
    let calls = cluster(&scene, &["deploy", "v2"], 0);
    let apply = "apply --filename .ops/release.yaml";
    let component = format!("{apply} --selector app.kubernetes.io/component");
    let expected = [
        "kustomize .ops/release".to_owned(),
        "get deployment/api --ignore-not-found --output jsonpath={.metadata.annotations.deployment\\.kubernetes\\.io/revision}"
            .to_owned(),
        "annotate --overwrite deployment/api beforeRelease=1".to_owned(),
        format!("{component}=base"),
        format!("{component}=workload,app.kubernetes.io/name=db"),
        "rollout status --timeout=10m statefulset/db".to_owned(),
        "delete job --ignore-not-found api-migrate".to_owned(),
        format!("{component}=before-rollout"),
        format!("get job/api-migrate {ENDS}"),
        "logs job/api-migrate --all-containers --tail=-1".to_owned(),
        apply.to_owned(),
        "rollout status --timeout=10m deployment/api".to_owned(),
        "rollout status --timeout=10m statefulset/db".to_owned(),
        "rollout status --timeout=10m statefulset/files".to_owned(),
        "rollout status --timeout=10m statefulset/store".to_owned(),
    ];
    assert_eq!(calls, expected);
    let release = scene.path("deploy/cluster/.ops/release/kustomization.yaml");
    let release = std::fs::read_to_string(release).unwrap();
    assert!(release.contains("  - name: ghcr.io/acme/shop/api\n    newTag: \"v2\"\n"), "{release}");
}

#[test]
fn a_cluster_goes_back_only_when_something_was_switched() {
    let scene = Scene::new();
    scene.write("broken", "job/api-migrate");
    let calls = cluster(&scene, &["deploy", "v2"], 1);
    assert!(calls.last().unwrap().starts_with("logs"), "{calls:?}");
    scene.write("broken", "");
    scene.write("fail", "status .*deployment/api");
    let calls = cluster(&scene, &["deploy", "v2"], 9);
    assert!(!calls.iter().any(|call| call.starts_with("rollout undo")), "{calls:?}: nothing of it is new");
    scene.write("changed", "api");
    let calls = cluster(&scene, &["deploy", "v2"], 9);
    let back = [
        "rollout undo --to-revision=1 deployment/api",
        "annotate --overwrite deployment/api beforeRelease=2",
    ];
    assert_eq!(calls[calls.len() - 2..], back, "and forth again");
    assert_eq!(cluster(&scene, &["health"], 6).len(), 4, "all are asked");
}

/// How a job is asked whether it ended.
const ENDS: &str = "--output jsonpath={.status.conditions[?(@.status==\"True\")].type}";

/// The calls that make jobs and stop and start what uses data, without the names of jobs.
fn changes(calls: &[String]) -> Vec<String> {
    let kept =
        calls.iter().filter(|call| ["patch", "scale", "get pods"].iter().any(|word| call.starts_with(word)));
    let patch = "patch --local --filename - --type json --patch ";
    kept.map(|call| call.replace(patch, "").replace(" --output json", "")).collect()
}

/// The change that gives the job of a schedule other words.
fn with_words(words: &str) -> String {
    let pod = "/spec/template/spec";
    format!(r#"{{"op": "replace", "path": "{pod}/containers/0/command", "value": ["/bin/sh", {words}]}}"#)
}

#[test]
fn a_cluster_saves_now_what_its_schedule_saves() {
    let scene = Scene::new();
    let calls = cluster(&scene, &["backup", "db"], 0);
    assert!(calls.iter().any(|call| call.starts_with("create job db-backup-")), "{calls:?}");
    assert_eq!(changes(&calls), ["[]"]);
    let psql = "exec --stdin statefulset/db -- psql --username app it's -c select 1";
    assert_eq!(cluster(&scene, &["db", "-c", "select 1"], 0), [psql]);
    scene.write("broken", "job/db-backup");
    let calls = cluster(&scene, &["backup", "db"], 1);
    assert!(calls.last().unwrap().starts_with("logs job/db-backup-"), "a failed job shows what it said");
    assert_eq!(scene.ops("cluster", &["backup", "api"]).status.code(), Some(2));
}

#[test]
fn a_cluster_puts_data_back_while_nobody_uses_it() {
    let scene = Scene::new();
    assert_eq!(cluster(&scene, &["restore", "db", "db_2.dump"], 4), [""; 0], "it asks");
    let script = |words: &str| format!("[{}]", with_words(&format!(r#""/scripts/backup.sh", {words}"#)));
    let calls = cluster(&scene, &["restore", "db", "--yes"], 0);
    let expected = [
        script(r#""list""#),
        script(r#""verify", "db_2.dump""#),
        script(r#""save""#),
        "scale --replicas 0 deployment/api".to_owned(),
        "get pods --selector app.kubernetes.io/name=api --output name".to_owned(),
        script(r#""restore", "db_2.dump""#),
        "scale --replicas 3 deployment/api".to_owned(),
    ];
    assert_eq!(changes(&calls), expected);
    scene.write("pods", "pod/api-1\n");
    let calls = cluster(&scene, &["restore", "db", "--yes"], 6);
    assert!(
        !calls.iter().any(|call| call.contains(r#""restore", "db_2"#)),
        "somebody may still write: {calls:?}"
    );
    scene.write("pods", "");
    scene.write("broken", r#""restore", "db_1"#);
    let calls = cluster(&scene, &["restore", "db", "db_1.dump", "--yes"], 1);
    assert_eq!(calls.last().unwrap(), "scale --replicas 3 deployment/api", "users come back in any case");
    assert_eq!(scene.ops("cluster", &["restore", "db", "a\"b", "--yes"]).status.code(), Some(2));
}

#[test]
fn copies_leave_a_cluster_right_after_they_are_saved() {
    let scene = Scene::new();
    assert_eq!(changes(&cluster(&scene, &["rehearse", "db"], 0)).len(), 1);
    let push = with_words(r#""/scripts/offsite.sh", "push""#);
    let alone = r#"{"op": "remove", "path": "/spec/template/spec/initContainers"}"#;
    let calls = cluster(&scene, &["offsite", "store", "push"], 0);
    assert_eq!(changes(&calls), [format!("[{alone}, {push}]")]);
    let list = with_words(r#""/scripts/backup.sh", "list""#);
    let calls = cluster(&scene, &["backups", "store"], 0);
    assert!(
        changes(&calls)[0].ends_with(&format!(
            r#"{{"op": "remove", "path": "/spec/template/spec/containers/1"}}, {list}]"#
        ))
    );
    assert_eq!(scene.ops("cluster", &["offsite", "db", "push"]).status.code(), Some(2));
}

const BESIDE: &str = r#"
service api {
  build { stage run { from = "node:22-alpine", workdir = "/app", copy = ["src"] } }
  command = ["node", "src/server.js"]
  port = 3000
  health { http = "/health" }
  job smoke { run = ["node", "src/smoke.js"], when = manual }
  rollout blue_green { verify = ["smoke"], bake = 5s }
}
environment cluster { target kubernetes { namespace = "shop" } }
environment sharing from cluster {
  target kubernetes { namespace = "sharing" }
  service api { rollout canary { steps = [25%, 50%], wait = 5s } }
}
"#;

/// The calls that move instances and requests.
fn moves(calls: &[String]) -> Vec<&str> {
    let words = ["apply", "scale", "patch service", "create job", "rollout undo"];
    let kept = calls.iter().filter(|call| words.iter().any(|word| call.starts_with(word)));
    kept.map(|call| call.split(" --dry-run").next().unwrap())
        .map(|call| call.split_once("smoke-").map_or(call, |_| "create job api-smoke"))
        .collect()
}

#[test]
fn a_cluster_switches_to_a_version_that_was_tried_beside_the_old_one() {
    let scene = Scene::of(BESIDE);
    let lead = |to: &str| {
        format!(r#"patch service api --type merge --patch {{"spec": {{"selector": {{"track": "{to}"}}}}}}"#)
    };
    let calls = cluster(&scene, &["deploy", "v2"], 0);
    let label = calls.iter().position(|call| call.starts_with("label")).unwrap();
    assert_eq!(calls[label], "label pods --selector app.kubernetes.io/name=api,!track track=live");
    assert!(calls[..label].iter().all(|call| !call.starts_with("apply")), "before its address asks for one");
    let file = "apply --filename .ops/release.yaml";
    let expected = [
        &*format!("{file} --selector app.kubernetes.io/component=base"),
        &format!("{file} --selector app.kubernetes.io/component=next,app.kubernetes.io/name=api"),
        "scale --replicas 3 deployment/api-next",
        "create job api-smoke",
        &lead("next"),
        &format!("{file} --selector app.kubernetes.io/component=workload,app.kubernetes.io/name=api"),
        &lead("live"),
        "scale --replicas 0 deployment/api-next",
        file,
    ];
    assert_eq!(moves(&calls), expected);
    scene.write("ready", "2\n");
    let calls = cluster(&scene, &["deploy", "v2"], 6);
    let tail = [&*lead("next"), &lead("live"), "scale --replicas 0 deployment/api-next"];
    assert_eq!(moves(&calls)[4..], tail, "nothing of the old version was touched");
    scene.write("broken", "job/api-smoke");
    let calls = cluster(&scene, &["deploy", "v2"], 6);
    let tail = ["create job api-smoke", &lead("live"), "scale --replicas 0 deployment/api-next"];
    assert_eq!(moves(&calls)[3..], tail, "what does not pass gets no request");
}

#[test]
fn a_cluster_shares_requests_by_instances() {
    let scene = Scene::of(BESIDE);
    let output = scene.ops("sharing", &["deploy", "v2"]);
    assert!(output.status.success(), "{}", text(&output));
    let calls = std::fs::read_to_string(scene.path("calls")).unwrap();
    let calls: Vec<String> = calls.lines().map(|call| call.replace("--namespace sharing ", "")).collect();
    let scaled: Vec<&str> = calls
        .iter()
        .filter_map(|call| call.strip_prefix("scale --replicas ")?.strip_suffix(" deployment/api-next"))
        .collect();
    assert_eq!(scaled, ["1", "1", "3", "0"]);
    assert!(calls.iter().any(|call| call.ends_with(r#"{"spec": {"selector": {"track": null}}}"#)));
}

#[test]
fn jobs_of_a_cluster_take_words_as_they_are() {
    let scene = Scene::new();
    assert_eq!(cluster(&scene, &["job", "api-reset"], 4), [""; 0], "it asks");
    let calls = cluster(&scene, &["--yes", "job", "api-reset", "a \"b\"", "c\\d"], 0);
    let add = |value: &str| {
        format!(r#"{{"op": "add", "path": "/spec/template/spec/containers/0/args/-", "value": {value}}}"#)
    };
    assert_eq!(changes(&calls), [format!("[{}, {}]", add(r#""a \"b\"""#), add(r#""c\\d""#))]);
}

#[test]
fn a_cluster_starts_what_the_next_version_needs_first() {
    let cache = "use std.data { redis }\nservice cache from redis {}\n";
    let stack =
        cache.to_owned() + &BESIDE.replace("  port = 3000\n", "  port = 3000\n  env { CACHE = cache.url }\n");
    let scene = Scene::of(&stack);
    let calls = cluster(&scene, &["deploy", "v2"], 0);
    let file = "apply --filename .ops/release.yaml --selector app.kubernetes.io/component";
    let at = |call: &str| {
        calls.iter().position(|known| known == call).unwrap_or_else(|| panic!("{call}: {calls:#?}"))
    };
    let policies = at(&format!("{file}=base"));
    let asked = at("get statefulset/cache --ignore-not-found --output name");
    let started = at(&format!("{file}=workload,app.kubernetes.io/name=cache"));
    let next = at(&format!("{file}=next,app.kubernetes.io/name=api"));
    assert!(policies < asked && asked < started && started < next, "{calls:#?}");
}
