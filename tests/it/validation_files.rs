//! Translation validation of Dockerfiles, nginx configurations, routes and policies of clusters, and workflows, by the
//! readers of `readers`. Must not look at how a document is laid out.

use std::collections::BTreeSet;

use saphyr::Yaml;
use stackc::model::{Ingress, Issuer, Stage};
use stackc::plan::{EnvironmentPlan, ImagePlan, dns};
use stackc::schema::{Reference, Value};

use crate::readers::{Directive, DockerStage, dockerfile, nginx, upstreams};
use crate::validation::{Emitted, emitted, texts};

#[test]
fn dockerfiles_say_what_was_planned() {
    let mut seen = 0;
    for example in emitted() {
        for image in &example.plan.images {
            let path = format!("{}/docker/{}.Dockerfile", example.plan.project.output, image.name);
            let stages = dockerfile(example.text(&path));
            let names: BTreeSet<&str> = stages.iter().map(|stage| stage.name.as_str()).collect();
            let planned: BTreeSet<&str> = image.build.stage.keys().map(|name| &**name).collect();
            assert_eq!(names, planned, "{path}");
            for stage in &stages {
                compare_stage(&example, image, &image.build.stage[stage.name.as_str()], stage);
            }
            compare_runtime(image, stages.last().unwrap());
            seen += 1;
        }
    }
    assert!(seen >= 6, "{seen}");
}

fn compare_stage(example: &Emitted, image: &ImagePlan, planned: &Stage, stage: &DockerStage) {
    let place = format!("{}: {}/{}", example.name, image.name, stage.name);
    let from = stage.from.split('@').next().unwrap();
    assert_eq!(from, &*planned.from, "{place}");
    assert_eq!(stage.all("WORKDIR").next(), planned.workdir.as_deref(), "{place}");
    let arguments: BTreeSet<String> = planned.args.iter().map(|name| (**name).to_owned()).collect();
    assert_eq!(stage.names("ARG").into_iter().collect::<BTreeSet<_>>(), arguments, "{place}");
    let variables = stage.names("ENV");
    for name in planned.env.keys() {
        assert!(variables.contains(&name.to_string()), "{place} lacks {name}");
    }
    let copies = stage.copies();
    let has = |from: Option<&str>, source: &str| {
        copies.iter().any(|(own, sources, _)| {
            let own = own.as_deref().map(|own| own.split('@').next().unwrap_or(own));
            own == from && sources.iter().any(|known| known == source)
        })
    };
    for path in &planned.copy {
        let source = path.below(&image.build.context);
        assert!(has(None, &source), "{place} does not copy {source}: {copies:?}");
    }
    for (from, take) in &planned.take {
        for (path, target) in &take.files {
            let end = path.trim_start_matches("./");
            let found = copies.iter().any(|(own, sources, to)| {
                let own = own.as_deref().map(|own| own.split('@').next().unwrap_or(own));
                own == Some(&**from)
                    && sources.iter().any(|known| known.ends_with(end))
                    && *to == *target.value
            });
            assert!(found, "{place} does not take {path} from {from}: {copies:?}");
        }
    }
    let lines = stage.all("RUN").collect::<Vec<_>>().join(" ");
    let lines: String = lines.split_whitespace().collect();
    for line in &planned.run {
        let line: String = line.split_whitespace().collect();
        assert!(lines.contains(&line), "{place} does not run {line}: {lines}");
    }
}

fn compare_runtime(image: &ImagePlan, last: &DockerStage) {
    let name = &image.name;
    let service = &image.service;
    assert_eq!(last.all("USER").last().unwrap(), service.user.to_string(), "{name}");
    let ports: BTreeSet<u16> =
        last.all("EXPOSE").flat_map(str::split_whitespace).map(|port| port.parse().unwrap()).collect();
    let listeners: BTreeSet<u16> = service.listeners().into_iter().map(|(_, port)| port).collect();
    assert_eq!(ports, listeners, "{name}");
    let command: Option<Vec<&str>> = service.command.iter().map(|word| word.0.as_literal()).collect();
    if let Some(command) = command.filter(|command| !command.is_empty()) {
        let started = [last.exec("ENTRYPOINT"), last.exec("CMD")].into_iter().flatten().flatten();
        let started: Vec<String> = started.collect();
        assert!(
            started.ends_with(&command.iter().map(ToString::to_string).collect::<Vec<_>>()),
            "{name}: {started:?}"
        );
    }
    let check =
        last.all("HEALTHCHECK").last().and_then(|text| text.split_once("CMD ")).map(|(_, words)| words);
    match (&image.health_command, check) {
        (Some(command), Some(words)) => {
            let words: Vec<String> = serde_json::from_str(words).unwrap();
            assert_eq!(&words, command, "{name}");
        }
        (Some(_), None) => panic!("{name} has no check"),
        (None, _) => {}
    }
}

