//! What stands between people and services on one machine: the web server's configuration, and deployments by ssh
//! whose scripts run against a recorded `ssh` and `rsync`.
#![allow(clippy::disallowed_methods, reason = "goldens are files, and scripts under test are run by a shell")]

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use stackc::Compilation;
use stackc::emit::Emitter;
use stackc::emit::github_actions::GithubActions;
use stackc::emit::nginx::Nginx;
use stackc::model::Project;

use crate::golden;
use crate::ui::project;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/emit").join(name)
}

fn built(text: &str, project: &Project, target: &'static dyn Emitter) -> Compilation {
    crate::compiled::text(project, text, &[target])
}

/// What the phases say; rules have tests of their own.
fn messages(compilation: &Compilation) -> Vec<&str> {
    let said = compilation.diagnostics.iter().filter(|problem| !problem.code.id.starts_with('L'));
    said.map(|problem| problem.message.as_str()).collect()
}

fn artifact<'a>(compilation: &'a Compilation, end: &str) -> &'a str {
    let found = compilation.artifacts.iter().find(|file| file.path.ends_with(end));
    &found.unwrap_or_else(|| panic!("no {end}: {:?}", messages(compilation))).text
}

fn balanced() -> String {
    std::fs::read_to_string(folder("nginx/balanced/main.stack")).unwrap()
}

#[test]
fn instances_share_requests_and_answers_are_remembered() {
    let compilation = built(&balanced(), &project(), &Nginx);
    assert_eq!(messages(&compilation), [""; 0]);
    golden::check(&folder("nginx/balanced/nginx.conf"), artifact(&compilation, "nginx.conf"));
}

#[test]
fn an_old_web_server_says_what_it_cannot_do() {
    let old =
        balanced().replace("service proxy from nginx { }", "service proxy from nginx { version = \"1.26\" }");
    let compilation = built(&old, &project(), &Nginx);
    let told = messages(&compilation);
    assert!(told.contains(&"nginx cannot express sticky sessions before version 1.29.6"), "{told:?}");
    assert!(told.contains(&"nginx cannot express `balance` before version 1.27.3"), "{told:?}");
    let text = artifact(&compilation, "nginx.conf");
    assert!(!text.contains("sticky") && !text.contains("upstream site"), "{text}");
}

#[test]
fn caches_must_fit_into_the_space_of_the_proxy() {
    let compilation = built(&balanced().replace("size = 32MiB", "size = 1GiB"), &project(), &Nginx);
    let told = messages(&compilation);
    assert_eq!(
        told.iter().filter(|message| message.contains("the caches of `proxy` may hold")).count(),
        2,
        "{told:?}"
    );
}

fn deployment() -> Compilation {
    let text = std::fs::read_to_string(folder("github_actions/ssh/main.stack")).unwrap();
    let project = Project { registry: Some("ghcr.io/acme/prompts".into()), ..project() };
    built(&text, &project, &GithubActions)
}

#[test]
fn a_deployment_by_ssh_trusts_one_machine_only() {
    let compilation = deployment();
    assert_eq!(messages(&compilation), [""; 0]);
    golden::check(&folder("github_actions/ssh/deploy.yml"), artifact(&compilation, "deploy.yml"));
}

#[test]
fn a_deployment_by_ssh_needs_all_that_it_names() {
    let text = std::fs::read_to_string(folder("github_actions/ssh/main.stack")).unwrap();
    let project = Project { registry: Some("ghcr.io/acme/prompts".into()), ..project() };
    let unknown = built(&text.replace("known_host", "# known_host"), &project, &GithubActions);
    assert!(messages(&unknown)[0].contains("without `host`, `user`, `folder` and `known_host`"));
    let hostile = built(&text.replace("/opt/prompts", "/opt/$(id)"), &project, &GithubActions);
    assert!(
        hostile.diagnostics.iter().any(stackc::diagnostic::Diagnostic::is_error),
        "{:?}",
        messages(&hostile)
    );
    let unpublished = built(&text, &Project { registry: None, ..project }, &GithubActions);
    assert!(messages(&unpublished)[0].contains("have no registry to go to"), "{:?}", messages(&unpublished));
}

/// The script of a step of the deployment.
fn script(name: &str) -> String {
    let compilation = deployment();
    let text = artifact(&compilation, "deploy.yml");
    let step = text.split(&format!("- name: {name}\n")).nth(1).unwrap_or_else(|| panic!("no step {name}"));
    let step = step.split("- name: ").next().unwrap();
    let lines = step.split("run: |\n").nth(1).unwrap().lines();
    let lines = lines.take_while(|line| line.is_empty() || line.starts_with("          "));
    lines.fold(String::new(), |all, line| all + line.strip_prefix("          ").unwrap_or("") + "\n")
}

#[test]
fn the_scripts_of_a_deployment_run() {
    let scratch = tempfile::tempdir().unwrap();
    let programs = scratch.path().join("bin");
    std::fs::create_dir(&programs).unwrap();
    for name in ["ssh", "rsync"] {
        let path = programs.join(name);
        std::fs::write(
            &path,
            format!("#!/bin/sh\nprintf '%s|' {name} \"$@\" >>\"$RECORD\"; echo >>\"$RECORD\"\n"),
        )
        .unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let temp = scratch.path().to_str().unwrap();
    let record = scratch.path().join("record");
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
    for step in ["Write the credentials", "Copy the files", "Deploy", "Go back to the version before"] {
        let script = script(step);
        let mut bash = Command::new("bash");
        bash.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", &script]).current_dir(temp);
        bash.envs([("RUNNER_TEMP", temp), ("PATH", &path), ("RECORD", record.to_str().unwrap())]);
        bash.envs([("KEY", "a key"), ("KNOWN_HOST", "h ssh-ed25519 AAAA"), ("HOST", "h"), ("PORT", "2222")]);
        let output = bash.envs([("SSH_USER", "deploy"), ("RELEASE", "sha-1")]).output().unwrap();
        assert!(output.status.success(), "{step}: {output:?}");
    }
    let config = std::fs::read_to_string(scratch.path().join("ssh/config")).unwrap();
    assert!(config.contains("  HostName h\n  Port 2222\n  User deploy\n"), "{config}");
    assert!(config.contains("  StrictHostKeyChecking yes\n"), "{config}");
    let mode = std::fs::metadata(scratch.path().join("ssh/key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let calls = std::fs::read_to_string(&record).unwrap().replace(temp, "T");
    let expected = "ssh|-F|T/ssh/config|target|mkdir -p /opt/prompts|
rsync|--archive|--relative|--rsh|ssh -F T/ssh/config|--|deploy/production|target:/opt/prompts/|
ssh|-F|T/ssh/config|target|cd /opt/prompts && ./deploy/production/ops --yes deploy sha-1|
ssh|-F|T/ssh/config|target|cd /opt/prompts && ./deploy/production/ops --yes rollback|
";
    assert_eq!(calls, expected);
}
