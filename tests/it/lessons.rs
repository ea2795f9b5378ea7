//! What only running showed: each test is a defect that an engine found in what was emitted.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use stackc::emit::Emitter;
use stackc::emit::compose::Compose;
use stackc::emit::github_actions::GithubActions;

use crate::ui::project;

const STACK: &str = r#"
secret key {}
service web {
  build {
    init = ["/sbin/tini", "--"]
    stage base { from = "alpine:3.24", copy = ["src"] }
  }
  user    = "1001:1001"
  port    = 8000
  command = ["web"]
  env     { KEY = "${secret.key}" }
  health  { http = "/health" }
  job before { run = ["web", "before"] }
}
"#;

fn emitted(text: &str, target: &dyn Emitter) -> String {
    let project = project();
    let compilation = crate::compiled::text(&project, text, &[target]);
    let errors: Vec<&str> = compilation.diagnostics.iter().map(|problem| problem.message.as_str()).collect();
    assert!(!compilation.artifacts.is_empty(), "{errors:#?}");
    compilation.artifacts[0].text.clone()
}

/// What a Compose file says of one container.
fn container<'a>(text: &'a str, name: &str) -> &'a str {
    let rest = text.split(&format!("\n  {name}:\n")).nth(1).unwrap();
    rest.split("\n\n").next().unwrap()
}

#[test]
fn a_job_is_not_asked_for_the_health_of_its_server() {
    let scheduled =
        "job nightly { run = [\"web\", \"save\"], when = scheduled, schedule = \"0 2 * * *\" }\n  job before";
    let text = emitted(
        &format!("{}environment production {{ target compose }}", STACK.replace("job before", scheduled)),
        &Compose,
    );
    assert!(container(&text, "web").contains("http://127.0.0.1:8000/health"), "{text}");
    assert!(container(&text, "web-before").contains("healthcheck:\n      disable: true"), "{text}");
    // `up --wait` takes no container without a check that stays.
    let nightly = container(&text, "web-nightly");
    assert!(nightly.contains("\"kill -0 1\"") && !nightly.contains("disable"), "{text}");
}

#[test]
fn a_changed_entry_script_is_a_changed_image() {
    let pipeline = "environment production { target compose }\npipeline ci { on = [push(\"main\")], job build { all = true } }";
    let text = emitted(&format!("{STACK}{pipeline}"), &GithubActions);
    assert!(text.contains("|deploy/docker/web\\.|deploy/docker/with-secrets\\.sh)'"), "{text}");
}
