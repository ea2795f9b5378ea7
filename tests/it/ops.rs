//! The operations scripts, run for real by bash, with a `docker` that writes down its calls.
#![allow(clippy::disallowed_methods, reason = "tests write scripts and run them")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use stackc::emit::EMITTERS;
use stackc::lock::Lock;
use stackc::project::Manifest;
use stackc::source::{MemoryFiles, SourceId};
use stackc::{Request, compile};

/// Answers like `docker`: every call is a line of `calls`; `fail` holds a pattern of calls that fail.
const DOCKER: &str = r#"#!/usr/bin/env bash
printf '%s\n' "$*" >>"${SCENE}/calls"
if [[ -s "${SCENE}/fail" ]] && grep --quiet --regexp "$(<"${SCENE}/fail")" <<<"$*"; then
  exit 9
fi
case "$*" in
  *"image inspect"*RepoDigests*) printf '%s@sha256:%s\n' "${5%:*}" "${RELEASE}" ;;
  *"image inspect"*) echo "sha256:1" ;;
  *"ps --all --quiet"*) echo "container" ;;
  inspect*) cat "${SCENE}/state" ;;
  *) ;;
esac
"#;

const STACK: &str = r#"
use std.data { postgres }
secret card { length = 8, generate = false, charset = any }
service db from postgres { }
service api {
  build { stage run { from = "node:22-alpine", workdir = "/app", copy = ["src"] } }
  command = ["node", "src/server.js"]
  port = 3000
  env { DATABASE_URL = db.url, CARD = secret.card }
  health { http = "/health" }
  job migrate { run = ["node", "src/migrate.js"] }
  ## Empties every table.
  job reset { run = ["node", "src/reset.js"], when = manual, destructive = true }
}
## Opens a client.
task db { service = db, run = ["psql", "--username", "app", "it's"] }
## Counts lines.
task count { run = ["wc", "-l", "stackc.toml"] }
environment production { release = "v1", target compose }
environment development { mode = development, target compose { project = "dev" } }
"#;

struct Scene {
    folder: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let manifest = "name = \"shop\"\nregistry = \"ghcr.io/acme/shop\"\n";
        let project = Manifest::parse(SourceId(0), manifest).unwrap().project("shop");
        let files = MemoryFiles([("main.stack".to_owned(), STACK.into())].into());
        let request = Request {
            entry: "main.stack",
            project: &project,
            lock: &Lock::default(),
            environments: &[],
            targets: EMITTERS,
        };
        let compilation = compile(&request, &files);
        let errors: Vec<_> = compilation.diagnostics.iter().filter(|problem| problem.is_error()).collect();
        assert!(errors.is_empty(), "{errors:?}");
        let scene = Self { folder: tempfile::tempdir().unwrap() };
        for artifact in compilation.artifacts.iter().filter(|artifact| artifact.executable) {
            scene.write(&artifact.path, &artifact.text);
        }
        scene.write("stackc.toml", manifest);
        scene.write("bin/docker", DOCKER);
        scene.write("state", "running healthy\n");
        scene
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

    fn ops(&self, environment: &str, arguments: &[&str]) -> Output {
        let bin = self.path("bin");
        let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
        let script = self.path(&format!("deploy/{environment}/ops"));
        let mut command = Command::new(script);
        command.args(arguments).env("PATH", path).env("SCENE", self.folder.path());
        command.env_remove("RELEASE").stdin(std::process::Stdio::null()).output().unwrap()
    }

