//! What one artifact names, another one has: containers, objects, jobs, ports and tags across targets, in combinations
//! that no example has.

use stackc::emit::EMITTERS;
use stackc::lock::Lock;
use stackc::project::Manifest;
use stackc::source::{MemoryFiles, SourceId};
use stackc::{Compilation, Request, compile};

const MANIFEST: &str = "name = \"shop\"\nregistry = \"ghcr.io/acme/shop\"\n";

fn built(text: &str) -> Compilation {
    let project = Manifest::parse(SourceId(0), MANIFEST).unwrap().project("shop");
    let request = Request {
        entry: "main.stack",
        project: &project,
        lock: &Lock::default(),
        environments: &[],
        targets: EMITTERS,
    };
    compile(&request, &MemoryFiles::new([("main.stack", text)]))
}

fn file<'a>(compilation: &'a Compilation, path: &str) -> &'a str {
    let found = compilation.artifacts.iter().find(|artifact| artifact.path == path);
    &found.unwrap_or_else(|| panic!("no {path}: {:?}", compilation.diagnostics)).text
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

const DOOR: &str = "use std.proxy { nginx }\n";

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
    assert!(workflow.contains("\"$2:${GITHUB_REF_NAME//[^a-zA-Z0-9._-]/-}\""), "as the tags are made");
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