/// The service and port that each path leads to.
fn routes(environment: &EnvironmentPlan, ingress: &Ingress) -> BTreeSet<(String, String)> {
    let routes = ingress.route.values().map(|route| {
        let Value::Reference(Reference::Service { name, port }) = &route.to.as_ref().unwrap().value else {
            panic!("a route leads nowhere")
        };
        let listeners = environment.model.services[name].listeners();
        let wanted = |(label, _): &&(&str, u16)| port.as_deref().is_none_or(|port| port == *label);
        let preferred = listeners.iter().find(|(label, _)| port.is_none() && *label == "http");
        let (_, number) = preferred.or_else(|| listeners.iter().find(wanted)).unwrap();
        (route.label.value.to_string(), format!("{}:{number}", dns(name)))
    });
    routes.collect()
}

#[test]
fn web_servers_route_what_was_planned() {
    let mut seen = 0;
    for example in emitted() {
        for environment in example.plan.environments.iter().filter(|known| known.model.compose().is_some()) {
            let path = format!("{}/{}/nginx/nginx.conf", example.plan.project.output, environment.name());
            let Some(text) = example.find(&path) else {
                assert!(environment.model.services.values().all(|service| service.proxy.is_none()), "{path}");
                continue;
            };
            let whole = nginx(text);
            let http = whole.all("http").next().unwrap();
            for ingress in environment.model.ingresses.values() {
                compare_site(&path, environment, ingress, http);
                seen += 1;
            }
        }
    }
    assert!(seen >= 5, "{seen}");
}

fn compare_site(path: &str, environment: &EnvironmentPlan, ingress: &Ingress, http: &Directive) {
    let known = upstreams(http);
    let is_of_site = |server: &&Directive| {
        server.one("server_name").is_some_and(|names| names.contains(&ingress.host.to_string()))
    };
    let servers: Vec<&Directive> = http.all("server").filter(is_of_site).collect();
    assert!(!servers.is_empty(), "{path}: nobody serves {}", &*ingress.host);
    let mut found: BTreeSet<(String, String)> = BTreeSet::new();
    for location in servers.iter().flat_map(|server| server.all("location")) {
        let Some([target]) = location.one("proxy_pass") else { continue };
        let name = target.trim_start_matches("http://").split('/').next().unwrap();
        let hosts = known.get(name).unwrap_or_else(|| panic!("{path}: no upstream {name}"));
        let place = location.words.last().unwrap();
        let place = if place.len() > 1 { place.trim_end_matches('/') } else { place };
        found.extend(hosts.iter().map(|host| (place.to_owned(), host.clone())));
    }
    for route in routes(environment, ingress) {
        assert!(found.contains(&route), "{path}: {route:?} is not in {found:?}");
    }
    let ends_here = ingress.tls.as_ref().is_some_and(|tls| tls.issuer != Issuer::External);
    let is_encrypted =
        |server: &Directive| server.all("listen").any(|listen| listen.words.contains(&"ssl".to_owned()));
    assert_eq!(servers.iter().any(|server| is_encrypted(server)), ends_here, "{path}");
}

#[test]
fn clusters_route_and_allow_what_was_planned() {
    let mut seen = 0;
    for example in emitted() {
        for environment in example.plan.environments.iter().filter(|known| known.model.kubernetes().is_some())
        {
            let folder = format!("{}/{}/kubernetes", example.plan.project.output, environment.name());
            if let Some(text) = example.find(&format!("{folder}/edge.yaml")) {
                let documents = texts(text);
                for ingress in environment.model.ingresses.values() {
                    compare_edge(&folder, environment, ingress, &documents);
                }
            }
            for name in environment.model.services.keys() {
                seen += compare_policy(&example, &folder, environment, name);
            }
        }
    }
    assert!(seen > 3, "{seen}");
}

/// All `{ name, port }` of backends below a node, with the path beside them.
fn backends(yaml: &Yaml<'_>, path: Option<&str>, found: &mut BTreeSet<(String, String)>) {
    if let Some(list) = yaml.as_sequence() {
        for item in list {
            backends(item, path, found);
        }
    }
    let Some(map) = yaml.as_mapping() else { return };
    let own = ["path", "value"].iter().find_map(|key| yaml.as_mapping_get(key)?.as_str());
    let own = own.filter(|path| path.starts_with('/'));
    let matched = yaml.as_mapping_get("matches").and_then(|matches| matches.as_sequence()?.first());
    let matched = matched.and_then(|first| first.as_mapping_get("path")?.as_mapping_get("value")?.as_str());
    let path = own.or(matched).or(path);
    let name = yaml.as_mapping_get("name").and_then(Yaml::as_str);
    let port = yaml.as_mapping_get("port");
    let port =
        port.and_then(|port| port.as_integer().or_else(|| port.as_mapping_get("number")?.as_integer()));
    if let (Some(name), Some(port), Some(path)) = (name, port, path) {
        found.insert((path.to_owned(), format!("{name}:{port}")));
    }
    for value in map.values() {
        backends(value, path, found);
    }
}

