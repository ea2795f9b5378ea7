//! Patches: what they change, and what is refused because it would change nothing.

use stackc::diagnostic::Diagnostic;
use stackc::emit::{EMITTERS, Emitter};
use stackc::lock::Lock;
use stackc::model::Project;
use stackc::source::{MemoryFiles, SourceMap, Span};
use stackc::{Compilation, Request, compile};

/// A stack on two targets; `{service}`, `{ingress}`, `{environment}` and `{top}` are places for patches.
const STACK: &str = r#"
use std.proxy { nginx }

environment production {
  target compose
  target kubernetes { class = "envoy" }
{environment}
}

environment staging {
  target compose
}

secret token

## Answers.
service api {
  image   = "traefik/whoami:v1.11"
  port    = 8080
  command = ["--port", "8080"]
{service}
}

service edge from nginx

ingress site {
  host    = "shop.example"
  through = edge
  route "/" -> api
{ingress}
}
{top}
"#;

fn project() -> Project {
    Project {
        name: "shop".into(),
        registry: Some("ghcr.io/acme/shop".into()),
        repository: None,
        licence: None,
        owner: None,
        output: "deploy".into(),
        rules: std::collections::BTreeMap::new(),
        known: stackc::diagnostic::Baseline::default(),
    }
}

/// Where a patch stands in the stack.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Top,
    Service,
    Ingress,
    Environment,
}

/// All environments, or those that are named; all targets, or those.
fn build_some(place: Place, patch: &str, environments: &[&str], targets: &[&str]) -> Compilation {
    let slot = |wanted: Place| if wanted == place { patch } else { "" };
    let text = STACK
        .replace("{top}", slot(Place::Top))
        .replace("{service}", slot(Place::Service))
        .replace("{ingress}", slot(Place::Ingress))
        .replace("{environment}", slot(Place::Environment));
    let files = MemoryFiles::new([("main.stack", &*text)]);
    let is_asked = |emitter: &&dyn Emitter| targets.is_empty() || targets.contains(&emitter.name());
    let targets: Vec<&dyn Emitter> = EMITTERS.iter().copied().filter(is_asked).collect();
    let request = Request {
        entry: "main.stack",
        project: &project(),
        lock: &Lock::default(),
        environments: &environments.iter().map(ToString::to_string).collect::<Vec<_>>(),
        targets: &targets,
    };
    compile(&request, &files)
}

fn build(place: Place, patch: &str) -> Compilation {
    build_some(place, patch, &[], &[])
}

fn file(compilation: &Compilation, path: &str) -> String {
    let found = compilation.artifacts.iter().find(|artifact| artifact.path == format!("deploy/{path}"));
    found.map_or_else(|| panic!("{:#?}", compilation.diagnostics), |artifact| artifact.text.clone())
}

/// The lines that a patch takes away from a file, with `-`, and brings, with `+`.
fn difference(artifact: &str, place: Place, patch: &str) -> String {
    let (before, after) = (file(&build(place, ""), artifact), file(&build(place, patch), artifact));
    let (before, after): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let head = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
    let (before, after) = (&before[head..], &after[head..]);
    let tail = before.iter().rev().zip(after.iter().rev()).take_while(|(a, b)| a == b).count();
    let removed = before[..before.len() - tail].iter().map(|line| format!("-{line}\n"));
    removed.chain(after[..after.len() - tail].iter().map(|line| format!("+{line}\n"))).collect()
}

const COMPOSE: &str = "production/compose.yaml";
const API: &str = "production/kubernetes/api.yaml";
const NGINX: &str = "production/nginx/nginx.conf";

fn slice(sources: &SourceMap, span: Span) -> String {
    sources.get(span.source).unwrap().slice(span).to_owned()
}

/// The one error: its code, its message, the text that it points at and its help.
fn error(compilation: &Compilation) -> (&Diagnostic, String) {
    let errors: Vec<&Diagnostic> = compilation.diagnostics.iter().filter(|it| it.is_error()).collect();
    let [error] = errors.as_slice() else {
        panic!("expected one error, found {errors:#?}");
    };
    assert!(compilation.artifacts.is_empty(), "an error leaves no artifacts");
    let place = error.primary.as_ref().map(|label| slice(&compilation.sources, label.span)).unwrap();
    let help = error.help.as_deref().unwrap_or_default();
    (error, format!("{} {}\nat {place}\nhelp: {help}", error.code.id, error.message))
}