    /// Runs a command of production that must end with this code; its calls of `docker`, without what all share.
    fn calls(&self, arguments: &[&str], code: i32) -> Vec<String> {
        let _ = std::fs::remove_file(self.path("calls"));
        let output = self.ops("production", arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", text(&output));
        let calls = std::fs::read_to_string(self.path("calls")).unwrap_or_default();
        let folder = std::fs::canonicalize(self.path("deploy/production")).unwrap();
        let shared =
            format!("compose --project-name shop-production --file {}/compose.yaml ", folder.display());
        calls.lines().map(|call| short(&call.replace(&shared, ""), &folder)).collect()
    }
}

fn short(call: &str, folder: &Path) -> String {
    call.replace(&format!("{}/", folder.display()), "")
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap() + &String::from_utf8(output.stderr.clone()).unwrap()
}

fn with_secrets() -> Scene {
    let scene = Scene::new();
    assert_eq!(scene.ops("production", &["secrets"]).status.code(), Some(3), "`card` is issued by somebody");
    scene.write("deploy/production/secrets/card", "12345678");
    assert_eq!(scene.ops("production", &["secrets"]).status.code(), Some(0));
    scene
}

#[test]
fn help_lists_every_command_and_explains_each() {
    let scene = Scene::new();
    let help = text(&scene.ops("production", &["--help"]));
    let commands: Vec<&str> = help
        .lines()
        .filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next())
        .filter(|word| !word.starts_with('-'))
        .collect();
    assert!(
        ["up", "deploy", "rollback", "migrate", "clean", "db", "count"]
            .iter()
            .all(|name| commands.contains(name))
    );
    for command in commands {
        let output = scene.ops("production", &[command, "--help"]);
        assert!(output.status.success());
        assert!(text(&output).starts_with(&format!("Usage: ops {command}")), "{}", text(&output));
    }
    assert!(!scene.path("calls").exists(), "help starts nothing");
}

#[test]
fn wrong_use_has_a_code_of_its_own_and_starts_nothing() {
    let scene = with_secrets();
    for arguments in
        [&["fly"][..], &["--fly"], &[], &["restart", "nobody"], &["deploy", "a b"], &["down", "x"]]
    {
        assert_eq!(scene.calls(arguments, 2), [""; 0], "{arguments:?}");
    }
}

#[test]
fn a_release_is_pulled_migrated_once_and_started_by_digest() {
    let scene = with_secrets();
    let calls = scene.calls(&["deploy", "v2"], 0);
    let pins = "--file .ops/next.yaml ";
    assert_eq!(calls[0], "--profile * pull --quiet");
    assert!(calls[1].starts_with("image inspect"));
    let rest: Vec<&String> = calls.iter().filter(|call| call.starts_with("--file")).collect();
    assert_eq!(
        rest,
        [
            &format!("{pins}up --detach --wait --no-deps --no-recreate db"),
            &format!("{pins}run --rm --no-deps -T api-migrate"),
            &format!("{pins}up --detach --wait --no-deps --no-build api db"),
        ]
    );
    let current = std::fs::read_to_string(scene.path("deploy/production/.ops/current.yaml")).unwrap();
    assert!(current.contains("  api:\n    image: ghcr.io/acme/shop/api@sha256:v2\n"), "{current}");
    assert_eq!(scene.calls(&["status"], 0), ["--file .ops/current.yaml ps --all"]);
}

#[test]
fn a_release_that_is_not_healthy_is_undone() {
    let scene = with_secrets();
    scene.calls(&["deploy", "v1"], 0);
    scene.write("fail", "next.yaml up .* --no-build");
    let calls = scene.calls(&["deploy", "v2"], 9);
    assert_eq!(
        calls.last().unwrap(),
        "--file .ops/current.yaml up --detach --wait --no-deps --no-build api db"
    );
    let current = std::fs::read_to_string(scene.path("deploy/production/.ops/current.yaml")).unwrap();
    assert!(current.contains("@sha256:v1"), "{current}");
}

#[test]
fn a_failed_migration_switches_nothing() {
    let scene = with_secrets();
    scene.write("fail", "api-migrate$");
    let calls = scene.calls(&["deploy", "v2"], 9);
    assert!(calls.last().unwrap().ends_with("run --rm --no-deps -T api-migrate"));
}

#[test]
fn rollback_goes_to_the_release_before_and_forth_again() {
    let scene = with_secrets();
    assert_eq!(scene.calls(&["rollback"], 3), [""; 0], "there is none yet");
    scene.calls(&["deploy", "v1"], 0);
    scene.calls(&["deploy", "v2"], 0);
    let current = || std::fs::read_to_string(scene.path("deploy/production/.ops/current.yaml")).unwrap();
    scene.calls(&["rollback"], 0);
    assert!(current().contains("@sha256:v1"));
    scene.calls(&["rollback"], 0);
    assert!(current().contains("@sha256:v2"));
}

