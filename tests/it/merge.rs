//! The four rules of layers: `=` replaces, nested blocks merge by kind and label, `+=` appends, `= none` removes;
//! over a template, a declaration and a chain of three environments, with late binding and origins.

use stackc::diagnostic::Diagnostic;
use stackc::model::{Environment, RolloutKind, Service, Stack};
use stackc::schema::Layer;

use super::ui::{render, verdict_of};

/// The environments `one`, `two` from `one` and `three` from `two` over one service.
fn stack(base: &str, layers: [&str; 3]) -> Stack {
    let [one, two, three] = layers;
    let text = format!(
        "param size: Size = 1GiB\nparam name: String = \"base\"\n\
         template service app {{ image = \"ghcr.io/acme/api:1\", env {{ FROM = \"preset\" }} }}\n\
         service api from app {{ port = 80\n{base}\n}}\n\
         environment one {{ target compose\n{one}\n}}\n\
         environment two from one {{\n{two}\n}}\n\
         environment three from two {{\n{three}\n}}\n"
    );
    let verdict = verdict_of(&text);
    assert!(!verdict.diagnostics.iter().any(Diagnostic::is_error), "{}\n{text}", render(&verdict));
    verdict.stack.unwrap()
}

/// What `show` says of the service, in the declaration order of the environments.
#[track_caller]
fn assert_layers(base: &str, layers: [&str; 3], show: impl Fn(&Service) -> String, expected: [&str; 3]) {
    let layers = layers
        .map(|layer| if layer.is_empty() { String::new() } else { format!("service api {{ {layer} }}") });
    let stack = stack(base, [&layers[0], &layers[1], &layers[2]]);
    let found: Vec<String> =
        stack.environments.values().map(|environment| show(&environment.services["api"])).collect();
    assert_eq!(found, expected);
}

