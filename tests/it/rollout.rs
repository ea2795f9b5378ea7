//! Releases on one machine: `ops deploy` run for real, with a `docker` that keeps containers as files and a clock that
//! does not wait. What counts is who serves requests at each moment.
#![allow(clippy::disallowed_methods, reason = "tests write scripts and run them")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use stackc::Compilation;
use stackc::diagnostic::Diagnostic;
use stackc::emit::EMITTERS;

/// Keeps each container as a file `NAME` with its version, and one `NAME.running` while it runs. A version that is
/// listed in `sick` never becomes healthy, one in `weak` falls over when others were stopped or half of the requests come.
const DOCKER: &str = r#"#!/usr/bin/env bash
set -euo pipefail
cd "${SCENE}/containers"
version() { local files; files="$(grep -o '[^ ]*.ops/[a-z]*.yaml' <<<"$1" | tail -n 1)"; sed -n 's/.*@sha256:\(v[0-9]*\)$/\1/p' "${files}" | head -n 1; }
of() { for file in *; do [[ "${file}" != "$1"-[0-9]* || "${file}" == *.* ]] || printf '%s\n' "${file}"; done; }
note() { printf '%s\n' "$*" >>../calls; }
case "$*" in
  *"image inspect"*RepoDigests*) printf '%s@sha256:%s\n' "${5%:*}" "${RELEASE}" ;;
  *"config --hash"*) printf '%s %s\n' "${@: -1}" "$(version "$*")" ;;
  *"ps --all --quiet"*) of "${@: -1}" ;;
  *config-hash*) cat "${@: -1}" ;;
  *"ps --quiet"*) for name in $(of "${@: -1}"); do [[ ! -e "${name}.running" ]] || printf '%s\n' "${name}"; done ;;
  *IPAddress*) echo "at-${@: -1}" ;;
  inspect*)
    name="${@: -1}"
    if [[ ! -e "${name}.running" ]]; then echo "exited  0"
    elif grep --quiet --line-regexp "$(<"${name}")" ../sick; then echo "running unhealthy 0"
    elif grep --quiet --line-regexp "$(<"${name}")" ../weak && [[ -e ../alone ]]; then echo "running unhealthy 1"
    else echo "running healthy 0"; fi ;;
  *"up --no-start"*)
    service="${@: -1}"
    [[ "$*" =~ --scale\ [a-z]*=([0-9]+) ]]
    while (($(of "${service}" | wc -l) < BASH_REMATCH[1])); do
      number=$(($(cat ../number) + 1))
      echo "${number}" >../number
      version "$*" >"${service}-${number}"
    done ;;
  *"up --detach --wait --no-deps --no-build"*) [[ "$*" == *--no-recreate* ]] || printf '%s\n' "$*" >>../together ;;&
  *"up --detach --wait"*--no-recreate*)
    service="${@: -1}"
    if [[ -z "$(of "${service}")" ]]; then
      echo "$(($(cat ../number) + 1))" >../number
      version "$*" >"${service}-$(cat ../number)"
    fi
    for name in $(of "${service}"); do touch "${name}.running"; done ;;
  start*) shift; for name in "$@"; do touch "${name}.running"; done; touch ../started; note start "$@" ;;
  stop*) shift; for name in "$@"; do rm -f "${name}.running"; done; touch ../alone; note stop "$@" ;;
  rm*) [[ "$2" != --force ]] || shift; shift; for name in "$@"; do rm -f "${name}" "${name}.running"; done; note remove "$@" ;;
  "network disconnect"*) note hide "$4" ;;
  "network connect"*) note name "$6" "$4" ;;
  *"exec -T proxy"*"-- steer web 3000"*) line="$*"; note "only${line#*-- steer web 3000}" ;;
  *"exec -T prometheus"*"query=sum%28rate%28errors%5B1m%5D%29%29%20%3E%200.05"*)
    result="$(<../alarm)"
    # What people see begins with the new version, unless it was there before.
    [[ -e ../started || -e ../burning ]] || result=""
    [[ "${result}" != none ]] || exit 1
    printf '{"status":"success","data":{"resultType":"vector","result":[%s]}}' "${result}" ;;
  *"exec -T proxy"*) note share "${@: -1}"; ((${@: -1} < 200)) || touch ../alone ;;
  *"run --rm"*) note run "${@: -1}"; ! grep --quiet "${@: -1}" ../failing ;;
  *) ;;
