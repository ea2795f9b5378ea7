//! Workflows with everything that a pipeline can say, and the scripts in them, run by the shell that will run them.
#![allow(clippy::disallowed_methods, reason = "scripts under test are run by a shell")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use stackc::Compilation;
use stackc::emit::github_actions::GithubActions;

use crate::golden;
use crate::ui::project;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/emit/github_actions/quality")
}

fn compiled() -> Compilation {
    compiled_from(&std::fs::read_to_string(folder().join("main.stack")).unwrap())
}

fn compiled_from(text: &str) -> Compilation {
    let project = project();
    crate::compiled::text(&project, text, &[&GithubActions])
}

/// The script of the step with this name: the lines of its `run: |`, without their indentation.
fn script(name: &str) -> String {
    let compilation = compiled();
    let text = &compilation.artifacts[0].text;
    let step = text.split(&format!("- name: {name}\n")).nth(1).unwrap_or_else(|| panic!("no step {name}"));
    let step = step.split("- name: ").next().unwrap();
    let lines = step.split("run: |\n").nth(1).unwrap().lines();
    lines
        .take_while(|line| line.is_empty() || line.starts_with("          "))
        .fold(String::new(), |all, line| all + line.strip_prefix("          ").unwrap_or("") + "\n")
}

fn bash(script: &str, folder: &Path, variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new("bash");
    command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script]).current_dir(folder);
    command.envs(variables.iter().copied()).output().unwrap()
}

#[test]
fn a_pipeline_says_all_that_it_can() {
    let compilation = compiled();
    let told: Vec<&str> = compilation.diagnostics.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(
        told,
        [
            "github-actions cannot express the tool chain `cobol` without a version, or for which no action is pinned",
            "github-actions cannot express the pattern `a'b`",
            "github-actions cannot express the axis `part of`",
            "github-actions cannot express reports for `nobody`, for which no action is pinned",
            "github-actions cannot express a scan with `nothing`, for which no action is pinned",
        ]
    );
    let paths: Vec<&str> = compilation.artifacts.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, [".github/workflows/ci.yml"]);
    golden::check(&folder().join("ci.yml"), &compilation.artifacts[0].text);
}

#[test]
fn branches_of_a_job_leave_tags_out_and_a_cache_finds_its_package_manager() {
    let text = r#"
service api {
  build { stage run { from = "node:22-alpine", workdir = "/app", copy = ["src"] } }
  command = ["node", "src/server.js"]
}
environment production { target compose { project = "api" } }
secret key { generate = false, charset = any, length = 60 }
pipeline ci {
  on = [push("main"), tag("v*")]
  job test { setup "node" { version = "22", cache = "pnpm" }, run = ["pnpm test"] }
  job build { after = [test], all = true }
  job deploy {
    after    = [build]
    deploy   = production
    branches = ["main"]
    via ssh {
      credentials = secret.key
      host        = "a.example"
      user        = "deploy"
      folder      = "/srv/api"
      known_host  = "a.example ssh-ed25519 PUBLIC-HOST-KEY"
    }
  }
}
"#;
    let compilation = compiled_from(text);
    let workflow = &compilation.artifacts[0].text;
    let (before, deploy) = workflow.split_once("\n  deploy:\n").unwrap();
    assert!(before.contains("startsWith(github.ref, 'refs/tags/')"), "images of a tag are built\n{before}");
    assert!(!deploy.contains("refs/tags/"), "only main is deployed\n{deploy}");
    let (early, late) = before.split_once("run: corepack enable").unwrap();
    assert!(!early.contains("cache: pnpm") && late.contains("cache: pnpm"), "{before}");
}

#[test]
fn coverage_is_added_up_and_compared() {
    let scratch = tempfile::tempdir().unwrap();
    let script = script("Compare the coverage");
    for (folder, found, hit) in [("api", 60, 50), ("web", 40, 30)] {
        std::fs::create_dir_all(scratch.path().join(folder).join("coverage")).unwrap();
        let report = format!("SF:a.ts\nDA:1,1\nLF:{found}\nLH:{hit}\nend_of_record\n");
        std::fs::write(scratch.path().join(folder).join("coverage/lcov.info"), report).unwrap();
    }
    let output = bash(&script, scratch.path(), &[("LEAST", "80")]);
    assert_eq!(output.stdout, b"80.0 % of 100 lines are covered, at least 80 % must be\n");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(bash(&script, scratch.path(), &[("LEAST", "81")]).status.code(), Some(1));
    std::fs::remove_file(scratch.path().join("api/coverage/lcov.info")).unwrap();
    assert_ne!(
        bash(&script, scratch.path(), &[("LEAST", "1")]).status.code(),
        Some(0),
        "a report is missing"
    );
}

#[test]
fn commands_are_tried_again_and_then_given_up() {
    let scratch = tempfile::tempdir().unwrap();
    let script = script("Build");
    let second = "echo x >>tries; [ \"$(wc -l <tries)\" -ge 2 ]";
    let output = bash(&script, scratch.path(), &[("COMMAND", second)]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(output.stdout, b"::warning::attempt 1 of 3 failed\n");
    let output = bash(&script, scratch.path(), &[("COMMAND", "exit 7")]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 3);
}
