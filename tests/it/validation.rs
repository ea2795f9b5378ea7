//! Translation validation: what was emitted is read back by a reader that is not ours and compared with the plan. Must
//! not look at how a document is laid out: that is what goldens are for.
#![allow(clippy::disallowed_methods, reason = "tests read examples")]

use std::collections::BTreeSet;
use std::sync::Arc;

use saphyr::{LoadableYamlNode, Yaml};
use stackc::model::Service;
use stackc::plan::{EnvironmentPlan, ImageUse, Plan, ServicePlan};

use crate::examples;

/// An example, what was planned, and its files.
pub(crate) struct Emitted {
    pub(crate) name: String,
    pub(crate) plan: Plan,
    files: Vec<(String, String)>,
}

pub(crate) fn emitted() -> Vec<Emitted> {
    let all = examples::examples().into_iter().map(|(name, folder)| {
        let compilation = examples::compiled(&name, &examples::files(&folder));
        let files = compilation.artifacts.into_iter().map(|file| (file.path, file.text)).collect();
        Emitted { name, plan: compilation.plan.unwrap(), files }
    });
    all.collect()
}

impl Emitted {
    /// A file, where it is there.
    pub(crate) fn find(&self, path: &str) -> Option<&str> {
        self.files.iter().find(|(known, _)| known == path).map(|(_, text)| text.as_str())
    }

    pub(crate) fn text(&self, path: &str) -> &str {
        self.find(path).unwrap_or_else(|| panic!("{}: no {path}", self.name))
    }

    fn documents(&self, path: &str) -> Vec<Yaml<'_>> {
        texts(self.text(path))
    }
}

/// The documents of a YAML file.
pub(crate) fn texts(text: &str) -> Vec<Yaml<'_>> {
    Yaml::load_from_str(text).unwrap_or_else(|problem| panic!("{problem}: {text}"))
}

/// `a` and `b` of `{ a: 1, b: 2 }` and of `[a, b]`; nothing of what is absent.
fn names(yaml: Option<&Yaml<'_>>) -> BTreeSet<String> {
    let Some(yaml) = yaml else { return BTreeSet::new() };
    let text = |yaml: &Yaml<'_>| yaml.as_str().unwrap().to_owned();
    match (yaml.as_mapping(), yaml.as_sequence()) {
        (Some(map), _) => map.keys().map(text).collect(),
        (None, Some(list)) => list.iter().map(text).collect(),
        (None, None) => panic!("neither a map nor a list: {yaml:?}"),
    }
}

/// The name that a service has in both targets: a host name (RFC 1123).
fn spelled(name: &str) -> String {
    name.replace('_', "-")
}

fn owned<'a>(names: impl IntoIterator<Item = &'a Arc<str>>) -> BTreeSet<String> {
    names.into_iter().map(ToString::to_string).collect()
}

/// The targets of mounts: of `a:/b:ro` and of `{ target: /b }`.
fn mounts(yaml: &Yaml<'_>) -> BTreeSet<String> {
    let one = |mount: &Yaml<'_>| match mount.as_str() {
        Some(short) => short.split(':').nth(1).unwrap().to_owned(),
        None => mount["target"].as_str().unwrap().to_owned(),
    };
    let list = yaml.as_mapping_get("volumes").and_then(Yaml::as_sequence);
    list.into_iter().flatten().map(one).collect()
}

#[test]
fn compositions_say_what_was_planned() {
    let mut seen = 0;
    for example in emitted() {
        for environment in example.plan.environments.iter().filter(|known| known.model.compose().is_some()) {
            let path = format!("{}/{}/compose.yaml", example.plan.project.output, environment.name());
            let documents = example.documents(&path);
            let services = &documents[0]["services"];
            for (name, planned) in &environment.services {
                let container = &services[&*spelled(name)];
                let model = &environment.model.services[name];
                compare(&example.plan, environment, (name, model, planned), container);
                seen += 1;
            }
        }
    }
    assert!(seen > 10);
}