esac
"#;

fn stack(rollout: &str) -> String {
    format!(
        r#"
use std.proxy {{ nginx }}
service web {{
  build {{ stage run {{ from = "node:22-alpine", workdir = "/app", copy = ["src"] }} }}
  command  = ["node", "src/server.js"]
  port     = 3000
  replicas = 2
  health   {{ http = "/health" }}
  job smoke {{ run = ["node", "src/smoke.js"], when = manual }}
  rollout  {rollout}
}}
service proxy from nginx {{ }}
ingress site {{ host = "shop.example.com", through = proxy, route "/" -> web }}
environment production {{ release = "v1", target compose }}
{}
"#,
        if rollout.contains("abort") { JUDGED } else { "" }
    )
}

/// Somebody who says whether a condition holds.
const JUDGED: &str = r#"
use std.observe { prometheus }
service prometheus from prometheus {}
alert errors { when = "sum(rate(errors[1m])) > 0.05", summary = "too many answers are errors" }
"#;

fn compiled(text: &str) -> Compilation {
    let manifest = "name = \"shop\"\nregistry = \"ghcr.io/acme/shop\"\n";
    let project = crate::compiled::project(manifest);
    crate::compiled::text(&project, text, EMITTERS)
}

/// What is said about the release; rules about the rest of the stack have tests of their own.
fn told(compilation: &Compilation) -> Vec<&str> {
    let of_rule = |problem: &&Diagnostic| problem.code.id.starts_with('L');
    let others = compilation.diagnostics.iter().filter(|problem| !of_rule(problem));
    others.map(|problem| problem.message.as_str()).collect()
}

struct Scene {
    folder: tempfile::TempDir,
}

impl Scene {
    /// A machine on which `v1` runs.
    fn new(rollout: &str) -> Self {
        Self::of(&stack(rollout))
    }

    fn of(stack: &str) -> Self {
        let compilation = compiled(stack);
        assert_eq!(told(&compilation), [""; 0]);
        let scene = Self { folder: tempfile::tempdir().unwrap() };
        for artifact in compilation.artifacts.iter().filter(|artifact| artifact.executable) {
            scene.write(&artifact.path, &artifact.text);
        }
        scene.write("bin/docker", DOCKER);
        scene.write("bin/sleep", "#!/bin/sh\n");
        for (name, text) in [
            ("number", "0\n"),
            ("sick", "none\n"),
            ("weak", "none\n"),
            ("failing", "none\n"),
            ("alarm", "\n"),
        ] {
            scene.write(name, text);
        }
        std::fs::create_dir(scene.path("containers")).unwrap();
        scene.deploy("v1", 0);
        scene.deploy_second();
        scene
    }

