//! Conditions about all environments, their images and their ports. Must not repeat what the book's examples show.

use stackc::diagnostic::Diagnostic;
use stackc::emit::EMITTERS;
use stackc::lock::Lock;
use stackc::source::MemoryFiles;
use stackc::{Request, compile};

use crate::ui::project;

const STACK: &str = r#"
use std.proxy { nginx }
secret key {}
service api {
  image  = "ghcr.io/acme/api:1.4.2"
  port   = 3000
  health { command = ["/api", "check"] }
  env    { KEY_FILE = path(secret.key) }
  publish { http = 3000 }
}
service proxy from nginx {}
ingress site { host = host, through = proxy, tls { issuer = files }, route "/" -> api }
param host: Host = "example.com"
environment staging    { target compose, service api { image = "ghcr.io/acme/api:1.5.0" } }
environment production { target compose, service api { replicas = 1 } }
"#;

fn failed(condition: &str, environments: &[String]) -> Vec<Diagnostic> {
    let text = format!("check {condition} else \"policy\"\n{STACK}");
    let (project, lock) = (project(), Lock::default());
    let request =
        Request { entry: "main.stack", project: &project, lock: &lock, environments, targets: EMITTERS };
    let found = compile(&request, &MemoryFiles::new([("main.stack", text.as_str())])).diagnostics;
    found.into_iter().filter(Diagnostic::is_error).collect()
}

#[test]
fn environments_are_compared_with_each_other() {
    let drift = "all i in images: all j in images: i.repository != j.repository || i.tag == j.tag";
    let found = failed(drift, &[]);
    assert_eq!(found.iter().map(|problem| problem.code.id).collect::<Vec<_>>(), ["E0405"], "{found:?}");
    assert!(found[0].secondary.len() >= 2, "no image is named: {:?}", found[0]);
    assert_eq!(failed("all e in environments: all s in e.services: s.name != \"db\"", &[]), []);
    assert_eq!(failed("length(environments) == 2", &[]), []);
    let hosts = "all a in environments: all b in environments: a.name == b.name || all h in a.hosts: !contains(b.hosts, h)";
    assert_eq!(failed(hosts, &[]).len(), 1);
}

#[test]
fn ports_of_the_machine_are_known() {
    assert_eq!(failed("all p in ports: p.address == \"127.0.0.1\" || p.number in [80, 443]", &[]), []);
    assert_eq!(failed("all p in ports: p.service == \"proxy\"", &[]).len(), 1);
    assert_eq!(failed("any p in ports: p.number == 443 && p.environment == \"staging\"", &[]), []);
}

#[test]
fn a_part_of_the_environments_is_not_judged() {
    assert_eq!(failed("length(environments) == 9", &[]).len(), 1);
    assert_eq!(failed("length(environments) == 9", &["production".to_owned()]), []);
}

#[test]
fn what_is_wrong_with_such_a_condition_is_said_once() {
    let found = failed("all e in environments: e.nmae == \"x\"", &[]);
    assert_eq!(found.iter().map(|problem| problem.code.id).collect::<Vec<_>>(), ["E0201"], "{found:?}");
}
