//! The saver of an `SQLite` file, run for real by a shell. `sqlite3` is a stand-in over text files: it knows the one
//! thing that matters here, that a part of the data is in the log beside the file.
#![allow(clippy::disallowed_methods, reason = "tests write scripts and run them")]

use std::path::PathBuf;
use std::process::{Command, Output};

use stackc::Compilation;
use stackc::emit::EMITTERS;
use stackc::source::MemoryFiles;

const STACK: &str = r#"
use std.sqlite { sqlite }
service notes {
  image = "ghcr.io/acme/notes:1"
  user  = "1001:1001"
  port  = 3000
  volume "/app/data" { SHARED }
  health { command = ["node", "probe.js"] }
  backup from sqlite { file = "/app/data/app.db", keep = 7d, rehearse = "0 4 1 * *" }
}
environment production { target compose }
environment cluster { target kubernetes }
"#;

const SQLITE: &str = r#"#!/bin/sh
for last in "$@"; do :; done
for word in "$@"; do case "${word}" in *.db | *.restored) file="${word}" ;; esac; done
case "${last}" in
  ".backup '"*) copy="${last#*\'}"; cat "${file}" "${file}-wal" >"${copy%\'}" 2>/dev/null || true ;;
  "PRAGMA journal_mode=DELETE") echo delete ;;
  "PRAGMA integrity_check") if grep -q '^database' "${file}"; then echo ok; else echo broken; fi ;;
  "PRAGMA foreign_key_check") ;;
  "SELECT count(*) FROM sqlite_schema") wc -l <"${file}" ;;
  *) exit 9 ;;
esac
"#;

fn built(stack: &str) -> Compilation {
    let project = crate::compiled::project("name = \"shop\"\n");
    let files = MemoryFiles([("main.stack".to_owned(), stack.into())].into());
    let compilation = crate::compiled::files(&project, &files, EMITTERS);
    let errors: Vec<_> = compilation.diagnostics.iter().filter(|problem| problem.is_error()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    compilation
}

fn artifact(compilation: &Compilation, path: &str) -> String {
    crate::compiled::artifact(compilation, path).to_owned()
}

struct Scene {
    folder: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        use std::os::unix::fs::PermissionsExt;
        let scene = Self { folder: tempfile::tempdir().unwrap() };
        for folder in ["bin", "copies", "data"] {
            std::fs::create_dir(scene.path(folder)).unwrap();
        }
        let script = artifact(&built(&STACK.replace("SHARED", "")), "deploy/production/backup/notes.sh");
        let folder = format!("FOLDER={}", scene.path("copies").display());
        std::fs::write(scene.path("backup.sh"), script.replace("FOLDER=/var/tmp", &folder)).unwrap();
        std::fs::write(scene.path("bin/sqlite3"), SQLITE).unwrap();
        std::fs::set_permissions(scene.path("bin/sqlite3"), std::fs::Permissions::from_mode(0o755)).unwrap();
        scene
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        std::fs::write(self.path(path), text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).unwrap()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let path = format!("{}:{}", self.path("bin").display(), std::env::var("PATH").unwrap());
        let mut command = Command::new("sh");
        command.arg(self.path("backup.sh")).args(arguments).env("PATH", path);
        command.env("DATABASE", self.path("data/app.db")).output().unwrap()
    }

    /// The copies, without those that are not finished.
    fn copies(&self) -> Vec<String> {
        let listed = self.run(&["list"]);
        String::from_utf8(listed.stdout).unwrap().lines().map(str::to_owned).collect()
    }
}

#[test]
fn a_copy_has_what_is_in_the_log_and_a_restore_brings_no_later_write_back() {
    let scene = Scene::new();
    scene.write("data/app.db", "database\none\n");
    scene.write("data/app.db-wal", "two\n");
    scene.write("data/app.db-shm", "");
    assert!(scene.run(&["save"]).status.success());
    assert!(scene.run(&["verify"]).status.success());
    assert!(scene.run(&["rehearse"]).status.success());
    let copies = scene.copies();
    assert!(
        matches!(&*copies, [copy] if copy.starts_with("notes_2") && copy.ends_with(".db.gz")),
        "{copies:?}"
    );
    scene.write("data/app.db", "database\none\ntwo\n");
    scene.write("data/app.db-wal", "three\n");
    assert!(scene.run(&["restore"]).status.success());
    assert_eq!(scene.read("data/app.db"), "database\none\ntwo\n");
    let left: Vec<_> =
        std::fs::read_dir(scene.path("data")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["app.db"], "no log remains that would be replayed");
}

