//! The check of variables that images run when they start, run here: it and the compiler must answer alike, and no
//! value may be shown.
#![allow(clippy::disallowed_methods, reason = "the script under test is run by a shell")]

use std::process::{Command, Output};

use stackc::diagnostic::Level;
use stackc::emit::{EMITTERS, dockerfile};

use crate::ui::project;

/// What the compiler says about a value of a variable with this contract, and the script of the image.
fn compiled(contract: &str, value: Option<&str>) -> (bool, Option<String>) {
    let set = value.map(|value| format!("env {{ X = {value:?} }}")).unwrap_or_default();
    let text = format!(
        "service api {{\n  build {{ stage run {{ from = \"node:22-alpine\", copy = [\"src\"] }} }}\n  \
         command = [\"node\"]\n  {set}\n  reads \"X\" {{ {contract} }}\n}}\n\
         environment production {{ target compose }}\n"
    );
    let mut project = project();
    // An address with a password keeps the contract; that it stands here is another matter.
    project.rules.insert("written-password".into(), Level::Off);
    let compilation = crate::compiled::text(&project, &text, &[&dockerfile::Dockerfile]);
    let errors = compilation.diagnostics.iter().filter(|problem| problem.is_error());
    let script = compilation.artifacts.into_iter().find(|file| file.path.ends_with("api.check-env.sh"));
    (errors.count() == 0, script.map(|script| script.text))
}

fn run(script: &str, value: Option<&str>) -> Output {
    let mut command = Command::new("sh");
    command.args(["-c", script, "check-env", "echo", "started"]).env_remove("X");
    if let Some(value) = value {
        command.env("X", value);
    }
    command.output().unwrap()
}

/// Contracts, with values that keep and values that break them.
const CASES: &[(&str, &[&str], &[&str])] = &[
    ("words = [\"info\", \"de bug\"]", &["info", "de bug"], &["warn", "info ", "", "INFO"]),
    ("is = integer, min = 2, max = 16", &["2", "16"], &["17", "1", "-3", "2.5", "x", "-", "--4", "4e1"]),
    ("is = integer", &["-999999999999999999", "7"], &["1000000000000000000", "0x1"]),
    ("is = port", &["1", "65535"], &["0", "65536", "http", "-1"]),
    ("is = number", &["1", "-0.5", "10.25"], &[".5", "1.", "1.2.3", "-", "1,5"]),
    ("is = boolean", &["true", "false"], &["yes", "TRUE", "1"]),
    ("is = url", &["http://a", "redis://:p@b:1/0"], &["a://", "//a", "http:/a", "http://a b", "1a://b"]),
    ("is = url, schemes = [\"https\", \"wss\"]", &["https://a", "wss://a"], &["http://a", "httpss://a"]),
    ("is = host", &["a-b.example", "10.0.0.1"], &["a_b", "a b", "a/b"]),
    ("is = path", &["/app/data", "/"], &["app", "./x"]),
    ("length = 4, max_length = 6", &["abcd", "abcdef"], &["abc", "abcdefg"]),
    ("pattern = \"a b'$(x)*\"", &["a b'$(x)", "a b'$(x)y"], &["a b", "ab'$(x)"]),
    ("pattern = \"G-[A-Z]*[!0-9]\"", &["G-ABx"], &["G-", "xG-AB", "G-A1", "g-AB"]),
];

#[test]
fn compiler_and_script_answer_alike() {
    let (_, script) = compiled("is = text", Some("x"));
    assert!(script.is_some(), "no script is emitted");
    for (contract, good, bad) in CASES {
        let (_, script) = compiled(contract, good.first().copied());
        let script = script.unwrap_or_else(|| panic!("no script for {contract}"));
        for (values, fits) in [(good, true), (bad, false)] {
            for value in *values {
                assert_eq!(compiled(contract, Some(value)).0, fits, "compiler: {contract}: {value:?}");
                let output = run(&script, Some(value));
                let message = String::from_utf8(output.stderr).unwrap();
                assert_eq!(
                    output.status.code(),
                    Some(if fits { 0 } else { 78 }),
                    "{contract}: {value:?}: {message}"
                );
                assert_eq!(output.stdout == b"started\n", fits, "{contract}: {value:?}");
                assert_eq!(message.is_empty(), fits, "{contract}: {value:?}");
            }
        }
    }
}

#[test]
fn what_is_needed_must_be_set_and_no_value_is_shown() {
    let (_, script) = compiled("length = 20", Some(&"y".repeat(20)));
    let script = script.unwrap();
    let output = run(&script, None);
    assert_eq!(output.status.code(), Some(78));
    assert_eq!(output.stderr, b"check-env: X is not set; expected a text of at least 20 characters\n");
    let output = run(&script, Some("hunter"));
    assert_eq!(output.stderr, b"check-env: X is too short; expected a text of at least 20 characters\n");
    let (_, script) = compiled("is = url, required = false", None);
    assert_eq!(run(&script.unwrap(), None).stdout, b"started\n");
}

#[test]
fn only_images_with_a_contract_carry_the_check() {
    let text = "service api {\n  build { check_variables = false\n stage run { from = \"node:22-alpine\", copy = [\"src\"] } }\n  \
                env { X = \"1\" }\n  reads \"X\" {}\n}\nenvironment production { target compose }\n";
    let project = project();
    let compilation = crate::compiled::text(&project, text, EMITTERS);
    assert!(compilation.artifacts.iter().any(|file| file.path.ends_with("api.Dockerfile")));
    assert!(compilation.artifacts.iter().all(|file| !file.text.contains("check-env")));
}

#[test]
fn each_environment_has_its_values_in_a_file_and_no_secret() {
    let text = r#"
param level: String = "info"
secret token { length = 20 }
service api {
  build {
    stage run { from = "node:22-alpine", workdir = "/app", copy = ["src"], args = ["URL"], env { MODE = "fast" } }
    args { URL = "https://example.com" }
  }
  command = ["node", "src/main.js"]
  env { LEVEL = level, TOKEN = secret.token }
  reads "LEVEL"   { words = ["debug", "info"] }
  reads "TOKEN"   { length = 20, secret = true }
  reads "MODE"    { words = ["fast", "slow"] }
  reads "WORKERS" { is = integer, default = "4" }
  reads "ID"      { required = false }
  reads "URL"     { is = url, phase = build }
}
environment production { target compose }
environment trial { level = "debug", target compose }
"#;
    let project = project();
    let compilation = crate::compiled::text(&project, text, EMITTERS);
    for (environment, level) in [("production", "info"), ("trial", "debug")] {
        let path = format!("deploy/env/api/.env.{environment}");
        let file = compilation.artifacts.iter().find(|file| file.path == path);
        let file = file.unwrap_or_else(|| panic!("{path}: {:?}", compilation.diagnostics));
        let values: Vec<&str> =
            file.text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
        assert_eq!(
            values,
            [&*format!("LEVEL={level}"), "MODE=fast", "WORKERS=4", "URL=https://example.com"],
            "{path}"
        );
        assert!(file.text.contains("# TOKEN holds the secret token. "), "{}", file.text);
        assert!(file.text.contains("# ID is not set. "), "{}", file.text);
    }
}
