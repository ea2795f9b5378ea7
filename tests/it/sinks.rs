//! Hostile strings through the encoders: shells echo their words back here, and files for
//! `tests/conformance/sinks.py` are left behind for the readers that are not on every machine.
#![expect(
    clippy::disallowed_methods,
    reason = "asks real shells, and leaves files where the script looks for them"
)]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use indexmap::IndexMap;
use stackc::print::dotenv::{EnvFile, Group, Line, Variable};
use stackc::print::nginx::{self, Arg, Directive};
use stackc::print::yaml;
use stackc::text::{ComposeText, DockerWord, DotenvValue, NginxValue, ShellWord, VariableName};

use crate::hostile;

/// What a shell prints for a list of words, each followed by NUL.
fn echo(shell: &str, words: &[ShellWord]) -> Option<Vec<String>> {
    let words: Vec<&str> = words.iter().map(ShellWord::as_str).collect();
    let script = format!("printf '%s\\0' {}", words.join(" "));
    let output = Command::new(shell).arg("-c").arg(script).stderr(Stdio::inherit()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(text.split_terminator('\0').map(str::to_owned).collect())
}

#[test]
fn shells_read_their_words_back() {
    let strings: Vec<String> =
        hostile::strings(1000).into_iter().filter(|text| !text.contains('\0')).collect();
    let words: Vec<ShellWord> = strings.iter().map(|text| ShellWord::new(text).unwrap()).collect();
    let mut asked = 0;
    for shell in ["/bin/sh", "/bin/bash", "/bin/dash"] {
        if Path::new(shell).exists() {
            assert_eq!(echo(shell, &words).as_ref(), Some(&strings), "{shell}");
            asked += 1;
        }
    }
    assert!(asked > 0 || cfg!(windows), "no shell to ask");
}

#[test]
fn docker_values_stay_on_one_line() {
    for text in hostile::strings(10_000) {
        let has_form = !text.contains(['\n', '\r', '\0']);
        match DockerWord::value(&text) {
            Ok(word) => {
                assert!(has_form, "{text:?}");
                assert_eq!(read_docker_value(word.as_str()), text);
            }
            Err(error) => assert!(!has_form, "{text:?}: {error}"),
        }
    }
}

/// Reads a value as the Dockerfile shell lexer does: bare, or between double quotes with `\"`, `\\` and `\$`.
fn read_docker_value(word: &str) -> String {
    let Some(quoted) = word.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        assert!(!word.contains([' ', '$', '\\', '"', '\'', '\t']), "{word:?}");
        return word.to_owned();
    };
    let mut out = String::new();
    let mut characters = quoted.chars();
    while let Some(character) = characters.next() {
        assert!(!matches!(character, '"' | '$'), "{word:?}");
        out.push(if character == '\\' { characters.next().unwrap_or_default() } else { character });
    }
    out
}

#[test]
fn leave_files_for_other_readers() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sinks");
    fs::create_dir_all(&folder).unwrap();
    let strings: Vec<String> =
        hostile::strings(300).into_iter().filter(|text| !text.contains('\0')).collect();
    fs::write(folder.join("strings.json"), serde_json::to_string(&strings).unwrap()).unwrap();
    fs::write(folder.join("hostile.env"), env_file(&strings)).unwrap();
    fs::write(folder.join("compose.yaml"), compose_file(&strings)).unwrap();
    fs::write(folder.join("locations.conf"), locations(&strings)).unwrap();
}

fn env_file(strings: &[String]) -> String {
    let variable = |(number, text): (usize, &String)| {
        let name = VariableName::new(&format!("V{number}")).unwrap();
        Line::Variable(Variable { comment: text.clone(), name, value: DotenvValue::new(text).unwrap() })
    };
    let lines = strings.iter().enumerate().map(variable).collect();
    EnvFile {
        header: "hostile".to_owned(),
        groups: vec![Group { place: None, heading: String::new(), lines }],
    }
    .print()
    .text
}

/// A service with the strings as variables, through two encoders at once.
fn compose_file(strings: &[String]) -> String {
    let variable = |(number, text): (usize, &String)| (format!("V{number}"), ComposeText::literal(text));
    let environment: IndexMap<String, ComposeText> = strings.iter().enumerate().map(variable).collect();
    let service = serde_json::json!({ "image": "x", "environment": environment });
    let document = serde_json::json!({ "name": "x", "services": { "x": service } });
    yaml::to_string("hostile", &document).unwrap()
}

/// A server that answers `/N` with the N-th string.
fn locations(strings: &[String]) -> String {
    let location = |(number, text): (usize, &String)| {
        let path = NginxValue::verbatim(&format!("/{number}")).unwrap();
        let body = NginxValue::expanded(text).unwrap();
        let answer = Directive::new("return", [Arg::Number(200), body.into()]).commented(text.as_str());
        Directive::block("location", ["=".into(), path.into()], vec![answer])
    };
    let mut body = vec![Directive::new("listen", ["unix:nginx.sock".into()])];
    body.extend(strings.iter().enumerate().map(location));
    nginx::print("hostile", &[nginx::dollar(), Directive::block("server", [], body)]).text
}
