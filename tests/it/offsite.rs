//! Copies that leave the machine, brought away and back by a shell. `rclone` is a stand-in over a folder, which holds
//! what is sealed only for those who know the key.
#![allow(clippy::disallowed_methods, reason = "tests write scripts and run them")]

use std::path::PathBuf;
use std::process::{Command, Output};

use stackc::emit::EMITTERS;

const STACK: &str = r#"
use std.data { postgres }
secret store { generate = false }
secret key { length = 32 }
service db from postgres {
  backup { enabled = true, offsite = "s3://copies/shop", credentials = secret.store, encrypt = secret.key, keep_offsite = 365d }
}
environment production { target compose }
"#;

const RCLONE: &str = r#"#!/bin/sh
set -eu
printf '%s\n' "$*" >>"${SCENE}/calls"
if [ "$1" = obscure ]; then
  cat
  exit
fi
[ "$1 $2" = "--config /notfound" ]
[ "${RCLONE_CONFIG_SEALED_PASSWORD} ${RCLONE_CONFIG_SEALED_REMOTE}" = "the-key store:copies/shop" ]
[ -r "${AWS_SHARED_CREDENTIALS_FILE}" ]
place() { if [ "$1" = sealed: ]; then echo "${SCENE}/store"; else echo "$1"; fi; }
case "$3 $4" in
  "copy --immutable") for file in "$7"/$6; do cp "${file}" "$(place "$8")/sealed-${file##*/}"; done ;;
  "copy --include")
    for file in "$(place "$6")"/sealed-$5; do
      [ ! -e "${file}" ] || cp "${file}" "$7/${file##*/sealed-}"
    done
    ;;
  "delete --min-age") find "${SCENE}/store" -name "sealed-$7" -mtime "+${5%d}" -delete ;;
  "lsf sealed:") for file in "${SCENE}"/store/*; do echo "${file##*/sealed-}"; done ;;
  *) exit 9 ;;
esac
"#;

struct Scene {
    folder: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        use std::os::unix::fs::PermissionsExt;
        let scene = Self { folder: tempfile::tempdir().unwrap() };
        for folder in ["bin", "copies", "store", "secrets"] {
            std::fs::create_dir(scene.path(folder)).unwrap();
        }
        let script = script().replace("/run/secrets", scene.path("secrets").to_str().unwrap());
        let own = script.lines().find(|line| line.starts_with("FOLDER=")).unwrap();
        scene
            .write("offsite.sh", &script.replace(own, &format!("FOLDER={}", scene.path("copies").display())));
        scene.write("secrets/key", "the-key");
        scene.write("secrets/store", "");
        scene.write("bin/rclone", RCLONE);
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(scene.path("bin/rclone"), mode).unwrap();
        scene
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        std::fs::write(self.path(path), text).unwrap();
    }

    fn names(&self, folder: &str) -> Vec<String> {
        let found = std::fs::read_dir(self.path(folder)).unwrap();
        let mut names: Vec<_> = found.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let path = format!("{}:{}", self.path("bin").display(), std::env::var("PATH").unwrap());
        let mut command = Command::new("sh");
        command.arg(self.path("offsite.sh")).args(arguments).env("PATH", path);
        command.env("SCENE", self.folder.path()).output().unwrap()
    }
}

/// The script of the stack.
fn script() -> String {
    let project = crate::compiled::project("name = \"shop\"\n");
    let compilation = crate::compiled::text(&project, STACK, EMITTERS);
    let errors: Vec<_> = compilation.diagnostics.iter().filter(|problem| problem.is_error()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    crate::compiled::artifact(&compilation, "deploy/production/backup/db-offsite.sh").to_owned()
}

#[test]
fn finished_copies_leave_sealed_and_come_back() {
    let scene = Scene::new();
    scene.write("copies/db_1.dump", "one");
    scene.write("copies/db_2.dump", "two");
    scene.write("copies/.db_3.dump", "half");
    assert!(scene.run(&["push"]).status.success());
    assert_eq!(scene.names("store"), ["sealed-db_1.dump", "sealed-db_2.dump"]);
    assert_eq!(String::from_utf8(scene.run(&["list"]).stdout).unwrap(), "db_1.dump\ndb_2.dump\n");
    for name in ["db_1.dump", "db_2.dump"] {
        std::fs::remove_file(scene.path(&format!("copies/{name}"))).unwrap();
    }
    assert!(scene.run(&["fetch", "db_2.dump"]).status.success());
    assert_eq!(scene.names("copies"), [".db_3.dump", "db_2.dump"]);
    assert!(scene.run(&["fetch"]).status.success());
    assert_eq!(scene.names("copies"), [".db_3.dump", "db_1.dump", "db_2.dump"]);
    let calls = std::fs::read_to_string(scene.path("calls")).unwrap();
    assert!(!calls.contains("the-key"), "a command line shows the key: {calls}");
}

#[test]
fn old_copies_go_there_too_and_a_copy_that_is_not_there_is_an_error() {
    let scene = Scene::new();
    scene.write("copies/db_1.dump", "one");
    scene.write("store/sealed-db_0.dump", "old");
    let old = std::time::SystemTime::now() - std::time::Duration::from_hours(400 * 24);
    let file = std::fs::File::options().write(true).open(scene.path("store/sealed-db_0.dump")).unwrap();
    file.set_modified(old).unwrap();
    assert!(scene.run(&["push"]).status.success());
    assert_eq!(scene.names("store"), ["sealed-db_1.dump"]);
    let missing = scene.run(&["fetch", "db_7.dump"]);
    let said = String::from_utf8(missing.stderr).unwrap();
    assert_eq!(
        (missing.status.code(), said.as_str()),
        (Some(1), "there is no copy db_7.dump at s3://copies/shop\n")
    );
    assert_eq!(scene.run(&["steal"]).status.code(), Some(2));
}
