//! What one artifact names, another one has: containers, objects, jobs, ports and tags across targets, in combinations
//! that no example has.
#![allow(clippy::disallowed_methods, reason = "tests read what scripts wrote")]

use stackc::Compilation;
use stackc::emit::EMITTERS;

use crate::compiled::artifact as file;
use crate::ops_scene::Scene;

const MANIFEST: &str = "name = \"shop\"\nregistry = \"ghcr.io/acme/shop\"\n";

fn built(text: &str) -> Compilation {
    built_in(text, MANIFEST)
}

fn built_in(text: &str, manifest: &str) -> Compilation {
    let project = crate::compiled::project(manifest);
    crate::compiled::text(&project, text, EMITTERS)
}

/// What targets cannot do, and mistakes.
fn told(compilation: &Compilation) -> Vec<&str> {
    let all = compilation.diagnostics.iter().filter(|problem| !problem.code.id.starts_with('L'));
    all.map(|problem| problem.message.as_str()).collect()
}

/// A service that the stack builds, with more settings.
fn service(name: &str, settings: &str) -> String {
    format!(
        r#"
service {name} {{
  build {{ stage run {{ from = "node:22-alpine", workdir = "/app", copy = ["src"] }} }}
  command = ["node", "src/server.js"]
  port    = 3000
  health  {{ http = "/health" }}
  {settings}
}}
"#
    )
}

const MACHINE: &str = "environment production { release = \"v1\", target compose }\n";
const CLUSTER: &str =
    "environment cluster { release = \"v1\", target kubernetes { namespace = \"shop\" } }\n";

#[test]
fn what_leads_to_a_datastore_runs_before_migrations_do() {
    let pooled = service("api", "env { DATABASE = the_pool.url }\n  job migrate { run = [\"migrate\"] }");
    let other = service("auth", "").replace("service", "\nservice");
    let stack = format!(
        "use std.data {{ postgres, pgbouncer }}\nservice main_db from postgres {{}}\n\
         service the_pool from pgbouncer {{ upstream = main_db }}\n{other}{}{MACHINE}{CLUSTER}",
        pooled.replace("the_pool.url", "the_pool.url, AUTH = auth.url")
    );
    let scene = Scene::of(&stack);
    scene.ops("production", &["secrets"]);
    let calls = scene.calls(&["migrate"], 0);
    assert_eq!(calls[0], "up --detach --wait --no-deps --no-recreate main-db the-pool");
    let compilation = built(&stack);
    let waits: Vec<&str> = file(&compilation, "deploy/cluster/ops")
        .lines()
        .filter(|line| line.starts_with("  wait_for ") && !line.contains('$'))
        .collect();
    assert_eq!(waits[..2], ["  wait_for main-db", "  wait_for the-pool"], "in start order, none of ours");
}

#[test]
fn the_registry_that_docker_does_not_name_has_digests_too() {
    let manifest = "name = \"shop\"\nregistry = \"docker.io/acme\"\n";
    let scene = Scene::with(&(service("api", "") + MACHINE), manifest);
    scene.calls(&["deploy", "v2"], 0);
    let pinned = std::fs::read_to_string(scene.path("deploy/production/.ops/current.yaml")).unwrap();
    assert!(pinned.ends_with("  api:\n    image: acme/api@sha256:v2\n"), "{pinned}");
}

const SAVED: &str = r#"volume "/app/data" { shared = true }
  backup { files = true, schedule = "0 3 * * *", dump = ["cp /app/data/x \"$${BACKUP_FILE}\""], restore = ["true"] }
  job nightly { run = ["tidy"], when = scheduled, schedule = "0 2 * * *" }"#;