fn compare_edge(folder: &str, environment: &EnvironmentPlan, ingress: &Ingress, documents: &[Yaml<'_>]) {
    let mut found = BTreeSet::new();
    for document in documents {
        backends(document, None, &mut found);
    }
    for route in routes(environment, ingress) {
        assert!(found.contains(&route), "{folder}: {route:?} is not in {found:?}");
    }
}

/// Every connection that was planned is allowed by the policy of the one who calls, and no other inside the stack.
fn compare_policy(example: &Emitted, folder: &str, environment: &EnvironmentPlan, name: &str) -> usize {
    let Some(text) = example.find(&format!("{folder}/{}.yaml", dns(name))) else { return 0 };
    let documents = texts(text);
    let is_own = |document: &&Yaml<'_>| {
        document["kind"].as_str() == Some("NetworkPolicy")
            && document["metadata"]["name"].as_str() == Some(&dns(name))
    };
    let policy = documents.iter().find(is_own).unwrap_or_else(|| panic!("{folder}: {name} has no policy"));
    let mut allowed = BTreeSet::new();
    let egress = policy["spec"].as_mapping_get("egress").and_then(Yaml::as_sequence);
    for rule in egress.into_iter().flatten() {
        let Some(to) = rule.as_mapping_get("to").and_then(Yaml::as_sequence) else { continue };
        let peers = to.iter().filter_map(|peer| {
            peer.as_mapping_get("podSelector")?["matchLabels"]["app.kubernetes.io/name"].as_str()
        });
        for peer in peers {
            for port in rule["ports"].as_sequence().unwrap() {
                allowed.insert((peer.to_owned(), port["port"].as_integer().unwrap()));
            }
        }
    }
    let runs = |to: &str| environment.model.services[to].runs_in_cluster();
    let edges = environment.edges_of(name).iter().filter(|edge| runs(&edge.to));
    let planned: BTreeSet<(String, i64)> =
        edges.filter_map(|edge| Some((dns(&edge.to), i64::from(edge.port?)))).collect();
    assert!(planned.is_subset(&allowed), "{folder}: {name} may call {allowed:?}, not all of {planned:?}");
    let inside: BTreeSet<_> = allowed
        .iter()
        .filter(|(peer, _)| environment.model.services.keys().any(|own| dns(own) == *peer))
        .cloned()
        .collect();
    assert_eq!(inside, planned, "{folder}: {name} may call more than was planned");
    1
}

#[test]
fn workflows_build_and_order_what_was_planned() {
    let mut seen = 0;
    for example in emitted() {
        for (name, pipeline) in &example.plan.pipelines {
            let end = format!(".github/workflows/{name}.yml");
            let text = example.find(&end).unwrap_or_else(|| panic!("{}: no {end}", example.name));
            let documents = texts(text);
            let jobs = &documents[0]["jobs"];
            for (label, job) in &pipeline.job {
                let emitted = jobs.as_mapping_get(label).unwrap_or_else(|| panic!("{end}: no job {label}"));
                let needs: BTreeSet<&str> = match emitted.as_mapping_get("needs") {
                    Some(needs) if needs.as_str().is_some() => needs.as_str().into_iter().collect(),
                    Some(needs) => needs.as_sequence().unwrap().iter().filter_map(Yaml::as_str).collect(),
                    None => BTreeSet::new(),
                };
                for before in &job.after {
                    assert!(needs.contains(&*before.0), "{end}: {label} does not need {}", before.0);
                }
                let minutes = emitted["timeout-minutes"].as_integer().unwrap();
                assert_eq!(u64::try_from(minutes).unwrap() * 60_000, job.timeout.0, "{end}: {label}");
                seen += 1;
            }
            if pipeline.job.values().any(|job| job.all) {
                for image in &example.plan.images {
                    assert!(
                        text.contains(&format!("{}.Dockerfile", image.name)) || text.contains(&*image.name),
                        "{end} does not build {}",
                        image.name
                    );
                }
            }
        }
    }
    assert!(seen > 5, "{seen}");
}
