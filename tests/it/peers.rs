//! Failures that were measured in the closest peer on its own examples, each as a stack of ours that does not have it.
//! Must not repeat what goldens show: here stands only what went wrong there.

use stackc::Compilation;
use stackc::diagnostic::Diagnostic;
use stackc::emit::EMITTERS;

use crate::ui::project;

/// Two datastores, an application that uses both, a pipeline, and both targets.
const SHOP: &str = r#"
use std.data { postgres, redis }
use std.web { node }
secret kubeconfig { generate = false, charset = any }
service main-db from postgres { database = "shop", backup { enabled = true } }
service cache from redis {}
service api from node { env { DATABASE_URL = main-db.url, CACHE_URL = cache.url } }
environment vps { target compose }
environment production {
  target kubernetes { edge = ingress, class = "nginx", edge_namespace = "ingress-nginx" }
}
pipeline ci {
  on = [push("main")]
  job build { all = true }
  job ship { deploy = production, via kubectl { credentials = secret.kubeconfig } }
}
"#;

fn compiled(text: &str) -> Compilation {
    let project = project();
    crate::compiled::text(&project, text, EMITTERS)
}

/// The files whose path ends so, as one text.
fn file(end: &str) -> String {
    let compilation = compiled(SHOP);
    let errors: Vec<&Diagnostic> =
        compilation.diagnostics.iter().filter(|problem| problem.is_error()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let files = compilation.artifacts.iter().filter(|artifact| artifact.path.ends_with(end));
    let text: String = files.map(|artifact| artifact.text.as_str()).collect();
    assert!(!text.is_empty(), "no file `{end}`");
    text
}

fn codes_of(text: &str) -> Vec<&'static str> {
    compiled(text).diagnostics.iter().map(|problem| problem.code.id).collect()
}

/// The part of a Compose file from a service to the next one.
fn service(name: &str) -> String {
    let text = file("vps/compose.yaml");
    let (_, rest) = text.split_once(&format!("\n  {name}:\n")).unwrap();
    let ends = |line: &&str| !line.starts_with("    ") && !line.is_empty();
    let lines: Vec<&str> = rest.lines().take_while(|line| !ends(line)).collect();
    lines.join("\n")
}

#[test]
fn a_interpolations_do_not_eat_names() {
    let text = file("vps/compose.yaml");
    assert!(!text.contains("${main-db"), "Compose reads `${{a-b}}` as a default");
    assert!(
        service("api").contains("postgresql://app:{file:main-db_password}@main-db:5432/shop"),
        "{}",
        service("api")
    );
}

#[test]
fn b_who_is_waited_for_has_a_check() {
    assert!(service("api").contains("condition: service_healthy"));
    assert!(service("cache").contains("healthcheck:"));
}

#[test]
fn c_names_of_variables_are_legal() {
    for line in file("vps/compose.yaml").lines().filter(|line| line.starts_with("      ")) {
        let Some((name, _)) = line.trim().split_once(": ") else { continue };
        let is_variable = name.len() > 2 && name.chars().all(|c| c.is_ascii_uppercase() || "-_".contains(c));
        assert!(!is_variable || !name.contains('-'), "{line}");
    }
}

#[test]
fn d_no_value_of_a_secret_is_made_up() {
    let text = file(".yaml");
    assert!(text.contains("secretName: "), "no secret is used");
    assert!(!text.contains("kind: Secret\n") && !text.contains("stringData:"), "a Secret with values");
}

#[test]
fn e_the_datastore_has_a_password_storage_and_a_backup() {
    let database = service("main-db");
    assert!(database.contains("POSTGRES_PASSWORD_FILE:"), "{database}");
    assert!(database.contains("main-db-data:/var/lib/postgresql/data\n"), "{database}");
    assert!(file("main-db.sh").contains("pg_dump"));
    let bare = "service db { image = \"postgres:17-alpine\" }\nenvironment p { target compose }";
    assert!(codes_of(bare).contains(&"L0503"), "{:?}", codes_of(bare));
}

#[test]
fn f_sizes_are_spelt_as_each_program_reads_them() {
    assert!(service("cache").contains("--maxmemory 128mb"), "{}", service("cache"));
}

#[test]
fn g_checks_use_a_program_that_the_image_has() {
    assert!(!file("vps/compose.yaml").contains("curl"), "none of the images has it");
}

#[test]
fn h_data_lies_where_the_image_keeps_it() {
    let wrong = "secret pw\nservice db {\n  image = \"mysql:8.4\"\n  user = \"999:999\"\n  env { MYSQL_ROOT_PASSWORD = secret.pw }\n  \
                 volume \"/var/lib/postgresql/data\" { }\n}\nenvironment p { target compose }";
    assert!(codes_of(wrong).contains(&"L0403"), "{:?}", codes_of(wrong));
}

#[test]
fn i_and_j_passwords_are_no_words() {
    let root = "service db {\n  image = \"mysql:8.4\"\n  env { MYSQL_ROOT_PASSWORD = \"root\" }\n}\nenvironment p { target compose }";
    assert!(codes_of(root).contains(&"L0305"), "{:?}", codes_of(root));
    let example = file("vps/.env.example");
    assert!(example.contains("PASSWORD_FILE=/run/secrets/"), "{example}");
    for line in example.lines().filter(|line| line.contains("PASSWORD=") && !line.starts_with('#')) {
        assert!(line.ends_with('='), "{line}");
    }
}

#[test]
fn k_the_check_asks_the_port_that_listens() {
    let text = file("production/kubernetes/api.yaml");
    assert!(text.contains("containerPort: 3000"), "{text}");
    assert!(!text.contains("port: 80\n"), "{text}");
    let dockerfile = file("docker/api.Dockerfile");
    assert!(dockerfile.contains("127.0.0.1:3000/health"), "{dockerfile}");
}

#[test]
fn l_two_builds_are_the_same() {
    assert_eq!(compiled(SHOP).artifacts, compiled(SHOP).artifacts);
}

#[test]
fn m_no_file_of_a_tool_that_nobody_asked_for() {
    let paths: Vec<String> = compiled(SHOP).artifacts.into_iter().map(|artifact| artifact.path).collect();
    assert!(!paths.iter().any(|path| path.contains("dependabot")), "{paths:?}");
}

#[test]
fn n_actions_are_pinned_by_commit() {
    let text = file(".github/workflows/ci.yml");
    let mut seen = 0;
    for line in text.lines().filter_map(|line| line.trim().trim_start_matches("- ").strip_prefix("uses: ")) {
        let (_, commit) = line.split_once('@').unwrap();
        let commit = commit.split(' ').next().unwrap();
        assert!(commit.len() == 40 && commit.chars().all(|c| c.is_ascii_hexdigit()), "{line}");
        seen += 1;
    }
    assert!(seen > 2);
}

#[test]
fn o_a_mistake_in_the_syntax_is_a_message_with_a_place() {
    let compilation = compiled("service api {\n  port = = 3000\n");
    let first = compilation.diagnostics.first().unwrap();
    assert!(first.code.id.starts_with("E01") && first.primary.is_some(), "{first:?}");
}