fn list(values: &[stackc::schema::PublicText]) -> String {
    values.iter().map(|text| text.0.as_literal().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
}

fn env(service: &Service) -> String {
    let entries = service.env.iter().map(|(key, value)| format!("{key}={}", value.as_literal().unwrap()));
    entries.collect::<Vec<_>>().join(" ")
}

fn volumes(service: &Service) -> String {
    service
        .volume
        .iter()
        .map(|(label, volume)| format!("{label}:{}", volume.size))
        .collect::<Vec<_>>()
        .join(" ")
}

fn health(service: &Service) -> String {
    let health = service.health.as_ref();
    health.map_or("none".into(), |health| {
        format!("{} {}", health.http.as_ref().map_or("-".into(), ToString::to_string), health.retries)
    })
}

fn rollout(service: &Service) -> String {
    let rollout = service.rollout.as_ref();
    rollout.map_or("none".into(), |rollout| {
        format!("{} {} {}", rollout.label.value, rollout.surge, rollout.wait)
    })
}

#[test]
fn scalars_are_replaced_and_removed() {
    let replicas = |service: &Service| service.replicas.to_string();
    assert_layers("replicas = 2", ["replicas = 3", "", "replicas = 4"], replicas, ["3", "3", "4"]);
    assert_layers("replicas = 2", ["", "replicas = none", "replicas = 5"], replicas, ["2", "1", "5"]);
    assert_layers("", ["", "replicas = 2", ""], replicas, ["1", "2", "2"]);
}

#[test]
fn optional_values_are_removed_and_come_back() {
    let delivery = |service: &Service| service.secret_delivery.map_or("none", |word| word.word()).to_owned();
    assert_layers(
        "secret_delivery = file",
        ["", "secret_delivery = none", "secret_delivery = variable"],
        delivery,
        ["file", "none", "variable"],
    );
}

#[test]
fn lists_are_replaced_appended_and_removed() {
    let command = |service: &Service| list(&service.command);
    assert_layers(
        "command = [\"a\", \"b\"]",
        ["command += [\"c\"]", "command += \"d\"", "command = [\"e\"]"],
        command,
        ["a b c", "a b c d", "e"],
    );
    assert_layers("command = [\"a\"]", ["command = none", "command += [\"b\"]", ""], command, ["", "b", "b"]);
    assert_layers("", ["command += [\"a\"]", "command += []", "command = []"], command, ["a", "a", ""]);
}

#[test]
fn maps_merge_by_key() {
    assert_layers(
        "env { A = \"1\", B = \"2\" }",
        ["env { A = \"3\" }", "env { A = none, C = \"4\" }", "env = { D = \"5\" }"],
        env,
        ["FROM=preset A=3 B=2", "FROM=preset B=2 C=4", "D=5"],
    );
    assert_layers(
        "env.A = \"1\"",
        ["env.B = \"2\"", "env += { A = \"3\" }", "env = none"],
        env,
        ["FROM=preset A=1 B=2", "FROM=preset A=3 B=2", ""],
    );
    assert_layers(
        "env { FROM = none }",
        ["", "env { FROM = \"x\" }", "env.FROM = none"],
        env,
        ["", "FROM=x", ""],
    );
}

#[test]
fn blocks_merge_by_setting() {
    assert_layers(
        "health { http = \"/a\" }",
        ["health { retries = 5 }", "health { http = \"/b\" }", "health = none"],
        health,
        ["/a 5", "/b 5", "none"],
    );
    assert_layers(
        "health { http = \"/a\", retries = 7 }",
        ["health.retries = none", "health = { http = \"/c\" }", "health.retries = 2"],
        health,
        ["/a 3", "/c 3", "/c 2"],
    );
    assert_layers(
        "health { http = \"/a\" }",
        ["health = none", "health { http = \"/d\" }", ""],
        health,
        ["none", "/d 3", "/d 3"],
    );
}

#[test]
fn another_tag_replaces_the_block_and_the_same_merges() {
    assert_layers(
        "rollout rolling { surge = 2, unavailable = 1 }",
        [
            "rollout rolling { surge = 3 }",
            "rollout canary { wait = 2min, steps = [50%] }",
            "rollout rolling { unavailable = 1 }",
        ],
        rollout,
        ["rolling 3 30s", "canary 1 2min", "rolling 1 30s"],
    );
    assert_layers(
        "rollout canary { wait = 1min, steps = [50%] }",
        ["", "rollout = none", ""],
        rollout,
        ["canary 1 1min", "none", "none"],
    );
    let stack = stack("rollout blue_green {}", ["", "", ""]);
    assert_eq!(
        stack.environments["one"].services["api"].rollout.as_ref().unwrap().kind(),
        RolloutKind::BlueGreen
    );
}

#[test]
fn labelled_blocks_merge_by_label() {
    assert_layers(
        "volume \"/a\" { size = 1GiB }",
        ["volume \"/b\" { size = 2GiB }", "volume \"/a\" { size = 3GiB }", "volume = none"],
        volumes,
        ["/a:1GiB /b:2GiB", "/a:3GiB /b:2GiB", ""],
    );
}

#[test]
fn parameters_are_bound_late() {
    let memory = |service: &Service| service.memory.to_string();
    let stack = stack(
        "memory = size, env { NAME = \"${name}-${environment.name}\" }",
        ["size = 2GiB", "name = \"two\"", "size = 3GiB\nservice api { env { SIZED = name } }"],
    );
    let services: Vec<&Service> =
        stack.environments.values().map(|environment| &*environment.services["api"]).collect();
    assert_eq!(services.iter().map(|service| memory(service)).collect::<Vec<_>>(), ["2GiB", "2GiB", "3GiB"]);
    assert_eq!(
        services.iter().map(|service| env(service)).collect::<Vec<_>>(),
        ["FROM=preset NAME=base-one", "FROM=preset NAME=two-two", "FROM=preset NAME=two-three SIZED=two"]
    );
}

#[test]
fn template_parameters_can_be_set_by_environments() {
    let text = "template service app { param tag: String, param count: Int = 1\nimage = \"ghcr.io/acme/app:${tag}\", replicas = count }\n\
                service api from app { tag = \"1\" }\n\
                environment one { target compose }\nenvironment two from one { service api { tag = \"2\", count = 4 } }\n";
    let verdict = verdict_of(text);
    let stack = verdict.stack.as_ref().unwrap_or_else(|| panic!("{}", render(&verdict)));
    let show = |environment: &Environment| {
        let service = &environment.services["api"];
        format!("{} {}", service.image.as_ref().unwrap(), service.replicas)
    };
    let found: Vec<String> = stack.environments.values().map(show).collect();
    assert_eq!(found, ["ghcr.io/acme/app:1 1", "ghcr.io/acme/app:2 4"]);
}

#[test]
fn nested_blocks_take_templates_and_later_layers_set_their_parameters() {
    let text =
        "template health probe { param path: UrlPath, param often: Int = 3, http = path, retries = often }
         template health patient from probe { often = 9, every = 60s }
         service api { image = \"ghcr.io/acme/api:1\", port = 80, health { retries = 1, every = 1s } }
         environment one   { target compose, service api { health from probe { path = \"/a\" } } }
         environment two   from one { service api { health { often = 5 } } }
         environment three from two { service api { health.path = \"/c\", health.retries = 7 } }
         environment four  from two { service api { health from patient { path = \"/d\" } } }";
    let verdict = verdict_of(text);
    assert!(!verdict.diagnostics.iter().any(Diagnostic::is_error), "{}", render(&verdict));
    let shown = verdict.stack.unwrap();
    let shown = shown.environments.values().map(|environment| {
        let health = environment.services["api"].health.as_ref().unwrap();
        format!("{} {} {}", health.http.as_ref().unwrap(), health.retries, health.every)
    });
    let shown: Vec<String> = shown.collect();
    assert_eq!(shown, ["/a 3 10s", "/a 5 10s", "/c 7 10s", "/d 9 1min"]);
}

#[test]
fn every_value_knows_its_layer_and_place() {
    let text = "template service app {\n  image = \"ghcr.io/acme/api:1\"\n  env { FROM = \"preset\" }\n  stop { grace = 10s }\n}\n\
                service api from app {\n  port = 80\n  replicas = 2\n}\n\
                environment one {\n  target compose\n  service api { replicas = 3, health { http = \"/\" } }\n}\n\
                environment two from one {\n  service api { memory = 1GiB, env { LATE = \"x\" } }\n}\n";
    let verdict = verdict_of(text);
    let stack = verdict.stack.as_ref().unwrap_or_else(|| panic!("{}", render(&verdict)));
    let service = &stack.environments["two"].services["api"];
    let of = |field: &str| {
        let origin = service.origins.field(field);
        let source = verdict.sources.get(origin.span.source).unwrap();
        (origin.layer, source.slice(origin.span))
    };
    assert_eq!(of("image"), (Layer::Preset, "\"ghcr.io/acme/api:1\""));
    assert_eq!(of("stop"), (Layer::Preset, "stop { grace = 10s }"));
    assert_eq!(of("port"), (Layer::Base, "80"));
    assert_eq!(of("replicas"), (Layer::Environment(0), "3"));
    assert_eq!(of("health"), (Layer::Environment(0), "health { http = \"/\" }"));
    assert_eq!(of("memory"), (Layer::Environment(1), "1GiB"));
    assert_eq!(of("cpu").0, Layer::Default);
    assert!(!service.origins.is_set("cpu"));
    let entry = |key: &str| {
        let value = &service.env[key];
        (value.origin.layer, verdict.sources.get(value.origin.span.source).unwrap().slice(value.origin.span))
    };
    assert_eq!(entry("FROM"), (Layer::Preset, "\"preset\""));
    assert_eq!(entry("LATE"), (Layer::Environment(1), "\"x\""));
}

/// All orders of the declarations say the same.
#[test]
fn the_order_of_declarations_means_nothing() {
    let declarations = [
        "let tag = \"1.2\"",
        "param size: Size = wide",
        "let wide = 2GiB",
        "secret pw",
        "template service app from lower { port = 80 }",
        "template service lower { image = \"ghcr.io/acme/api:${tag}\" }",
        "service api from app { memory = size, env { DB = db.url, PW = secret.pw } }",
        "service db { image = \"postgres:17.5\", port = 5432 }",
        "environment two from one { size = 4GiB }",
        "environment one { target compose, service db { replicas = 1 } }",
        "check api.memory >= 1GiB else \"too small\"",
    ];
    let sorted = |stack: &Stack| {
        let mut shown: Vec<String> = Vec::new();
        for environment in stack.environments.values() {
            for service in environment.services.values() {
                let (memory, image) = (service.memory, service.image.as_ref().unwrap());
                let env: Vec<String> =
                    service.env.iter().map(|(key, value)| format!("{key}={:?}", value.value)).collect();
                shown.push(format!(
                    "{} {} {image} {memory} {:?} {env:?}",
                    environment.name,
                    service.label.value,
                    service.listeners()
                ));
            }
            shown.push(format!(
                "{} {:?} {:?}",
                environment.name,
                environment.chain,
                environment.secrets.keys()
            ));
        }
        shown.sort();
        shown
    };
    let checked = |order: &[&str]| {
        let verdict = verdict_of(&order.join("\n"));
        let stack =
            verdict.stack.as_ref().unwrap_or_else(|| panic!("{}\n{}", render(&verdict), order.join("\n")));
        let names: Vec<String> = stack.environments.keys().map(ToString::to_string).collect();
        let declared: Vec<String> = order
            .iter()
            .filter_map(|text| text.strip_prefix("environment "))
            .map(|text| text.split(' ').next().unwrap().to_owned())
            .collect();
        assert_eq!(names, declared, "environments keep the order of their declarations");
        sorted(stack)
    };
    let first = checked(&declarations);
    let count = declarations.len();
    for step in 1..count {
        let mut rotated = declarations.to_vec();
        rotated.rotate_left(step);
        assert_eq!(checked(&rotated), first);
        let mut swapped = declarations.to_vec();
        swapped.swap(0, step);
        swapped.swap(count - 1, step / 2);
        assert_eq!(checked(&swapped), first);
    }
    let mut reversed = declarations.to_vec();
    reversed.reverse();
    assert_eq!(checked(&reversed), first);
}