#[test]
fn what_is_broken_is_neither_published_nor_put_back() {
    let scene = Scene::new();
    assert!(!scene.run(&["save"]).status.success(), "there is no database");
    scene.write("data/app.db", "garbage\n");
    assert!(!scene.run(&["save"]).status.success());
    assert_eq!(scene.copies(), [""; 0]);
    assert!(scene.path("copies/.failed").exists(), "the health check sees it");
    scene.write("data/app.db", "database\n");
    assert!(scene.run(&["save"]).status.success());
    assert!(!scene.path("copies/.failed").exists());
    let copy = scene.copies().remove(0);
    scene.write(&format!("copies/{copy}"), "garbage\n");
    scene.write("data/app.db", "database\nnow\n");
    assert!(!scene.run(&["restore"]).status.success());
    assert_eq!(scene.read("data/app.db"), "database\nnow\n", "the data is as it was");
}

#[test]
fn in_a_cluster_the_copy_is_made_where_the_volume_is() {
    let own = artifact(&built(&STACK.replace("SHARED", "")), "deploy/cluster/kubernetes/notes.yaml");
    assert!(own.contains("claimName: notes-data-notes-0\n"), "the claim of the stateful set\n{own}");
    assert_eq!(own.matches("requiredDuringSchedulingIgnoredDuringExecution").count(), 2, "save and rehearse");
    assert!(!own.contains("the backup of notes"), "nothing calls it over the network\n{own}");
    let shared =
        artifact(&built(&STACK.replace("SHARED", "shared = true")), "deploy/cluster/kubernetes/notes.yaml");
    assert!(shared.contains("claimName: notes-data\n"), "{shared}");
    assert!(!shared.contains("requiredDuringScheduling"), "several machines may mount it");
}

#[test]
fn files_of_several_instances_are_not_saved_in_silence() {
    let cluster = STACK.replace("environment production { target compose }\n", "").replace("SHARED", "");
    let built = built(&cluster.replace("  port  = 3000", "  port = 3000\n  replicas = 2"));
    let messages: Vec<&str> = built.diagnostics.iter().map(|problem| &*problem.message).collect();
    let about = messages.iter().filter(|message| message.contains("files of several instances"));
    assert_eq!(about.count(), 1, "{messages:?}");
}

#[test]
fn a_release_is_preceded_by_a_copy_but_for_the_first() {
    let stack = STACK.replace("SHARED", "");
    let asked = built(&stack.replace("keep = 7d", "keep = 7d, before_rollout = true"));
    let deploy = |built: &Compilation, path: &str| {
        let script = artifact(built, path);
        script.split_once("command_deploy() {").unwrap().1.to_owned()
    };
    let compose = "deploy/production/ops";
    assert!(!deploy(&built(&stack), compose).contains("saving notes"));
    let guarded =
        "if [[ -e \"${STATE}/releases\" ]]; then\n    say \"saving notes\"\n    run saver notes save\n  fi\n";
    assert!(deploy(&asked, compose).contains(guarded), "{}", deploy(&asked, compose));
    let cluster = deploy(&asked, "deploy/cluster/ops");
    assert!(
        cluster.contains("get cronjob/notes-backup") && cluster.contains("run run_job notes-backup"),
        "{cluster}"
    );
}

#[test]
fn on_one_machine_the_saver_has_the_data_and_no_network() {
    let compose = artifact(&built(&STACK.replace("SHARED", "")), "deploy/production/compose.yaml");
    let (_, saver) = compose.split_once("\n  notes-backup:\n").unwrap();
    let (saver, _) = saver.split_once("\n  notes-rehearse:\n").unwrap();
    for line in
        ["- notes-backup:/var/tmp", "- notes-data:/app/data", "network_mode: none", "user: \"1001:1001\""]
    {
        assert!(saver.contains(line), "{line}\n{saver}");
    }
    let ops = artifact(&built(&STACK.replace("SHARED", "")), "deploy/production/ops");
    assert!(ops.contains("notes) restore notes \"${copy}\" notes ;;"), "it stands still meanwhile\n{ops}");
}
