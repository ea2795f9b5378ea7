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
  *"db-backup /backup.sh list") printf 'db_1.dump\ndb_2.dump\n' ;;
  inspect*) cat "${SCENE}/state" ;;
  *) ;;
esac
"#;

/// Answers like `kubectl`, in the same way; jobs whose name matches `broken` fail.
const KUBECTL: &str = r#"#!/usr/bin/env bash
printf '%s\n' "$*" >>"${SCENE}/calls"
if [[ -s "${SCENE}/fail" ]] && grep --quiet --regexp "$(<"${SCENE}/fail")" <<<"$*"; then
  exit 9
fi
case "$*" in
  *"create --filename -") cat >/dev/null ;;
  *"get job/"*)
    if [[ -s "${SCENE}/broken" ]] && tail -n 6 "${SCENE}/calls" | grep --quiet --regexp "$(<"${SCENE}/broken")"; then
      echo "FailureTarget Failed"
    else
      echo "SuccessCriteriaMet Complete"
    fi
    ;;
  *"get deployment/"*) echo 3 ;;
  *"logs job/"*) printf 'db_1.dump\ndb_2.dump\n' ;;
  *) ;;
esac
"#;

const STACK: &str = r#"
use std.data { postgres }
secret card { length = 8, generate = false, charset = any }
service db from postgres { backup { enabled = true, rehearse = "0 4 1 * *" } }
secret storage { generate = false }
service store from postgres {
  enabled = false
  backup { enabled = true, offsite = "s3://copies/shop", credentials = secret.storage }
}
service files {
  image = "alpine:3.24"
  command = ["sleep", "1d"]
  volume "/data" {}
  backup {
    schedule = "*/5 * * * *"
    suffix   = "txt"
    dump     = ["echo saved >\"$${BACKUP_FILE}\""]
    verify   = ["grep -q saved \"$${BACKUP_FILE}\""]
    restore  = ["cat \"$${BACKUP_FILE}\""]
  }
}
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
environment cluster { target kubernetes { namespace = "shop" }, service store { enabled = true } }
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
        scene.write("bin/kubectl", KUBECTL);
        scene.write("bin/sleep", "#!/bin/sh\n");
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
            &format!(
                "{pins}up --detach --wait --no-deps --no-build api db db-backup db-rehearse files files-backup"
            ),
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
        "--file .ops/current.yaml up --detach --wait --no-deps --no-build api db db-backup db-rehearse files files-backup"
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
    assert_eq!(calls.last().unwrap(), "volume rm --force shop-production_db-data shop-production_files-data");
    assert_eq!(
        scene.calls(&["--yes", "job", "api-reset", "--all"], 0),
        ["run --rm --no-deps api-reset --all"]
    );
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

#[test]
fn data_is_saved_before_it_is_put_back_and_users_wait() {
    let scene = with_secrets();
    assert_eq!(scene.calls(&["restore", "db"], 4), [format!("{SAVER} list")], "it asks");
    let calls = scene.calls(&["restore", "db", "--yes"], 0);
    let expected = [
        format!("{SAVER} list"),
        format!("{SAVER} verify db_2.dump"),
        "up --detach --wait --no-deps --no-recreate db".to_owned(),
        format!("{SAVER} save"),
        "stop api".to_owned(),
        format!("{SAVER} restore db_2.dump"),
        "up --detach --wait --no-deps api".to_owned(),
    ];
    assert_eq!(calls, expected);
    scene.write("fail", "restore db_1");
    let calls = scene.calls(&["restore", "db", "db_1.dump", "--yes"], 9);
    assert_eq!(calls.last().unwrap(), "up --detach --wait --no-deps api", "users come back in any case");
    scene.write("fail", "verify");
    let calls = scene.calls(&["restore", "db", "db_1.dump", "--yes"], 9);
    assert_eq!(calls, [format!("{SAVER} verify db_1.dump")], "a broken copy changes nothing");
    scene.write("fail", "backup.sh save");
    let calls = scene.calls(&["restore", "db", "db_1.dump", "--yes"], 0);
    assert!(calls.contains(&format!("{SAVER} restore db_1.dump")), "broken data must not prevent its repair");
}

const SAVER: &str = "run --rm --no-deps -T db-backup /backup.sh";

#[test]
fn backups_and_rehearsals_name_their_service() {
    let scene = with_secrets();
    let files = "run --rm --no-deps -T files-backup /backup.sh save";
    assert_eq!(scene.calls(&["backup"], 0), [format!("{SAVER} save"), files.to_owned()]);
    assert_eq!(scene.calls(&["backup", "api"], 2), [""; 0]);
    assert_eq!(scene.calls(&["rehearse", "db"], 0), [format!("{SAVER} rehearse")]);
    assert_eq!(scene.calls(&["rehearse", "files"], 2), [""; 0]);
}

