//! The plan of small programs: what follows from them, and what is wrong with them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

use std::fmt::Write;

use stackc::catalogue::Catalogue;
use stackc::diagnostic::{Diagnostic, codes};
use stackc::lock::Lock;
use stackc::plan::{Delivered, EdgeKind, EnvironmentPlan, ImageUse, Plan};
use stackc::schema::ImageRef;
use stackc::source::{MemoryFiles, SourceMap};

use crate::ui::project;

const DB: &str = r#"
repository = "db"
writable_paths = ["/run/db", "/data/tmp"]
health = ["ready", "-U", "${DB_USER}"]
[[series]]
tag = "16"
digest = "sha256:0000000000000000000000000000000000000000000000000000000000000001"
[variants.any]
tools = ["sh"]
[[variables]]
name = "DB_PASSWORD"
file = true
[[variables]]
name = "DB_USER"
default = "admin"
"#;

const RUNTIME: &str = r#"
repository = "runtime"
writable_paths = ["/tmp"]
[variants.full]
tools = ["sh", "ask"]
[variants.bare]
tools = []
"#;

const CLIENTS: &str = r#"
[[client]]
program = "ask"
http = ["ask", "{url}"]
tcp = ["ask", "--port", "{port}"]
assumed = true
"#;

fn planned_with(text: &str, lock: &Lock) -> (Result<Plan, Vec<Diagnostic>>, SourceMap) {
    let files = MemoryFiles::new([("main.stack", text)]);
    let loaded = stackc::load::load("main.stack", &files);
    assert_eq!(loaded.diagnostics, [], "{text}");
    let checked = stackc::check::check(&loaded.program, &project(), &files, &[]);
    let stack = checked.stack.unwrap_or_else(|| panic!("{:#?}", checked.diagnostics));
    let catalogue = Catalogue::new([("db", DB), ("runtime", RUNTIME)], CLIENTS);
    (stackc::plan::plan(stack, &catalogue, lock), loaded.program.sources)
}