#[test]
fn a_backup_in_an_image_of_ours_is_of_the_release_and_stays_out_of_clusters() {
    let stack = service("api", SAVED) + MACHINE + CLUSTER;
    let scene = Scene::of(&stack);
    scene.calls(&["deploy", "v2"], 0);
    let pinned = std::fs::read_to_string(scene.path("deploy/production/.ops/current.yaml")).unwrap();
    assert!(pinned.contains("  api-backup:\n    image: ghcr.io/acme/shop/api@sha256:v2\n"), "{pinned}");
    let compilation = built(&stack);
    assert!(!file(&compilation, "deploy/cluster/ops").contains("api-backup"));
    let rehearsed = SAVED.replace("restore =", "rehearse = \"0 4 * * 0\", rehearsal = [\"true\"], restore =");
    let compilation = built(&(service("api", &rehearsed) + MACHINE));
    let compose = file(&compilation, "deploy/production/compose.yaml");
    let rehearsal = compose.split("\n  api-rehearse:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    assert!(rehearsal.contains("kill -0 1"), "the image would ask the server: {rehearsal}");
}

#[test]
fn tasks_that_differ_by_a_dash_are_two() {
    let tasks = "task to-day { run = [\"echo\", \"dash\"] }\ntask to_day { run = [\"echo\", \"line\"] }\n";
    let scene = Scene::of(&(tasks.to_owned() + &service("api", "") + MACHINE));
    let said = |task: &str| crate::ops_scene::text(&scene.ops("production", &[task]));
    assert!(said("to-day").contains("dash") && said("to_day").contains("line"));
}

#[test]
fn what_runs_by_a_schedule_stands_still_while_a_copy_is_put_back() {
    let saved = SAVED.replace("dump", "image = \"alpine:3.24\", dump");
    let scene = Scene::of(&(service("api", &saved) + MACHINE + CLUSTER));
    let calls = scene.calls(&["restore", "api", "x", "--yes"], 0);
    assert!(calls.contains(&"stop api api-nightly".to_owned()), "{calls:?}");
    let output = scene.ops("cluster", &["restore", "api", "x", "--yes"]);
    assert!(output.status.success(), "{}", crate::ops_scene::text(&output));
    let calls = std::fs::read_to_string(scene.path("calls")).unwrap();
    let held = |state: &str| {
        format!(
            "--namespace shop patch cronjob api-nightly --type merge --patch {{\"spec\": {{\"suspend\": {state}}}}}"
        )
    };
    let at = |call: &str| calls.lines().position(|line| line == call);
    let (held, back) = (at(&held("true")).unwrap(), at(&held("false")).unwrap());
    let restored = calls.lines().position(|line| line.contains("\"restore\"")).unwrap();
    assert!(held < restored && restored < back, "{calls}");
}

#[test]
fn secrets_of_builds_are_files_where_images_are_built() {
    let token = service("api", "").replace("copy = [\"src\"]", "copy = [\"src\"], secrets = [secret.token]");
    let stack = format!("secret token {{ generate = false }}\n{token}{MACHINE}")
        + "environment development { mode = development, target compose }\n";
    let compilation = built(&stack);
    let declared = "secrets:\n  token:\n    file: ./secrets/token\n";
    assert!(file(&compilation, "deploy/development/compose.yaml").contains(declared));
    assert!(file(&compilation, "deploy/development/ops").contains("SECRETS=(token)"));
    assert!(file(&compilation, "deploy/development/.env.example").contains("read by the build of images"));
    assert!(!file(&compilation, "deploy/production/compose.yaml").contains("token"), "it pulls");
}

const DOOR: &str = "use std.proxy { nginx }\n";

#[test]
fn a_web_server_has_the_ports_of_the_host_alone() {
    let stack = |door: &str| {
        let site = "ingress site { host = \"a.example.com\", through = door, route \"/\" -> api }\n";
        format!("{DOOR}{}service door from nginx {{ {door} }}\n{site}{MACHINE}", service("api", ""))
    };
    let message = "2 containers of `door` cannot all have port 80 of the host";
    assert_eq!(told(&built(&stack("replicas = 2"))), [message]);
    let rolled = built(&stack("rollout rolling {}"));
    let message = "compose cannot express the rollout `rolling` of `door` that has the ports of the host for the world, \
                   which two versions cannot both have";
    assert_eq!(told(&rolled), [message]);
    assert!(!file(&rolled, "deploy/production/ops").contains("release door"));
}

#[test]
fn mounted_files_make_no_stateful_service() {
    let stack = service("api", "volume \"/app/conf\" { from = \"conf\" }\n  rollout rolling {}");
    let compilation = built(&(stack + MACHINE + CLUSTER));
    assert!(file(&compilation, "deploy/cluster/kubernetes/api.yaml").contains("kind: Deployment"));
    assert!(file(&compilation, "deploy/cluster/ops").contains("api) WORKLOAD=deployment/api ;;"));
    assert!(file(&compilation, "deploy/production/ops").contains("release api rolling"));
}

#[test]
fn the_jobs_that_try_a_version_are_of_that_version() {
    let tried = |when: &str| {
        let job = format!("job smoke {{ run = [\"smoke\"]{when} }}");
        built(&(service("api", &format!("{job}\n  rollout blue_green {{ verify = [\"smoke\"] }}")) + CLUSTER))
    };
    let compilation = tried(", when = manual");
    let manifest = file(&compilation, "deploy/cluster/kubernetes/api.yaml");
    let job = manifest.split("---\n").find(|document| document.contains("kind: CronJob")).unwrap();
    assert!(
        job.contains("app.kubernetes.io/component: next") && !job.contains("component: scheduled"),
        "{job}"
    );
    assert_eq!(told(&tried("")), ["the job `smoke` cannot try the new version of `api`"]);
}

#[test]
fn tasks_of_what_a_cluster_replaces_are_not_in_its_script() {
    let task = "task reload { service = door, run = [\"nginx\", \"-s\", \"reload\"] }\n\
                task look { service = api, run = [\"ls\"], fresh = true }\n";
    let stack = format!("{DOOR}{}service door from nginx {{}}\n{task}{CLUSTER}", service("api", ""));
    let compilation = built(&stack);
    let script = file(&compilation, "deploy/cluster/ops");
    assert!(script.contains("task_look()") && !script.contains("reload"));
    let expected = [
        "kubernetes cannot express the task `reload`",
        "kubernetes cannot express a container of its own for the task `look`",
    ];
    assert_eq!(told(&compilation), expected);
}

#[test]
fn jobs_may_call_their_own_service() {
    let job = "ports { admin = 9000 }\n  env { SELF = self.url }\n  \
               job warm { run = [\"curl\", \"http://${self.host}:${self.ports.admin}\"], when = manual }";
    let compilation = built(&(service("api", job) + CLUSTER));
    let manifest = file(&compilation, "deploy/cluster/kubernetes/api.yaml");
    let opened = manifest.matches("port: 9000\n").count();
    assert!(opened >= 3, "the service, the way in and the way out: {manifest}");
    assert_eq!(manifest.matches("# the jobs of api").count(), 1);
}

#[test]
fn copies_that_cannot_leave_have_no_container_for_it() {
    let saved = "volume \"/app/data\" { shared = true }\n  backup {\n    files = true, schedule = \"0 3 * * *\", image = \"alpine:3.24\"\n    \
                 dump = [\"true\"], offsite = \"ftp://copies\", offsite_image = \"rclone/rclone:1.75.0\"\n  }";
    let compilation = built(&(service("api", saved) + MACHINE));
    for path in ["deploy/production/compose.yaml", "deploy/production/ops"] {
        assert!(!file(&compilation, path).contains("api-offsite:"), "{path}");
        assert!(!file(&compilation, path).contains("api-offsite "), "{path}");
    }
}

/// A pipeline for some branches that deploys `production`.
fn pipeline(branches: &str, via: &str) -> String {
    format!(
        "secret key {{ generate = false }}\npipeline ci {{\n  on = [push({branches})]\n  job build {{ all = true }}\n  \
         job ship {{ after = [build], deploy = production, via {via} }}\n}}\n"
    )
}

const SSH: &str = "ssh { host = \"h.example.com\", user = \"u\", folder = \"/srv\", known_host = \"h\", \
                   credentials = secret.key }";

#[test]
fn a_pipeline_starts_the_script_of_its_cluster() {
    let both = "environment production { release = \"v1\", target compose, target kubernetes { namespace = \"shop\" } }\n";
    let stack = service("api", "") + both + &pipeline("\"main\"", "kubectl { credentials = secret.key }");
    let compilation = built(&stack);
    let workflow = file(&compilation, ".github/workflows/ci.yml");
    assert!(workflow.contains("deploy/production/ops-cluster deploy"), "{workflow}");
    assert!(file(&compilation, "deploy/production/ops-cluster").contains("kubectl"));
}

#[test]
fn branches_with_slashes_and_patterns_reach_their_jobs_and_tags() {
    let with = |branches: &str| built(&(service("api", "") + MACHINE + &pipeline(branches, SSH)));
    let compilation = with("\"main\", \"release/*\"");
    let workflow = file(&compilation, ".github/workflows/ci.yml");
    let condition = "(github.ref == 'refs/heads/main' || startsWith(github.ref, 'refs/heads/release/'))";
    assert_eq!(workflow.matches(condition).count(), 2, "{workflow}");
    let tag = "tag=$(sed -E 's/[^a-zA-Z0-9._-]+/-/g' <<<\"$GITHUB_REF_NAME\")";
    assert!(workflow.contains(tag) && workflow.contains("\"$2:$tag\""), "as the tags are made");
    let expected = [
        "github-actions cannot express the pattern `v*.x` in the condition of the job `build`",
        "github-actions cannot express the pattern `v*.x` in the condition of the job `ship`",
    ];
    assert_eq!(told(&with("\"v*.x\"")), expected);
}

#[test]
fn a_pipeline_asks_at_the_port_that_people_use() {
    let workflow = |target: &str| {
        let site = "service door from nginx {}\ningress site { host = \"a.example.com\", through = door, route \"/\" -> api }\n";
        let machine =
            format!("environment production {{ release = \"v1\", target compose {{ {target} }} }}\n");
        let stack = format!("{DOOR}{}{site}{machine}{}", service("api", ""), pipeline("\"main\"", SSH));
        file(&built(&stack), ".github/workflows/ci.yml").to_owned()
    };
    assert!(workflow("http = 8088").contains("URL: http://a.example.com:8088/health"));
    assert!(workflow("http = 8088, public = \"127.0.0.1\"").contains("URL: http://a.example.com/health"));
}

#[test]
fn a_load_balancer_in_front_ends_encryption_alone() {
    let with = |issuer: &str| {
        let site = format!(
            "service door from nginx {{}}\ningress plain {{ host = \"b.example.com\", through = door, route \"/\" -> api }}\n\
             ingress site {{ host = \"a.example.com\", through = door, tls {{ issuer = {issuer} }}, route \"/\" -> api }}\n"
        );
        let machine = "environment production { release = \"v1\", target compose { https = 8443 } }\n";
        built(&format!("{DOOR}{}{site}{machine}{}", service("api", ""), pipeline("\"main\"", SSH)))
    };
    let compilation = with("external");
    let compose = file(&compilation, "deploy/production/compose.yaml");
    assert!(!compose.contains("certificates") && !compose.contains("8443"), "{compose}");
    let server = file(&compilation, "deploy/production/nginx/nginx.conf");
    assert!(!server.contains("ssl") && !server.contains("return 301"), "it would lead to itself: {server}");
    assert!(
        server.contains("X-Forwarded-Proto https;") && server.contains("Strict-Transport-Security"),
        "{server}"
    );
    let compilation = with("files");
    let compose = file(&compilation, "deploy/production/compose.yaml");
    assert!(
        compose.contains("source: ./certificates") && compose.contains("'0.0.0.0:8443:8443'"),
        "{compose}"
    );
    let server = file(&compilation, "deploy/production/nginx/nginx.conf");
    assert!(
        server.contains("ssl_reject_handshake on"),
        "the first host needs no certificate, the others do: {server}"
    );
}

#[test]
fn a_release_that_is_built_has_a_tag_for_its_content() {
    let scene = Scene::with(&(service("api", "") + MACHINE), "name = \"shop\"\n");
    scene.calls(&["deploy"], 0);
    let pinned = || std::fs::read_to_string(scene.path("deploy/production/.ops/current.yaml")).unwrap();
    let first = pinned();
    assert!(first.ends_with("    image: shop-production-api:v1-0000000000a1\n"), "{first}");
    scene.write("content", "b");
    scene.calls(&["deploy"], 0);
    assert_ne!(first, pinned(), "the way back leads to what ran before");
}

#[test]
fn what_jobs_lack_on_a_machine_is_said() {
    let job = "job tidy { run = [\"tidy\"], retries = 3, timeout = 1min }";
    let expected = [
        "compose cannot express `timeout` of the job `tidy`",
        "compose cannot express `retries` of the job `tidy`",
    ];
    assert_eq!(told(&built(&(service("api", job) + MACHINE))), expected);
}

/// What a rule says about a stack.
fn found(text: &str, rule: &str) -> Vec<String> {
    let all = built(text).diagnostics.into_iter().filter(|problem| problem.code.id == rule);
    all.map(|problem| problem.message).collect()
}

#[test]
fn two_deployed_environments_have_places_of_their_own() {
    let machine = |name: &str, target: &str| {
        format!(
            "environment {name} {{ target compose {{ {target} }}, ingress site {{ host = \"{name}.example.com\" }} }}\n"
        )
    };
    let with = |second: &str, host: &str| {
        let job = |name: &str, host: &str| {
            let via = SSH.replace("\"h.example.com\"", host);
            format!(
                "  job to_{name} {{ after = [build], deploy = {name}, branches = [\"main\"], via {via} }}\n"
            )
        };
        let jobs = job("first", "\"h.example.com\"") + &job("second", host);
        let stack = format!(
            "{DOOR}secret key {{ generate = false }}\n{}service door from nginx {{}}\n\
             ingress site {{ host = \"x.example.com\", through = door, route \"/\" -> api }}\n{}{}\
             pipeline ci {{\n  on = [push(\"main\")]\n  job build {{ all = true }}\n{jobs}}}\n",
            service("api", ""),
            machine("first", ""),
            machine("second", second),
        );
        found(&stack, "L0811")
    };
    let message = "`first` and `second` both want port 80 of `h.example.com`";
    assert_eq!(with("", "\"h.example.com\""), [message]);
    assert_eq!(with("http = 8080", "\"h.example.com\""), [""; 0]);
    assert_eq!(with("", "\"i.example.com\""), [""; 0]);
    assert_eq!(with("", "secret.key"), [""; 0], "it may be another one in each environment");
}

#[test]
fn clocks_that_agree_and_rights_of_users_are_fine() {
    let celery = |more: &str| {
        let command = format!("[\"sh\", \"-c\", \"exec /usr/bin/celery -A shop worker -B {more}\"]");
        format!(
            "service worker {{ image = \"ghcr.io/acme/w:1.0.0\", command = {command}, replicas = 2 }}\n{MACHINE}"
        )
    };
    assert_eq!(found(&celery(""), "L0413").len(), 1);
    assert_eq!(found(&celery("--scheduler redbeat.RedBeatScheduler"), "L0413"), [""; 0]);
    let agent = |user: &str| {
        let rights = "capabilities = [\"CAP_SYS_ADMIN\"]";
        format!(
            "service agent {{ image = \"ghcr.io/acme/a:1.0.0\", user = \"{user}\", {rights} }}\n{MACHINE}"
        )
    };
    assert_eq!(found(&agent("0:0"), "L0608").len(), 1);
    assert_eq!(found(&agent("1000:1000"), "L0608"), [""; 0]);
}

#[test]
fn who_is_not_published_beside_others_is_found() {
    let stack = |published: &str| service("api", published) + &service("admin", "") + MACHINE;
    let message = "nobody can reach `admin`: nothing refers to it";
    assert_eq!(found(&stack("publish { http = 8080 }"), "L0603"), [message]);
    assert_eq!(found(&stack(""), "L0603"), [""; 0], "parts of something else");
}

#[test]
fn names_that_releases_and_clusters_use_are_taken() {
    let stack = |other: &str, settings: &str, place: &str| {
        let all = service("api", settings) + &service(other, "") + place;
        told(&built(&all)).iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let message = "the service `api_next` and the next version of `api` would both be called `api-next`";
    assert_eq!(stack("api_next", "rollout rolling {}", MACHINE), [message]);
    assert_eq!(stack("api_next", "rollout recreate {}", MACHINE), [""; 0]);
    let job = "job tidy { run = [\"tidy\"], when = manual }";
    let message = "the service `api_jobs` and the policy for jobs of `api` would both be called `api-jobs`";
    assert_eq!(stack("api_jobs", job, CLUSTER), [message]);
    assert_eq!(stack("api_jobs", job, MACHINE), [""; 0]);
}

#[test]
fn a_cluster_waits_for_the_job_that_it_made() {
    let label = "migrate_the_whole_database_of_everything";
    let stack =
        service("application_of_many_people", &format!("job {label} {{ run = [\"migrate\"] }}")) + CLUSTER;
    let compilation = built(&stack);
    let script = file(&compilation, "deploy/cluster/ops");
    let waits = script.lines().find_map(|line| line.strip_prefix("  run finished ")).unwrap();
    let manifest = file(&compilation, "deploy/cluster/kubernetes/application-of-many-people.yaml");
    let job = manifest.split("---\n").find(|document| document.contains("kind: Job\n")).unwrap();
    assert!(job.contains(&format!("\n  name: {waits}\n")), "{waits}: {job}");
}

#[test]
fn who_measures_a_database_is_told_its_role() {
    let stack = "use std.data { postgres }\nuse std.observe { postgres_exporter }\n\
                 service db from postgres { role = \"shop\" }\n\
                 service db_metrics from postgres_exporter { server = \"${db.host}:${db.port}\", password = db.password }\n";
    let missing = ["`db_metrics` does not set `database`, which its template needs"];
    let compilation = built(&(stack.to_owned() + MACHINE));
    assert_eq!(told(&compilation), missing);
}

#[test]
fn services_beside_tests_have_ports_of_their_own() {
    let stores = "use std.data { postgres, pgbouncer }\nservice users from postgres {}\nservice orders from postgres {}\n\
                  service pool from pgbouncer { upstream = users }\n";
    let env = "env { USERS = users.url, ORDERS = orders.url, POOL = pool.url }";
    let test =
        "pipeline ci {\n  on = [push(\"main\")]\n  job test { covers = [api], run = [\"npm test\"] }\n}\n";
    let compilation = built(&format!("{stores}{}{MACHINE}{test}", service("api", env)));
    let workflow = file(&compilation, ".github/workflows/ci.yml");
    assert!(workflow.contains("- \"5432:5432\"") && workflow.contains("- \"5433:5432\""), "{workflow}");
    assert!(
        workflow.contains("@localhost:5432/app") && workflow.contains("@localhost:5433/app"),
        "{workflow}"
    );
    assert!(!workflow.contains("POOL") && !workflow.contains("pool:"), "it would not start: {workflow}");
    assert_eq!(told(&compilation), ["github-actions cannot express `pool` beside the commands of `test`"]);
}

#[test]
fn a_registry_of_somebody_else_has_an_account_of_its_own() {
    let stack = service("api", "") + MACHINE + &pipeline("\"main\"", SSH);
    let manifest = "name = \"shop\"\nregistry = \"registry.example.com/acme\"\n";
    let compilation = built_in(&stack, manifest);
    let workflow = file(&compilation, ".github/workflows/ci.yml");
    assert!(!workflow.contains("GITHUB_TOKEN"), "that registry does not know it: {workflow}");
    assert_eq!(workflow.matches("${{ secrets.REGISTRY_PASSWORD }}").count(), 3, "build, deploy, machine");
    assert!(file(&built(&stack), ".github/workflows/ci.yml").contains("GITHUB_TOKEN"));
}

#[test]
fn a_cluster_does_not_miss_what_it_does_not_run() {
    let stack = "use std.observe { prometheus }\nservice prom from prometheus {}\n".to_owned()
        + &service("api", "metrics {}")
        + "environment production { target compose, target kubernetes { metrics_namespace = \"watch\" } }\n";
    let compilation = built(&stack);
    let rules = file(&compilation, "deploy/production/prometheus/rules.yml");
    assert!(rules.contains("expr: up{job=\"prom\"} == 0\n"), "{rules}");
    assert!(rules.contains("or absent(up{job=\"api\"})"), "{rules}");
    assert!(
        !file(&compilation, "deploy/production/prometheus/prometheus.kubernetes.yml")
            .contains("job_name: prom")
    );
}

#[test]
fn dashboards_of_long_names_are_taken() {
    let name = "everything_that_people_ask_for_when_they_shop";
    let stack = "use std.observe { prometheus, grafana }\nservice prom from prometheus {}\nservice shown from grafana {}\n"
        .to_owned()
        + &service(name, "metrics {}")
        + MACHINE;
    let compilation = built(&stack);
    let dashboards = compilation.artifacts.iter().filter_map(|artifact| {
        let text = artifact.path.contains("/grafana/dashboards/").then_some(&artifact.text)?;
        text.split("\"uid\": \"")
            .filter_map(|rest| rest.split('"').next())
            .find(|uid| uid.starts_with("everything"))
    });
    let uids: Vec<&str> = dashboards.collect();
    assert_eq!(uids.len(), 1);
    assert!(uids[0].len() <= 40, "{uids:?}");
}
