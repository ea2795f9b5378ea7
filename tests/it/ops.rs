//! The operations scripts of one machine, run for real by bash, with a `docker` that writes down its calls.
#![allow(clippy::disallowed_methods, reason = "tests write scripts and run them")]

use std::process::{Command, Output};

use stackc::emit::EMITTERS;
use stackc::source::MemoryFiles;

use crate::ops_scene::{Scene, text, with_secrets};

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
fn secrets_that_are_old_are_named() {
    let scene = with_secrets();
    let said =
        |scene: &Scene| text(&scene.ops("production", &["secrets"])).contains("card: older than 30 days");
    assert!(!said(&scene));
    let file = std::fs::File::open(scene.path("deploy/production/secrets/card")).unwrap();
    file.set_modified(std::time::UNIX_EPOCH).unwrap();
    assert!(said(&scene));
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
    let project = crate::compiled::project("");
    let compilation = crate::compiled::files(&project, &files, EMITTERS);
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