fn planned(text: &str) -> Plan {
    planned_with(text, &Lock::default()).0.unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// Each problem with the source text at its place.
fn refused(text: &str) -> Vec<(Diagnostic, String)> {
    let (result, sources) = planned_with(text, &Lock::default());
    let Err(problems) = result else { panic!("a refusal was expected") };
    let slice = |problem: &Diagnostic| {
        let label = problem.primary.as_ref()?;
        Some(sources.get(label.span.source)?.slice(label.span).to_owned())
    };
    problems
        .into_iter()
        .map(|problem| {
            let text = slice(&problem).unwrap_or_default();
            (problem, text)
        })
        .collect()
}

fn edges(environment: &EnvironmentPlan) -> String {
    let mut text = String::new();
    for edge in &environment.edges {
        let from = edge.from.as_deref().unwrap_or("world");
        let port = edge.port.map_or_else(|| "-".to_owned(), |port| port.to_string());
        let kind = if edge.kind == EdgeKind::Start { "start" } else { "address" };
        writeln!(text, "{from} {} {port} {kind}", edge.to).unwrap();
    }
    text
}

const SHOP: &str = r#"
secret db_password { length = 24 }
secret token {}

service web {
  build {
    context = "apps/web"
    stage builder { from = "runtime:1-full", copy_root = ["packages/ui", "packages/ui/src"] }
    stage dev { from = "builder" }
    stage runner { from = "builder", writable = ["/cache"] }
    dev_stage = "dev"
  }
  command = ["serve"]
  port = 3000
  env { API = api.url }
  health { http = "/healthz" }
  publish { http = 8080 }
  dev { command = ["watch"], port = 5173 }
}

service api {
  build {
    context = "apps/api"
    stage runner { from = "runtime:1-full" }
  }
  command = ["serve"]
  ports { http = 4000, metrics = 9100 }
  env {
    DATABASE = "db://app:${secret.db_password}@${db.host}:${db.port}/shop"
    TOKEN    = secret.token
    CALLBACK = late(web.url)
  }
  egress "mail.example" { port = 587 }
  job report { run = ["report"], when = manual, env { KEY = secret.token, WEB = web.url } }
}

service db {
  image = "db:16"
  port = 5432
  env { DB_PASSWORD = secret.db_password }
  volume "/data" { size = 5GiB }
  health { every = 5s }
}

environment local { mode = development, target compose {} }
environment production { target compose {} }
"#;

fn shop() -> Plan {
    planned(SHOP)
}

#[test]
fn mentions_become_edges_and_edges_an_order() {
    let plan = shop();
    let production = &plan.environments[1];
    assert_eq!(edges(production), "web api 4000 start\napi db 5432 start\napi web 3000 address\n");
    assert_eq!(production.order, ["db", "api", "web"].map(Into::into));
    assert_eq!(production.waits_for("web"), [&"api".into()]);
}

#[test]
fn development_runs_the_dev_block_and_neighbours_see_its_port() {
    let plan = shop();
    let local = &plan.environments[0];
    assert!(edges(local).contains("api web 5173 address"), "{}", edges(local));
    let web = &local.model.services["web"];
    assert_eq!(web.command[0].as_literal(), Some("watch"));
    assert_eq!(
        local.services["web"].health_command.as_deref(),
        Some(&["ask".to_owned(), "http://127.0.0.1:5173/healthz".to_owned()][..])
    );
    assert_eq!(plan.images[0].service.command[0].as_literal(), Some("serve"));
    assert!(plan.images[0].has_dev && !plan.images[1].has_dev);
}

#[test]
fn only_what_needs_a_way_out_has_one() {
    let plan = shop();
    let networks: Vec<(&str, Vec<&str>, bool)> = plan.environments[1]
        .networks
        .iter()
        .map(|(name, network)| {
            (&**name, network.members.iter().map(|name| &**name).collect(), network.internal)
        })
        .collect();
    assert_eq!(
        networks,
        [
            ("web", vec!["web", "api"], true),
            ("web.out", vec!["web"], false),
            ("api", vec!["web", "api"], true),
            ("api.out", vec!["api"], false),
            ("db", vec!["api", "db"], true),
        ]
    );
    assert_eq!(plan.environments[1].services["db"].networks, ["db".into()]);
}

#[test]
fn secrets_go_the_best_way_that_the_image_knows() {
    let plan = shop();
    let services = &plan.environments[1].services;
    let db = &services["db"];
    assert_eq!(&*db.variables[0].name, "DB_PASSWORD_FILE");
    assert_eq!(db.variables[0].value, Delivered::File("db_password".into()));
    let api = &services["api"];
    assert!(matches!(api.variables[0].value, Delivered::Expand(_)));
    assert!(matches!(api.variables[2].value, Delivered::Plain(_)));
    assert_eq!(api.secrets, ["db_password", "token"].map(Into::into));
    assert_eq!(api.jobs["report"].secrets, api.secrets);
}

#[test]
fn images_are_built_once_and_pulled_by_digest() {
    let plan = shop();
    let names: Vec<&str> = plan.images.iter().map(|image| &*image.repository).collect();
    assert_eq!(names, ["ghcr.io/acme/shop/web", "ghcr.io/acme/shop/api"]);
    assert_eq!(plan.images[0].sources, ["packages/ui"].map(Into::into), "only what stages copy");
    let db = &plan.environments[1].services["db"];
    assert_eq!(db.health_command.as_ref().unwrap(), &["ready", "-U", "admin"]);
    assert_eq!(db.writable, ["/run/db".into()]);
    assert_eq!(plan.environments[1].services["web"].writable, ["/tmp", "/cache"].map(Into::into));
    let ImageUse::Public(image) = &db.image else { panic!("{db:?}") };
    assert!(image.digest.as_ref().unwrap().ends_with("0001"));

    let mut lock = Lock::default();
    let locked = format!("sha256:{}", "f".repeat(64));
    assert!(lock.insert(&ImageRef::parse("db:16").unwrap(), &locked));
    let plan = planned_with(SHOP, &lock).0.unwrap();
    let image = plan.pinned(&ImageRef::parse("db:16").unwrap());
    assert_eq!(image.digest.as_deref(), Some(&*locked));
}

#[test]
fn another_build_in_an_environment_is_another_image() {
    let text = r#"
service api {
  build { stage runner { from = "runtime:1-full" } }
  command = ["serve"]
}
environment production { target compose {} }
environment staging {
  target compose {}
  service api { build { args { DEBUG = "1" } } }
}
environment preview from staging { service api { command = ["serve", "--debug"] } }
"#;
    let plan = planned(text);
    let names: Vec<&str> = plan.images.iter().map(|image| &*image.name).collect();
    assert_eq!(names, ["api", "api-staging"]);
    let used: Vec<&str> = plan
        .environments
        .iter()
        .map(|environment| &*plan.built(&environment.services["api"]).unwrap().name)
        .collect();
    assert_eq!(used, ["api", "api-staging", "api-staging"]);
}

#[test]
fn the_proxy_waits_for_what_it_routes_to_and_the_world_does_not() {
    let text = r#"
service app { image = "runtime:1-full", ports { http = 3000, ws = 3001 } }
service edge {
  image = "runtime:1-full"
  proxy { version = "1.29", certificates = "/certs" }
}
ingress main {
  host = "shop.example"
  through = edge
  route "/" -> app
  route "/ws" -> app.ports.ws
}
ingress open { host = "open.example", route "/" -> app }
environment production { target compose {} }
"#;
    let plan = planned(text);
    let production = &plan.environments[0];
    assert_eq!(edges(production), "edge app 3000 start\nedge app 3001 start\nworld app 3000 address\n");
    assert!(!production.networks["edge.out"].internal);
    let edge = &production.model.services["edge"];
    assert_eq!(edge.listeners(), [("http", 8080), ("https", 8443)]);
}

#[test]
fn a_cycle_shows_where_each_waits() {
    let text = r#"
service api { image = "runtime:1-full", port = 1, env { AI = ai.url } }
service ai { image = "runtime:1-full", port = 2, env { API = api.url } }
environment production { target compose {} }
environment staging { target compose {} }
"#;
    let problems = refused(text);
    assert_eq!(problems.len(), 1, "{problems:#?}");
    let (problem, place) = &problems[0];
    assert_eq!(problem.code, codes::START_CYCLE);
    assert_eq!(problem.message, "these services wait for each other to start: api -> ai -> api");
    assert_eq!(place, "ai.url");
    assert_eq!(problem.secondary[0].text, "2. `ai` waits for `api`");
}

#[test]
fn mistakes_with_ports_are_found_at_their_place() {
    let text = r#"
service api {
  image = "runtime:1-full"
  ports { http = 3000, ws = 3001 }
  health { http = "/", port = "htp" }
  publish { ws = 8080 }
}
service web { image = "runtime:1-full", port = 80, publish { http = 8080 } }
service worker { image = "runtime:1-full" }
ingress main { host = "shop.example", route "/" -> worker }
environment production { target compose {} }
"#;
    let found: Vec<(&str, String)> =
        refused(text).into_iter().map(|(problem, text)| (problem.code.name, text)).collect();
    assert_eq!(
        found,
        [
            ("port-not-listening", "\"htp\"".to_owned()),
            ("port-taken", "8080".to_owned()),
            ("port-not-listening", "worker".to_owned()),
        ]
    );
}

#[test]
fn a_check_that_the_image_cannot_run_is_refused_only_where_a_container_runs_it() {
    let text = |target: &str| {
        format!(
            "service api {{ image = \"runtime:1-bare\", port = 80, health {{ http = \"/\" }} }}\n\
             environment production {{ target {target} {{}} }}\n"
        )
    };
    let problems = refused(&text("compose"));
    assert_eq!(problems[0].0.code, codes::NO_HEALTH_CLIENT);
    assert_eq!(problems[0].1, "\"/\"");
    let plan = planned(&text("kubernetes"));
    assert_eq!(plan.environments[0].services["api"].health_command, None);
}

#[test]
fn an_unknown_image_is_a_warning() {
    let plan = planned(
        "service api { image = \"elsewhere:1\", port = 80, health { http = \"/\" } }\n\
         environment production { target compose {} }\n",
    );
    assert_eq!(plan.warnings.len(), 1);
    assert_eq!(plan.warnings[0].code, codes::UNKNOWN_IMAGE);
}

#[test]
fn an_ingress_needs_a_proxy_that_exists() {
    let text = |edge: &str| {
        format!(
            "service app {{ image = \"runtime:1-full\", port = 80 }}\n\
             service edge {{ image = \"runtime:1-full\", {edge} }}\n\
             ingress main {{ host = \"shop.example\", through = edge, route \"/\" -> app }}\n\
             environment production {{ target compose {{}} }}\n"
        )
    };
    let problems = refused(&text("port = 8080"));
    assert_eq!(problems[0].0.message, "`edge` carries the ingress `main` but has no `proxy` block");
    assert_eq!(problems[0].1, "edge");
    planned(&text("proxy { version = \"1.29\", certificates = \"/certs\" }"));
}

#[test]
fn the_catalogue_that_comes_with_the_compiler_is_enough_for_common_images() {
    let text = r#"
service api {
  build { stage runner { from = "node:22-alpine" } }
  port = 3000
  health { http = "/healthz" }
}
service db {
  image = "postgres:16-alpine"
  port = 5432
  env { POSTGRES_USER = "shop", POSTGRES_PASSWORD = secret.pw }
  health { every = 5s }
}
secret pw {}
environment production { target compose {} }
"#;
    let files = MemoryFiles::new([("main.stack", text)]);
    let loaded = stackc::load::load("main.stack", &files);
    let stack = stackc::check::check(&loaded.program, &project(), &files, &[]).stack.unwrap();
    let plan = stackc::plan::plan(stack, &Catalogue::embedded(), &Lock::default()).unwrap();
    let services = &plan.environments[0].services;
    assert_eq!(services["api"].health_command.as_ref().unwrap()[0], "wget");
    let check = services["db"].health_command.as_ref().unwrap().join(" ");
    assert!(check.contains("-U shop -d shop"), "{check}");
    assert_eq!(services["db"].variables[1].value, Delivered::File("pw".into()));
    assert!(matches!(&services["db"].image, ImageUse::Public(image) if image.digest.is_some()));
    assert_eq!(plan.warnings, []);
}