    /// Compose starts as many as are wanted; here the second one is made by hand.
    fn deploy_second(&self) {
        self.write("containers/web-2", "v1\n");
        self.write("containers/web-2.running", "");
        self.write("number", "2\n");
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        use std::os::unix::fs::PermissionsExt;
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn ops(&self, arguments: &[&str]) -> Output {
        let path = format!("{}:{}", self.path("bin").display(), std::env::var("PATH").unwrap());
        let mut command = Command::new(self.path("deploy/production/ops"));
        command.args(arguments).env("PATH", path).env("SCENE", self.folder.path());
        command.env_remove("RELEASE").stdin(std::process::Stdio::null()).output().unwrap()
    }

    /// Deploys a version; what happened to containers and to traffic.
    fn deploy(&self, version: &str, code: i32) -> Vec<String> {
        for name in ["calls", "alone", "started"] {
            let _ = std::fs::remove_file(self.path(name));
        }
        let output = self.ops(&["deploy", version]);
        assert_eq!(output.status.code(), Some(code), "{}", String::from_utf8_lossy(&output.stderr));
        let calls = std::fs::read_to_string(self.path("calls")).unwrap_or_default();
        calls.lines().map(ToOwned::to_owned).collect()
    }

    /// The containers that run, with their versions.
    fn running(&self) -> Vec<String> {
        let mut found: Vec<String> = std::fs::read_dir(self.path("containers"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_none() && is_running(path) && is_web(path))
            .map(|path| std::fs::read_to_string(&path).unwrap().trim().to_owned())
            .collect();
        found.sort();
        found
    }

    /// What is left of containers that do not run.
    fn leftovers(&self) -> usize {
        let all = std::fs::read_dir(self.path("containers")).unwrap().map(|entry| entry.unwrap().path());
        all.filter(|path| path.extension().is_none() && !is_running(path)).count()
    }
}

fn is_running(path: &Path) -> bool {
    path.with_extension("running").exists()
}

fn is_web(path: &Path) -> bool {
    path.file_name().unwrap().to_str().unwrap().starts_with("web-")
}

const ROLLING: &str = "rolling { surge = 1, wait = 30s, deadline = 60s }";
const BLUE_GREEN: &str = "blue_green { deadline = 60s, bake = 5min, verify = [\"smoke\"] }";
const CANARY: &str = "canary { steps = [10%, 50%, 100%], wait = 5min, verify = [\"smoke\"] }";

#[test]
fn rolling_replaces_one_by_one_and_never_serves_with_less() {
    let scene = Scene::new(ROLLING);
    assert_eq!(
        scene.deploy("v2", 0),
        [
            "hide web-3",
            "name web-3 web-starting",
            "start web-3",
            "hide web-3",
            "name web-3 web",
            "only at-web-2 at-web-3",
            "stop web-1",
            "remove web-1",
            "hide web-4",
            "name web-4 web-starting",
            "start web-4",
            "hide web-4",
            "name web-4 web",
            "only at-web-3 at-web-4",
            "stop web-2",
            "remove web-2",
            "only",
        ]
    );
    assert_eq!(scene.running(), ["v2", "v2"]);
    assert_eq!(scene.deploy("v2", 0), [""; 0], "what runs already is left alone");
}

#[test]
fn rolling_stops_at_the_first_sick_container_and_leaves_the_rest() {
    let scene = Scene::new(ROLLING);
    scene.write("sick", "v2\n");
    let calls = scene.deploy("v2", 6);
    assert_eq!(calls, ["hide web-3", "name web-3 web-starting", "start web-3", "remove web-3"]);
    assert_eq!(scene.running(), ["v1", "v1"]);
}

#[test]
fn rolling_goes_back_when_the_new_version_falls_over_later() {
    let scene = Scene::new(ROLLING);
    scene.write("weak", "v2\n");
    let calls = scene.deploy("v2", 6);
    let expected =
        ["only at-web-2 at-web-3", "stop web-1", "remove web-1", "only at-web-2", "remove web-3", "only"];
    assert_eq!(calls[5..11], expected);
    assert!(scene.running().iter().all(|version| version == "v1"), "{:?}", scene.running());
}

#[test]
fn an_alert_ends_a_release_and_so_does_nobody_who_could_say() {
    let judged = ROLLING.replace("surge = 1", "surge = 1, abort = [\"errors\"]");
    let scene = Scene::new(&judged);
    for (alarm, version, code) in [("{\"value\":[1,\"0.1\"]}", "v2", 6), ("none", "v2", 6), ("", "v3", 0)] {
        scene.write("alarm", &format!("{alarm}\n"));
        let calls = scene.deploy(version, code);
        assert!(calls.len() > 4, "{calls:?}");
        let expected = if code == 0 { "v3" } else { "v1" };
        assert!(scene.running().iter().all(|running| running == expected), "{alarm}: {:?}", scene.running());
    }
    // A release may be the cure of what holds before it.
    scene.write("burning", "");
    scene.write("alarm", "{\"value\":[1,\"0.1\"]}\n");
    scene.deploy("v4", 0);
    assert!(scene.running().iter().all(|running| running == "v4"), "{:?}", scene.running());
    let unknown = compiled(&stack(&judged.replace("[\"errors\"]", "[\"erors\"]")));
    assert_eq!(told(&unknown), ["there is no alert `erors`"]);
    let unjudged = stack(&judged).replace("service prometheus from prometheus {}", "");
    assert_eq!(
        told(&compiled(&unjudged.replace("use std.observe { prometheus }\n", ""))),
        ["compose cannot express `rollout.abort` of `web` where nothing observes metrics"]
    );
}

#[test]
fn blue_green_starts_unseen_switches_and_keeps_the_old_until_it_is_sure() {
    let scene = Scene::new(BLUE_GREEN);
    assert_eq!(
        scene.deploy("v2", 0),
        [
            "hide web-3",
            "name web-3 web-next",
            "hide web-4",
            "name web-4 web-next",
            "start web-3 web-4",
            "run web-smoke",
            "hide web-3",
            "name web-3 web",
            "hide web-4",
            "name web-4 web",
            "only at-web-3 at-web-4",
            "stop web-1 web-2",
            "remove web-1 web-2",
            "only",
        ]
    );
    assert_eq!((scene.running(), scene.leftovers()), (vec!["v2".to_owned(), "v2".to_owned()], 0));
}

#[test]
fn blue_green_gives_up_before_the_switch_and_goes_back_after_it() {
    let scene = Scene::new(BLUE_GREEN);
    scene.write("failing", "web-smoke\n");
    let calls = scene.deploy("v2", 6);
    assert_eq!(calls[4..], ["start web-3 web-4", "run web-smoke", "remove web-3 web-4"]);
    assert_eq!(scene.running(), ["v1", "v1"]);
    scene.write("failing", "none\n");
    scene.write("weak", "v3\n");
    let calls = scene.deploy("v3", 6);
    let expected =
        ["stop web-1 web-2", "start web-1 web-2", "only at-web-1 at-web-2", "remove web-5 web-6", "only"];
    assert_eq!(calls[calls.len() - 5..], expected);
    assert_eq!(scene.running(), ["v1", "v1"]);
}

#[test]
fn a_canary_gets_its_shares_and_then_everything_follows() {
    let scene = Scene::new(CANARY);
    assert_eq!(
        scene.deploy("v2", 0),
        [
            "hide web-3",
            "name web-3 web-next",
            "start web-3",
            "run web-smoke",
            "share 22",
            "run web-smoke",
            "share 200",
            "run web-smoke",
            "hide web-4",
            "name web-4 web-starting",
            "start web-4",
            "hide web-4",
            "name web-4 web",
            "only at-web-2 at-web-3 at-web-4",
            "stop web-1",
            "remove web-1",
            "hide web-5",
            "name web-5 web-starting",
            "start web-5",
            "hide web-5",
            "name web-5 web",
            "only at-web-3 at-web-4 at-web-5",
            "stop web-2",
            "remove web-2",
            "only",
            "share 0",
            "stop web-3",
            "remove web-3",
        ]
    );
    assert_eq!(scene.running(), ["v2", "v2"]);
}

#[test]
fn a_canary_that_fails_its_check_loses_its_share() {
    let scene = Scene::new(CANARY);
    scene.write("failing", "web-smoke\n");
    let calls = scene.deploy("v2", 6);
    assert_eq!(calls[2..], ["start web-3", "run web-smoke", "remove web-3"]);
    let scene = Scene::new(CANARY);
    scene.write("weak", "v2\n");
    let calls = scene.deploy("v2", 6);
    assert_eq!(calls[4..], ["share 22", "run web-smoke", "share 200", "share 0", "remove web-3"]);
    assert_eq!(scene.running(), ["v1", "v1"]);
}

#[test]
fn the_old_version_comes_back_by_the_same_way() {
    let scene = Scene::new(BLUE_GREEN);
    scene.deploy("v2", 0);
    let output = scene.ops(&["rollback"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(scene.running(), ["v1", "v1"]);
}

#[test]
fn the_web_server_is_told_where_it_shares_by_weight() {
    let configuration = |text: &str| {
        let compilation = compiled(text);
        let file = compilation.artifacts.iter().find(|file| file.path.ends_with("nginx.conf")).unwrap();
        file.text.clone()
    };
    for rollout in [ROLLING, BLUE_GREEN, CANARY] {
        let text = configuration(&stack(rollout));
        assert!(text.contains("server web:3000 resolve weight=100;"), "{text}");
        assert!(text.contains("include /tmp/rollout/web/*.conf;"), "{text}");
    }
    let counted =
        |rollout: &str| stack(rollout).replace("route \"/\"", "balance least_connections {}, route \"/\"");
    assert!(!configuration(&counted(ROLLING)).contains("/tmp/rollout"));
    assert!(configuration(&counted(CANARY)).contains("/tmp/rollout"));
    assert!(!configuration(&stack("recreate {}")).contains("/tmp/rollout"));
}

#[test]
fn what_cannot_be_released_so_is_said() {
    let says = |rollout: &str, change: (&str, &str)| -> Vec<String> {
        let text = stack(rollout).replace(change.0, change.1);
        told(&compiled(&text)).into_iter().map(ToOwned::to_owned).collect()
    };
    let health = ("health   { http = \"/health\" }", "");
    assert_eq!(
        says(ROLLING, health),
        ["compose cannot express the rollout `rolling` of `web` without a health check"]
    );
    let volume = ("replicas = 2", "volume \"/data\" {}");
    assert_eq!(
        says(ROLLING, volume),
        ["compose cannot express the rollout `rolling` of `web` beside storage of one instance"]
    );
    let port = ("replicas = 2", "publish { http = 3000 }");
    assert!(says(BLUE_GREEN, port)[0].contains("beside a port of the host"), "{:?}", says(BLUE_GREEN, port));
    let old = ("from nginx { }", "from nginx { version = \"1.24\" }");
    assert!(says(CANARY, old)[0].contains("of version 1.27.4 or newer"), "{:?}", says(CANARY, old));
    let job = ("verify = [\"smoke\"]", "verify = [\"smok\"]");
    assert_eq!(says(CANARY, job), ["`web` has no job `smok`"]);
    let steps = ("steps = [10%, 50%, 100%], ", "");
    assert_eq!(says(CANARY, steps), ["the canary of `web` has no steps"]);
}

#[test]
fn an_alert_sees_the_version_that_it_may_end() {
    let scraped = |rollout: &str| {
        let text = stack(rollout).replace("replicas = 2", "metrics { every = 5s }");
        let compilation = compiled(&format!("{text}\n{}", if text.contains("abort") { "" } else { JUDGED }));
        assert_eq!(told(&compilation), [""; 0]);
        let files = compilation.artifacts.into_iter();
        let mut configs = files.filter(|file| file.path == "deploy/production/prometheus/prometheus.yml");
        let text = configs.next().unwrap().text;
        text[text.find("job_name: web\n").unwrap()..].split("\n\n").next().unwrap().to_owned()
    };
    let canary = scraped(CANARY);
    assert!(
        canary.contains("          - web-next\n") && canary.contains("refresh_interval: \"5s\""),
        "{canary}"
    );
    let judged = scraped("rolling { abort = [\"errors\"] }");
    assert!(judged.contains("- names:\n          - web\n        type: A\n"), "{judged}");
    assert!(scraped(ROLLING).contains("static_configs"));
}

#[test]
fn what_is_not_there_yet_starts_with_the_others() {
    let scene = Scene::new(ROLLING);
    scene.deploy("v2", 0);
    let together = std::fs::read_to_string(scene.path("together")).unwrap();
    let started: Vec<&str> =
        together.lines().filter_map(|line| Some(line.split_once("--no-build ")?.1)).collect();
    assert_eq!(started, ["proxy web", "proxy"]);
}

/// The web server and the page both talk to the API: on its network, too, the web server looks for the page.
const CROSSED: &str = r#"
service api { image = "nginx:1.29-alpine", port = 4000, health { http = "/health" } }
ingress api { host = "api.example.com", through = proxy, route "/" -> api }
"#;

#[test]
fn a_new_version_is_not_found_on_networks_that_it_shares_with_who_looks_for_it() {
    let text = stack(BLUE_GREEN).replace("port     = 3000", "port = 3000\n  env { API = api.url }");
    let scene = Scene::of(&(text + CROSSED));
    let calls = scene.deploy("v2", 0);
    let start = calls.iter().position(|call| call.starts_with("start")).unwrap();
    for name in ["web-3", "web-4"] {
        assert!(calls[..start].contains(&format!("name {name} web-aside")), "{calls:?}");
    }
    assert_eq!(scene.running(), ["v2", "v2"]);
    assert!(!Scene::new(BLUE_GREEN).deploy("v2", 0).iter().any(|call| call.ends_with("-aside")));
}