fn compare(
    plan: &Plan,
    environment: &EnvironmentPlan,
    (name, model, planned): (&Arc<str>, &Service, &ServicePlan),
    container: &Yaml<'_>,
) {
    let get = |key: &str| container.as_mapping_get(key);
    let image = get("image").and_then(Yaml::as_str);
    match (&planned.image, image) {
        (ImageUse::Public(wanted), image) => assert_eq!(image, Some(&*wanted.to_string()), "{name}"),
        (ImageUse::Built(index), Some(image)) => {
            assert!(image.starts_with(&format!("{}:", plan.images[*index].repository)), "{name}: {image}");
        }
        (ImageUse::Built(_), None) => assert!(get("build").is_some(), "{name} has nothing to run"),
    }
    let variables = owned(planned.variables.iter().map(|variable| &variable.name));
    assert_eq!(names(get("environment")), variables, "{name}");
    assert_eq!(names(get("secrets")), owned(&planned.secrets), "{name}");
    assert_eq!(names(get("networks")), owned(&planned.networks), "{name}");
    let waits = names(get("depends_on"));
    for needed in environment.waits_for(name) {
        assert!(waits.contains(&spelled(needed)), "{name} does not wait for {needed}");
    }
    let mounts = mounts(container);
    for path in model.volume.keys() {
        assert!(mounts.contains(&**path), "{name} has nothing at {path}: {mounts:?}");
    }
    if let Some(command) = &planned.health_command {
        let test = container["healthcheck"]["test"].as_sequence().unwrap();
        let words: Vec<String> =
            test.iter().skip(1).map(|word| word.as_str().unwrap().replace("$$", "$")).collect();
        assert_eq!(&words, command, "{name}");
    }
    let published: BTreeSet<String> = get("ports")
        .and_then(Yaml::as_sequence)
        .into_iter()
        .flatten()
        .map(|port| port.as_str().unwrap().to_owned())
        .collect();
    for (port, host) in &model.publish {
        let (_, number) = *model.listeners().iter().find(|(known, _)| *known == &**port).unwrap();
        let end = format!("{}:{number}", host.value);
        assert!(
            published.iter().any(|port| port.ends_with(&end)),
            "{name} does not publish {end}: {published:?}"
        );
    }
}

#[test]
fn manifests_say_what_was_planned() {
    let mut seen = 0;
    for example in emitted() {
        for environment in example.plan.environments.iter().filter(|known| known.model.kubernetes().is_some())
        {
            for (name, planned) in &environment.services {
                let model = &environment.model.services[name];
                let file = spelled(name);
                let path =
                    format!("{}/{}/kubernetes/{file}.yaml", example.plan.project.output, environment.name());
                if model.proxy.is_some() {
                    continue;
                }
                let documents = example.documents(&path);
                let is_workload = |document: &&Yaml<'_>| {
                    let kind = document["kind"].as_str();
                    let is_kind = kind == Some("Deployment") || kind == Some("StatefulSet");
                    is_kind && document["metadata"]["name"].as_str() == Some(&*file)
                };
                let workload = documents.iter().find(is_workload).unwrap();
                compare_pod(name, model, planned, &workload["spec"]["template"]["spec"]["containers"][0]);
                seen += 1;
            }
        }
    }
    assert!(seen > 5);
}

fn compare_pod(name: &str, model: &Service, planned: &ServicePlan, container: &Yaml<'_>) {
    let list = |key: &str| container.as_mapping_get(key).and_then(Yaml::as_sequence).into_iter().flatten();
    let ports: BTreeSet<i64> =
        list("ports").map(|port| port["containerPort"].as_integer().unwrap()).collect();
    let listeners: BTreeSet<i64> = model.listeners().iter().map(|(_, port)| i64::from(*port)).collect();
    assert_eq!(ports, listeners, "{name}");
    let variables: BTreeSet<String> =
        list("env").map(|entry| entry["name"].as_str().unwrap().to_owned()).collect();
    for variable in &planned.variables {
        assert!(variables.contains(&*variable.name), "{name} lacks {}", variable.name);
    }
    let mounted: BTreeSet<&str> =
        list("volumeMounts").map(|mount| mount["mountPath"].as_str().unwrap()).collect();
    for path in model.volume.keys().map(|path| &**path).chain(planned.writable.iter().map(|path| &**path)) {
        assert!(mounted.contains(path), "{name} has nothing at {path}: {mounted:?}");
    }
    let Some(health) = &model.health else { return };
    if let Some(path) = &health.http {
        assert_eq!(container["livenessProbe"]["httpGet"]["path"].as_str(), Some(&**path), "{name}");
    }
    if let Some(path) = &health.ready {
        assert_eq!(container["readinessProbe"]["httpGet"]["path"].as_str(), Some(&**path), "{name}");
    }
    assert!(container.as_mapping_get("readinessProbe").is_some(), "{name} is not asked");
}