fn refused(place: Place, patch: &str) -> String {
    error(&build(place, patch)).1
}

fn is_clean(compilation: &Compilation) -> bool {
    !stackc::diagnostic::has_errors(&compilation.diagnostics)
}

#[test]
fn a_patch_in_a_service_is_relative_to_its_container() {
    assert_eq!(
        difference(COMPOSE, Place::Service, r#"patch compose { stop_grace_period = "90s" }"#),
        "-    stop_grace_period: \"30s\"\n+    stop_grace_period: \"90s\"\n"
    );
}

#[test]
fn a_patch_at_the_top_changes_every_file_and_nothing_else() {
    let compilation = build(Place::Top, "patch compose { services.api.init = false }");
    for environment in ["production", "staging"] {
        let text = file(&compilation, &format!("{environment}/compose.yaml"));
        assert!(text.contains("\n  # Answers.\n  api:\n"), "comments stay: {text}");
    }
    assert_eq!(
        difference(COMPOSE, Place::Top, "patch compose { services.api.init = false }"),
        "-    init: true\n+    init: false\n"
    );
}

#[test]
fn a_patch_in_an_environment_stays_there() {
    let compilation = build(Place::Environment, "patch compose { services.api.init = false }");
    assert!(file(&compilation, COMPOSE).contains("init: false\n"));
    assert!(!file(&compilation, "staging/compose.yaml").contains("init: false\n"));
}

#[test]
fn what_is_missing_is_made() {
    let patch = "patch compose { x-limits { soft { \"nofile.max\" = 1024, share = 0.5 } } }";
    assert_eq!(
        difference(COMPOSE, Place::Top, patch),
        "+x-limits:\n+  soft:\n+    nofile.max: 1024\n+    share: 0.5\n"
    );
    let patch = r#"patch compose { sysctls = { "net.core.somaxconn" = 1024 } }"#;
    assert_eq!(
        difference(COMPOSE, Place::Service, patch),
        "+    sysctls:\n+      net.core.somaxconn: 1024\n"
    );
}

#[test]
fn what_leads_nowhere_is_refused() {
    assert_eq!(
        refused(Place::Top, "patch compose { services.apii.shm_size = \"1m\", services.api.init = false }"),
        "E0701 `services` has no `apii`\nat services.apii.shm_size = \"1m\"\nhelp: did you mean `api`?"
    );
    assert_eq!(
        refused(Place::Top, "patch compose { servces.api.init = false }"),
        "E0701 the document has no `servces`\nat servces.api.init = false\nhelp: did you mean `services`?"
    );
    assert_eq!(
        refused(Place::Service, "patch compose { shm_sise = \"1m\" }"),
        "E0701 `api` has no `shm_sise`\nat shm_sise = \"1m\"\nhelp: did you mean `shm_size`?"
    );
    assert_eq!(
        refused(Place::Service, "patch compose { logging.optoins = none, logging.drivr = \"local\" }"),
        "E0701 `logging` has no `drivr`\nat logging.drivr = \"local\"\nhelp: did you mean `driver`?"
    );
    assert_eq!(
        refused(Place::Service, "patch k8s.deployment { spec.tmplate.spec.hostPID = false }"),
        "E0701 `spec` has no `tmplate`\nat spec.tmplate.spec.hostPID = false\nhelp: did you mean `template`?"
    );
    assert!(is_clean(&build(Place::Service, "patch compose { ulimits.nofile.soft = 1024 }")));
    assert!(is_clean(&build(
        Place::Service,
        "patch k8s.deployment { metadata.annotations.reviewed = \"yes\" }"
    )));
}

#[test]
fn none_removes() {
    assert_eq!(
        difference(COMPOSE, Place::Service, "patch compose { logging.options = none }"),
        "-      options:\n-        max-file: \"3\"\n-        max-size: \"10m\"\n"
    );
}

#[test]
fn numbers_are_items_and_plus_appends() {
    assert_eq!(
        difference(COMPOSE, Place::Service, r#"patch compose { command.1 = "9090" }"#),
        "-    command: [\"--port\", \"8080\"]\n+    command: [\"--port\", \"9090\"]\n"
    );
    assert_eq!(
        difference(COMPOSE, Place::Service, r#"patch compose { cap_drop += ["NET_RAW"] }"#),
        "+      - NET_RAW\n"
    );
    assert_eq!(
        refused(Place::Service, r#"patch compose { command.2 = "x" }"#),
        "E0701 `command.2` has no item `2`: the list has the items `0` to `1`\nat command.2 = \"x\"\nhelp: use the number of an item, or append with `path += [ … ]`"
    );
    assert_eq!(
        refused(Place::Service, r#"patch compose { stop_signal.0 = "x" }"#),
        "E0701 there is no list for the item `0` of `stop_signal.0`\nat stop_signal.0 = \"x\"\nhelp: set the whole list: `path = [ … ]`"
    );
    assert_eq!(
        refused(Place::Service, "patch compose { init += [true] }"),
        "E0701 `+=` appends to lists, and `init` is `true`\nat init += [true]\nhelp: write `=` to replace the value"
    );
}

#[test]
fn references_are_spelled() {
    assert_eq!(
        difference(
            COMPOSE,
            Place::Service,
            r#"patch compose { labels.address = "${edge.host}:${api.port}" }"#
        ),
        "+    labels:\n+      address: edge:8080\n"
    );
}

#[test]
fn kubernetes_objects_are_selected_by_kind() {
    let patch = "patch k8s.deploy {\n  spec.template.spec.terminationGracePeriodSeconds = 61\n  spec { template { spec.containers.0.stdin = true } }\n}";
    let text = file(&build(Place::Service, patch), API);
    let deployment = text.split("---\n").find(|text| text.contains("kind: Deployment")).unwrap();
    assert!(deployment.starts_with("# Answers.\n"), "{deployment}");
    assert!(deployment.contains("      terminationGracePeriodSeconds: 61\n"), "{deployment}");
    assert!(deployment.contains("          stdin: true\n"), "{deployment}");
    let everywhere =
        build(Place::Top, "patch kubernetes.networkpolicy { metadata.annotations.reviewed = \"yes\" }");
    for path in [API, "production/kubernetes/namespace.yaml"] {
        assert!(file(&everywhere, path).contains("    reviewed: \"yes\"\n"), "{path}");
    }
}

#[test]
fn an_unknown_kind_has_candidates() {
    let compilation = build(Place::Service, "patch kubernetes.deploymnt { spec.paused = true }");
    let (problem, text) = error(&compilation);
    assert_eq!(
        text,
        "E0701 `patch kubernetes.deploymnt` matches no object of `api`\nat deploymnt\nhelp: did you mean `deployment`?"
    );
    assert_eq!(problem.fixes[0].edits[0].text, "deployment");
    assert_eq!(
        refused(Place::Service, "patch kubernetes.hpa { spec.maxReplicas = 9 }"),
        "E0701 `patch kubernetes.hpa` matches no object of `api`\nat hpa\nhelp: expected `deployment`, `networkpolicy`, `service` or `serviceaccount`"
    );
    assert_eq!(
        refused(Place::Ingress, "patch compose { init = false }"),
        "E0701 `patch compose` matches no object of `site`\nat compose\nhelp: patch `api` or `edge` instead, or the file at the top of it"
    );
}

#[test]
fn an_unknown_target_has_candidates() {
    assert_eq!(
        refused(Place::Top, "patch composer { name = \"x\" }"),
        "E0701 no target `composer` takes patches\nat composer\nhelp: did you mean `compose`?"
    );
}

#[test]
fn a_patch_that_changes_nothing_is_refused() {
    assert_eq!(
        refused(Place::Service, "patch compose { init = true }"),
        "E0701 `patch compose` changes nothing: `init` is already `true`\nat compose\nhelp: remove the patch, or set another value"
    );
    assert_eq!(
        refused(Place::Service, "patch compose { stop_signal = none }"),
        "E0701 `patch compose` changes nothing: `stop_signal` is not there\nat compose\nhelp: remove the patch, or set another value"
    );
    assert!(is_clean(&build(Place::Service, "patch compose { init = true, tty = true }")));
}

#[test]
fn nothing_is_below_a_scalar() {
    assert_eq!(
        refused(Place::Service, "patch compose { init.path = \"x\" }"),
        "E0701 nothing can be below `true`, so `init.path` has no `path`\nat init.path = \"x\"\nhelp: end the path before it, to replace the value as a whole"
    );
}

#[test]
fn secrets_and_units_do_not_pass() {
    assert_eq!(
        refused(Place::Service, r#"patch compose { labels.key = "is ${secret.token}" }"#),
        "E0501 the secret `token` would be readable here\nat \"is ${secret.token}\"\nhelp: hand it over in `env`, where it is a reference; `stackc explain E0501` lists the other places"
    );
    assert!(
        refused(Place::Service, "patch compose { labels = { a = [secret.token] } }").starts_with("E0501 ")
    );
    assert_eq!(
        refused(Place::Service, "patch compose { shm_size = 64MiB }"),
        "E0403 a patch cannot hold the size `64MiB`\nat shm_size = 64MiB\nhelp: write the value as the target spells it, as a number or in quotes"
    );
}

#[test]
fn the_form_belongs_to_the_target() {
    assert_eq!(
        refused(Place::Top, "patch compose \"\"\"init: true\"\"\""),
        "E0701 `compose` has values with a path, and no place for raw text\nat compose\nhelp: write `patch compose { path.to.key = value }`"
    );
    assert_eq!(
        refused(Place::Top, "patch nginx.server { aio = true }"),
        "E0701 `nginx` has directives, not values with a path\nat nginx.server\nhelp: write `patch nginx.server \"\"\"…\"\"\"`"
    );
    assert_eq!(
        refused(Place::Top, "patch k8s { spec.paused = true }"),
        "E0701 `k8s` has objects of several kinds\nat k8s\nhelp: write `patch k8s.deployment { path.to.key = value }`"
    );
}

#[test]
fn directives_go_to_the_end_of_their_blocks() {
    let patch = "patch nginx.location \"\"\"\n    proxy_buffering off;\n    proxy_redirect off;\n  \"\"\"";
    let expected = "+\n+            # From a patch.\n+            proxy_buffering off;\n+            proxy_redirect off;\n";
    for place in [Place::Service, Place::Ingress, Place::Top] {
        assert_eq!(difference(NGINX, place, patch), expected);
    }
    assert_eq!(
        difference(NGINX, Place::Ingress, "patch nginx.server \"\"\"aio on;\"\"\""),
        "+\n+        # From a patch.\n+        aio on;\n"
    );
    assert_eq!(
        difference(NGINX, Place::Top, "patch nginx.http \"\"\"aio on;\"\"\""),
        "+\n+    # From a patch.\n+    aio on;\n"
    );
    assert_eq!(
        refused(Place::Service, "patch nginx.servr \"\"\"aio on;\"\"\""),
        "E0701 `patch nginx.servr` matches no object of `api`\nat servr\nhelp: expected `location`"
    );
}

#[test]
fn a_shared_patch_is_judged_over_all_environments() {
    // Only production has a cluster.
    let patch = "patch kubernetes.deployment { spec.paused = true }";
    assert!(is_clean(&build(Place::Top, patch)));
    assert!(is_clean(&build_some(Place::Top, patch, &["staging"], &[])));
    assert!(is_clean(&build_some(Place::Top, "patch kubernetes.job { spec.a = 1 }", &["staging"], &[])));
}

#[test]
fn a_patch_of_an_environment_needs_its_target() {
    let patch =
        "}\nenvironment preview {\n  target compose\n  patch kubernetes.deployment { spec.paused = true }";
    assert_eq!(
        refused(Place::Environment, patch),
        "E0701 the environment `preview` does not have the target `kubernetes`\nat kubernetes.deployment\nhelp: remove the patch, or move it to the environment that has the target"
    );
}

#[test]
fn a_target_that_is_not_asked_for_is_not_judged() {
    let patch = "patch kubernetes.job { spec.paused = true }";
    assert!(is_clean(&build_some(Place::Top, patch, &[], &["compose"])));
    let asked = build_some(Place::Top, patch, &[], &["kubernetes"]);
    assert!(error(&asked).1.starts_with("E0701 `patch kubernetes.job` matches no object\n"));
}

#[test]
fn a_shared_patch_needs_one_environment_with_its_target() {
    let text = "environment dev { target compose }\nservice api { image = \"traefik/whoami:v1.11\", port = 8080 }\npatch k8s.deployment { spec.paused = true }\n";
    let files = MemoryFiles::new([("main.stack", text)]);
    assert_eq!(
        error(&crate::compiled::files(&project(), &files, EMITTERS)).1,
        "E0701 no environment has the target `kubernetes`\nat k8s.deployment\nhelp: remove the patch, or give an environment the target"
    );
}