#[test]
fn what_destroys_data_asks_first() {
    let scene = with_secrets();
    for arguments in [&["clean", "--volumes"][..], &["down"], &["job", "api-reset"]] {
        assert_eq!(scene.calls(arguments, 4), [""; 0], "{arguments:?}");
    }
    let calls = scene.calls(&["clean", "--volumes", "--yes"], 0);
    assert_eq!(calls.last().unwrap(), "volume rm --force shop-production_db-data");
    assert_eq!(scene.calls(&["--yes", "job", "api-reset", "--all"], 0), ["run --rm api-reset --all"]);
}

#[test]
fn a_dry_run_changes_nothing() {
    let scene = Scene::new();
    for arguments in [&["deploy"][..], &["clean", "--volumes"], &["migrate"], &["up"], &["db"]] {
        let mut all = vec!["--dry-run"];
        all.extend(arguments);
        assert_eq!(scene.calls(&all, 0), [""; 0], "{arguments:?}");
    }
    assert!(!scene.path("deploy/production/.ops").exists());
    scene.calls(&["secrets", "--dry-run"], 3);
    assert!(!scene.path("deploy/production/secrets").exists());
}

#[test]
fn one_command_at_a_time() {
    let scene = with_secrets();
    let lock = std::fs::File::create(scene.path("deploy/production/.ops/lock")).unwrap();
    rustix::fs::flock(&lock, rustix::fs::FlockOperation::LockExclusive).unwrap();
    assert_eq!(scene.calls(&["deploy", "v2"], 5), [""; 0]);
    assert_eq!(scene.calls(&["status"], 0), ["ps --all"], "reading needs no lock");
}

#[test]
fn health_is_told_by_the_exit_code() {
    let scene = with_secrets();
    scene.calls(&["health"], 0);
    for state in ["running unhealthy\n", "exited\n", "running starting\n"] {
        scene.write("state", state);
        scene.calls(&["health"], 6);
    }
}

#[test]
fn made_up_secrets_are_long_enough_and_never_changed() {
    let scene = with_secrets();
    let file = scene.path("deploy/production/secrets/db_password");
    let value = std::fs::read_to_string(&file).unwrap();
    assert_eq!(value.len(), 32);
    assert!(value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{value}");
    scene.ops("production", &["secrets"]);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), value);
}

#[test]
fn tasks_run_in_their_container_or_in_the_project() {
    let scene = with_secrets();
    assert_eq!(
        scene.calls(&["db", "-c", "select 1"], 0),
        ["exec -T db psql --username app it's -c select 1"]
    );
    let output = scene.ops("production", &["count"]);
    assert_eq!(text(&output), "2 stackc.toml\n");
}

#[test]
fn development_has_no_releases() {
    let scene = Scene::new();
    let help = text(&scene.ops("development", &["--help"]));
    assert!(help.contains("  build ") && !help.contains("  deploy "), "{help}");
    assert_eq!(scene.ops("development", &["deploy"]).status.code(), Some(2));
}

#[test]
fn a_task_cannot_hide_a_command() {
    let source = "service a { image = \"nginx:1.30\" }\ntask logs { run = [\"true\"] }\nenvironment e { target compose }\n";
    let files = MemoryFiles([("main.stack".to_owned(), source.into())].into());
    let project = Manifest::parse(SourceId(0), "").unwrap().project("shop");
    let lock = Lock::default();
    let request =
        Request { entry: "main.stack", project: &project, lock: &lock, environments: &[], targets: EMITTERS };
    let compilation = compile(&request, &files);
    let messages: Vec<&str> = compilation
        .diagnostics
        .iter()
        .filter(|problem| problem.is_error())
        .map(|problem| &*problem.message)
        .collect();
    assert_eq!(messages, ["the task `logs` has the name of a command that every `ops` script has"]);
}
