//! No block leaves a stack in silence: whatever a field is set to, the service is there or there is an error.

use stackc::diagnostic::has_errors;
use stackc::emit::EMITTERS;
use stackc::model::Service;
use stackc::schema::Kind;
use stackc::source::MemoryFiles;

use crate::ui::verdict_of;

/// Values at the ends of what can be written, and of the wrong kinds.
const VALUES: &[&str] = &[
    "0",
    "99999999999",
    "9223372036854775807",
    "9223372036854775.807",
    "0.001",
    "0B",
    "8388608TiB",
    "200000000d",
    "40000000%",
    "4000000000/s",
    "\"\"",
    "\"x y\"",
    "true",
    "false",
    "none",
    "[]",
    "[0]",
    "{}",
    "{ x = 99999999999 }",
    "environment.mode",
    "api",
    "secret.token",
];

#[test]
fn no_value_makes_a_service_disappear() {
    for field in Service::SCHEMA.fields.iter().filter(|field| field.name != "enabled") {
        for value in VALUES {
            let text = format!(
                "secret token\nservice api {{ image = \"a.example/b:1\" }}\n\
                 environment production {{ target compose, service api {{ {} = {value} }} }}",
                field.name
            );
            let verdict = verdict_of(&text);
            let is_there =
                verdict.stack.is_some_and(|stack| stack.environments[0].services.contains_key("api"));
            assert!(is_there || has_errors(&verdict.diagnostics), "{} = {value}", field.name);
            let told =
                verdict.diagnostics.iter().all(|problem| !problem.message.contains("mistake of stackc"));
            assert!(told, "{} = {value}: {:?}", field.name, verdict.diagnostics);
        }
    }
}

/// Names that follow from others can meet: of containers, and of volumes.
const MEETING: &str = r#"
service a {
  image   = "python:3.13-slim"
  command = ["serve"]
  volume "/x/data" {}
  volume "/y/data" {}
  job b { run = ["migrate"] }
}
service a-b {
  image   = "python:3.13-slim"
  command = ["serve"]
  volume "/z" { name = "a-data" }
}
environment production { target compose }
"#;

#[test]
fn no_name_hides_another_container_or_volume() {
    let errors = |text: &str| -> Vec<String> {
        let files = MemoryFiles::new([("main.stack", text)]);
        let project = crate::compiled::project("");
        let found = crate::compiled::files(&project, &files, EMITTERS);
        assert!(!has_errors(&found.diagnostics) || found.artifacts.is_empty());
        let errors = found.diagnostics.into_iter().filter(stackc::diagnostic::Diagnostic::is_error);
        errors.map(|problem| problem.message).collect()
    };
    let expected = [
        "the service `a-b` and the job `b` of `a` would both be called `a-b`",
        "two paths lead to one volume, `a-data`",
        "two paths lead to one volume, `a-data`",
    ];
    assert_eq!(errors(MEETING), expected);
    let shared = MEETING
        .replace("data\" {}", "data\" { shared = true }")
        .replace("a-data\"", "a-data\", shared = true")
        .replace("a-b", "c");
    assert_eq!(errors(&shared), [""; 0]);
}