/// Runs the script of the backup of `files` on a folder of the scene.
fn saver(scene: &Scene, arguments: &[&str]) -> Output {
    let script = std::fs::read_to_string(scene.path("deploy/production/backup/files.sh")).unwrap();
    let folder = scene.path("copies");
    std::fs::create_dir_all(&folder).unwrap();
    scene.write("files.sh", &script.replace("FOLDER=/data", &format!("FOLDER={}", folder.display())));
    Command::new("sh").arg(scene.path("files.sh")).args(arguments).output().unwrap()
}

#[test]
fn a_copy_is_published_only_when_it_can_be_read_back() {
    let scene = Scene::new();
    assert_eq!(saver(&scene, &["restore"]).status.code(), Some(3), "there is none yet");
    let saved = text(&saver(&scene, &["save"]));
    let name = saved.trim().strip_prefix("saved ").unwrap().to_owned();
    assert!(name.starts_with("files_2") && name.contains(".txt"), "{name}");
    assert_eq!(text(&saver(&scene, &["list"])), format!("{name}\n"));
    assert_eq!(text(&saver(&scene, &["restore", &name])), format!("saved\nrestored {name}\n"));
    assert_eq!(saver(&scene, &["restore", "../files.sh"]).status.code(), Some(3));
    scene.write(&format!("copies/{name}"), "broken");
    assert_eq!(saver(&scene, &["restore", &name]).status.code(), Some(1));
    let script = scene.path("deploy/production/backup/files.sh");
    let broken = std::fs::read_to_string(&script).unwrap().replace("echo saved", "echo broken");
    std::fs::write(&script, broken).unwrap();
    assert_eq!(saver(&scene, &["save"]).status.code(), Some(1));
    assert!(scene.path("copies/.failed").exists(), "the health check sees it");
    assert_eq!(text(&saver(&scene, &["list"])), format!("{name}\n"), "no broken copy is published");
}

/// `date` of a moment: minute, hour, day, month, weekday, second.
const CLOCK: &str = "#!/bin/sh
case \"$2\" in
  '+%M %S') echo \"${NOW%% *} ${NOW##* }\" ;;
  *) echo \"${NOW}\" ;;
esac
";

#[test]
fn a_schedule_runs_its_command_at_its_minutes() {
    let scene = Scene::new();
    // A clock that stands still, and a sleep that ends the loop.
    scene.write("bin/date", CLOCK);
    scene.write("bin/sleep", "#!/bin/sh\nkill -TERM \"${PPID}\"\n");
    let run = |now: &str, fields: [&str; 5]| {
        let path = format!("{}:{}", scene.path("bin").display(), std::env::var("PATH").unwrap());
        let mut command = Command::new("sh");
        command.arg(scene.path("deploy/production/schedule.sh")).args(fields).args(["echo", "due"]);
        text(&command.env("PATH", path).env("NOW", now).output().unwrap())
    };
    let daily = [",00,", ",02,", "*", "*", "*"];
    // Saturday, 21 November, 02:00:08 and 02:01.
    assert_eq!(run("00 02 21 11 6 08", daily), "due\n");
    assert_eq!(run("01 02 21 11 6 08", daily), "");
    assert_eq!(run("00 03 21 11 6 08", daily), "");
    let either = [",00,", "*", ",21,", "*", ",1,"];
    assert_eq!(run("00 03 21 11 6 08", either), "due\n", "the day of the month is enough");
    assert_eq!(run("00 03 20 11 1 08", either), "due\n", "the day of the week is enough");
    assert_eq!(run("00 03 20 11 6 08", either), "");
    assert_eq!(run("00 03 20 11 1 08", ["*", "*", "*", ",12,", ",1,"]), "");
}

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
    assert_eq!(calls.last().unwrap(), "rollout undo deployment/api");
    assert_eq!(cluster(&scene, &["health"], 6).len(), 4, "all are asked");
}

/// How a job is asked whether it ended.
const ENDS: &str = "--output jsonpath={.status.conditions[?(@.status==\"True\")].type}";

/// The calls that make jobs and stop and start what uses data, without the names of jobs.
fn changes(calls: &[String]) -> Vec<String> {
    let kept =
        calls.iter().filter(|call| ["patch", "scale", "wait"].iter().any(|word| call.starts_with(word)));
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
        "wait --for=delete pod --selector app.kubernetes.io/name=api --timeout=10m".to_owned(),
        script(r#""restore", "db_2.dump""#),
        "scale --replicas 3 deployment/api".to_owned(),
    ];
    assert_eq!(changes(&calls), expected);
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
