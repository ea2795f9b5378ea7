//! A stack whose operations scripts run for real, with a `docker` and a `kubectl` that write down their calls. Must not
//! assert what a script does.
#![allow(clippy::disallowed_methods, reason = "tests write scripts and run them")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use stackc::emit::EMITTERS;
use stackc::source::MemoryFiles;

/// Answers like `docker`: every call is a line of `calls`; `fail` holds a pattern of calls that fail.
const DOCKER: &str = r#"#!/usr/bin/env bash
printf '%s\n' "$*" >>"${SCENE}/calls"
if [[ -s "${SCENE}/fail" ]] && grep --quiet --regexp "$(<"${SCENE}/fail")" <<<"$*"; then
  exit 9
fi
case "$*" in
  *"image inspect"*RepoDigests*) name="${5%:*}" && printf '%s@sha256:%s\n' "${name#docker.io/}" "${RELEASE}" ;;
  *"image inspect"*) printf 'sha256:%010d%s\n' 0 "$(cat "${SCENE}/content")1" ;;
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
  "apply --filename "*release.yaml) [[ ! -s "${SCENE}/changed" ]] || echo 2 >"${SCENE}/revision" ;;
  *"get deployment/api "*revision*) cat "${SCENE}/revision" ;;
  *"get deployment/api "*beforeRelease*) cat "${SCENE}/before" ;;
  *"annotate --overwrite deployment/api "*) line="$*" && echo "${line##*=}" >"${SCENE}/before" ;;
  *"get job/"*)
    if [[ -s "${SCENE}/broken" ]] && tail -n 6 "${SCENE}/calls" | grep --quiet --regexp "$(<"${SCENE}/broken")"; then
      echo "FailureTarget Failed"
    else
      echo "SuccessCriteriaMet Complete"
    fi
    ;;
  *"get pods"*) cat "${SCENE}/pods" ;;
  *"get deployment/"*readyReplicas*) cat "${SCENE}/ready" ;;
  *"get deployment/"*) echo 3 ;;
  diff*) exit 1 ;;
  *"logs job/"*) printf 'db_1.dump\ndb_2.dump\n' ;;
  *) ;;
esac
"#;

pub(crate) const STACK: &str = r#"
use std.data { postgres }
secret card { length = 8, generate = false, charset = any, rotate = 30d }
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

pub(crate) struct Scene {
    folder: tempfile::TempDir,
}

impl Scene {
    pub(crate) fn new() -> Self {
        Self::of(STACK)
    }

    pub(crate) fn of(stack: &str) -> Self {
        Self::with(stack, "name = \"shop\"\nregistry = \"ghcr.io/acme/shop\"\n")
    }

    pub(crate) fn with(stack: &str, manifest: &str) -> Self {
        let project = crate::compiled::project(manifest);
        let files = MemoryFiles([("main.stack".to_owned(), stack.into())].into());
        let compilation = crate::compiled::files(&project, &files, EMITTERS);
        let errors: Vec<_> = compilation.diagnostics.iter().filter(|problem| problem.is_error()).collect();
        assert!(errors.is_empty(), "{errors:?}");
        let scene = Self { folder: tempfile::tempdir().unwrap() };
        for artifact in compilation.artifacts.iter().filter(|artifact| artifact.executable) {
            scene.write(&artifact.path, &artifact.text);
        }
        scene.write("stackc.toml", manifest);
        scene.write("bin/docker", DOCKER);
        scene.write("bin/kubectl", KUBECTL);
        scene.write("ready", "3\n");
        scene.write("pods", "");
        scene.write("content", "a");
        scene.write("revision", "1\n");
        scene.write("before", "");
        scene.write("bin/sleep", "#!/bin/sh\n");
        scene.write("state", "running healthy\n");
        scene
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        use std::os::unix::fs::PermissionsExt;
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    pub(crate) fn ops(&self, environment: &str, arguments: &[&str]) -> Output {
        let bin = self.path("bin");
        let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
        let script = self.path(&format!("deploy/{environment}/ops"));
        let mut command = Command::new(script);
        command.args(arguments).env("PATH", path).env("SCENE", self.folder.path());
        command.env_remove("RELEASE").stdin(std::process::Stdio::null()).output().unwrap()
    }

    /// Runs a command of production that must end with this code; its calls of `docker`, without what all share.
    pub(crate) fn calls(&self, arguments: &[&str], code: i32) -> Vec<String> {
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

pub(crate) fn short(call: &str, folder: &Path) -> String {
    call.replace(&format!("{}/", folder.display()), "")
}

pub(crate) fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap() + &String::from_utf8(output.stderr.clone()).unwrap()
}

pub(crate) fn with_secrets() -> Scene {
    let scene = Scene::new();
    assert_eq!(scene.ops("production", &["secrets"]).status.code(), Some(3), "`card` is issued by somebody");
    scene.write("deploy/production/secrets/card", "12345678");
    assert_eq!(scene.ops("production", &["secrets"]).status.code(), Some(0));
    scene
}
