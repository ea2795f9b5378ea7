//! Kubernetes: one file per service and a kustomization, with the Gateway API at the edge. Must not hold a secret and
//! must not use what only one vendor's cluster has.
//!
//! The label `app.kubernetes.io/component` says when a deployment applies an object: `base` and `edge` at any time,
//! `before-rollout` (jobs) next, waiting for their end, then `workload`, `scheduled` and `backup`. What is `next` has no
//! instances until a release gives it some; the jobs that try it are of it too.
//!
//! A cluster has no start order: a pod that starts before what it needs fails and is started again.

mod config;
mod edge;
mod edge_limits;
mod fields;
mod gateway;
mod ingress;
mod jobs;
mod limits;
pub(super) mod naming;
mod needs;
mod next;
mod objects;
mod offsite;
mod pod;
mod policy;
mod probe;
mod quantity;
mod rollout_limits;
mod scaling;
mod scope;
mod secrets;
mod storage;
mod variables;
mod workload;

use serde::Serialize;

use super::patch::Patches;
use super::{Emitted, Emitter, Fields, HEADER, names};
use crate::model::Edge;
use crate::plan::Plan;
use crate::print::Printed;
use crate::print::yaml::{Above, Error, Placed, Stream};
use crate::source::Span;

use needs::Needs;
use objects::{Kustomization, KustomizeImage, KustomizeLabels, Strings};
use scope::{Cluster, Unit};
use secrets::Secrets;
use variables::Variables;

const NEXT_VERSION: &str =
    "The next version: without instances, but while `ops deploy` tries it beside the other one.";

/// Kubernetes with the Gateway API or an Ingress.
#[derive(Debug)]
pub struct Kubernetes;

impl Emitter for Kubernetes {
    fn name(&self) -> &'static str {
        limits::TARGET
    }

    fn summary(&self) -> &'static str {
        "one file per service, network policies and a kustomization per environment with a kubernetes target"
    }

    fn fields(&self) -> Option<&'static Fields> {
        Some(&fields::FIELDS)
    }

    fn emit(&self, plan: &Plan, out: &mut Emitted) {
        for environment in &plan.environments {
            if let Some(target) = environment.model.kubernetes() {
                let patches = Patches::of(&environment.model, self.name());
                let cluster = Cluster { plan, environment, target, patches };
                emit_environment(&cluster, out);
                cluster.patches.finish(out);
            }
        }
    }
}

fn emit_environment(cluster: &Cluster<'_>, out: &mut Emitted) {
    let folder = format!("{}/kubernetes", names::folder(cluster.plan, cluster.environment));
    let origin = cluster.target.origins.block;
    let needs = Needs::of_cluster(cluster);
    let has_edge = edge_limits::report(cluster, out);
    limits::report_observers(cluster, out);
    let mut resources = vec!["namespace.yaml".to_owned()];
    out.yaml(&format!("{folder}/namespace.yaml"), namespace_file(cluster), origin);
    for unit in cluster.units() {
        limits::report(&unit, out);
        let name = file_name(&unit);
        out.yaml(&format!("{folder}/{name}"), service_file(&unit, &needs), unit.service.label.span);
        resources.push(name);
    }
    if has_edge {
        let edge = edge_file(cluster);
        out.yaml(&format!("{folder}/edge.yaml"), edge, origin);
        resources.push("edge.yaml".to_owned());
    }
    let path = format!("{folder}/kustomization.yaml");
    out.yaml(&path, kustomization(cluster, resources), origin);
}

/// A service that has the name of another file gets a longer one.
fn file_name(unit: &Unit<'_>) -> String {
    let name = unit.dns();
    if ["namespace", "edge", "kustomization"].contains(&&*name) {
        return format!("{name}-service.yaml");
    }
    format!("{name}.yaml")
}

fn namespace_file(cluster: &Cluster<'_>) -> Result<Printed, Error> {
    let mut file = File::new(cluster, None, "");
    file.add(&config::namespace(cluster));
    for policy in policy::of_namespace(cluster) {
        file.add(&policy);
    }
    file.finish()
}

fn service_file(unit: &Unit<'_>, needs: &Needs) -> Result<Printed, Error> {
    let variables = Variables::of(unit);
    let secrets = Secrets::of_service(unit);
    let backup_secrets = unit.backup().map(|(_, task)| Secrets::of_backup(unit, task));
    let offsite_secrets = unit.offsite().map(|(_, task)| Secrets::of_offsite(unit, task));
    let all_secrets: Vec<&Secrets> =
        std::iter::once(&secrets).chain(&backup_secrets).chain(&offsite_secrets).collect();
    let mut file = File::new(unit.cluster, Some(unit.name), &secret_commands(unit, &all_secrets));
    file.add(&config::service_account(unit));
    file.add_all(all_secrets.into_iter().filter_map(|secrets| secrets.external(unit)));
    file.add_all(config::variables(unit, &variables));
    file.add_all(config::files(unit));
    file.add_all(storage::shared_claims(unit));
    let doc = unit.service.doc.as_deref().unwrap_or_default();
    if unit.is_stateful() {
        file.add_with(doc, &workload::stateful_set(unit, &variables));
    } else {
        file.add_with(doc, &workload::deployment(unit, &variables));
    }
    file.add_all(next::deployment(unit, &variables).map(|next| Above::new(NEXT_VERSION, next)));
    file.add_all(workload::service(unit));
    file.add_all(next::service(unit));
    file.add_all(workload::headless_service(unit));
    file.add_all(scaling::autoscaler(unit));
    file.add_all(scaling::disruption_budget(unit));
    file.add_all(policy::of_service(unit, needs));
    // What follows is made from blocks inside of the service.
    file.place = Some(unit.service.origins.block);
    for (comment, job) in jobs::before_rollout(unit, &variables) {
        file.add_with(&comment, &job);
    }
    let scheduled = jobs::scheduled(unit, &variables).into_iter();
    for (comment, job) in scheduled.chain(jobs::by_hand(unit, &variables)) {
        file.add_with(&comment, &job);
    }
    match jobs::backup(unit) {
        Some(Ok(saver)) => {
            file.add(&saver.claim);
            file.add(&saver.script);
            file.add_all(saver.schedules);
        }
        Some(Err(error)) => file.error = file.error.or(Some(error)),
        None => {}
    }
    file.finish()
}

/// How the Secrets of a service come into the cluster where no store fills them.
fn secret_commands(unit: &Unit<'_>, secrets: &[&Secrets]) -> String {
    let commands: Vec<String> = secrets.iter().filter_map(|secrets| secrets.command(unit)).collect();
    if commands.is_empty() {
        return String::new();
    }
    let head = "Secrets are never in these files. Make them once, from a file for each value:";
    format!("{head}\n\n{}", commands.join("\n"))
}

fn edge_file(cluster: &Cluster<'_>) -> Result<Printed, Error> {
    let mut file = File::new(cluster, None, &certificate_commands(cluster));
    for (name, ingress) in edge::reachable(cluster) {
        file.owner = Some(name);
        file.place = Some(ingress.label.span);
        match (cluster.target.edge, &cluster.target.class) {
            (Edge::Gateway, Some(class)) => {
                let doc = ingress.doc.as_deref().unwrap_or_default();
                file.add_with(doc, &gateway::gateway(cluster, name, ingress, class));
                file.add_all(gateway::routes(cluster, name, ingress));
            }
            (Edge::Ingress, _) => file.add(&ingress::ingress(cluster, name, ingress)),
            (Edge::Gateway | Edge::Proxy, _) => {}
        }
    }
    file.finish()
}

/// How certificates come into the cluster where no issuer makes them.
fn certificate_commands(cluster: &Cluster<'_>) -> String {
    let by_hand = edge::reachable(cluster)
        .filter(|(_, it)| edge::is_encrypted(it) && edge::cluster_issuer(it).is_none());
    let commands: Vec<String> = by_hand
        .map(|(name, _)| {
            let (namespace, secret) = (cluster.namespace(), gateway::certificate(name));
            format!(
                "kubectl --namespace {namespace} create secret tls {secret} --cert=fullchain.pem --key=privkey.pem"
            )
        })
        .collect();
    if commands.is_empty() {
        return String::new();
    }
    format!("Certificates are never in these files:\n\n{}", commands.join("\n"))
}

fn kustomization(cluster: &Cluster<'_>, resources: Vec<String>) -> Result<Printed, Error> {
    let mut images: Vec<KustomizeImage> = Vec::new();
    for unit in cluster.units() {
        let Some(image) = cluster.plan.built(unit.plan) else { continue };
        if images.iter().all(|known| known.name != *image.repository) {
            images.push(KustomizeImage {
                name: image.repository.to_string(),
                new_tag: cluster.environment.model.block.release.to_string(),
            });
        }
    }
    let part_of = naming::label(&cluster.plan.project.name);
    let mut file = File::new(cluster, None, "");
    file.add(&Kustomization {
        api_version: "kustomize.config.k8s.io/v1beta1",
        kind: "Kustomization",
        namespace: cluster.namespace(),
        resources,
        labels: vec![KustomizeLabels {
            pairs: Strings::from_iter([("app.kubernetes.io/part-of".to_owned(), part_of)]),
            include_selectors: false,
        }],
        images,
    });
    file.finish()
}

/// A file of several documents; the first one that cannot be written decides.
struct File<'a> {
    stream: Stream,
    error: Option<Error>,
    patches: &'a Patches<'a>,
    /// The service or ingress that the next objects are made for.
    owner: Option<&'a str>,
    /// Its declaration, where it is not that of the file.
    place: Option<Span>,
}

impl<'a> File<'a> {
    fn new(cluster: &'a Cluster<'a>, owner: Option<&'a str>, notes: &str) -> Self {
        let header = if notes.is_empty() { HEADER.to_owned() } else { format!("{HEADER}\n\n{notes}") };
        Self { stream: Stream::new(&header), error: None, patches: &cluster.patches, owner, place: None }
    }

    fn add<T: Serialize>(&mut self, document: &T) {
        if self.error.is_none() {
            let patched = self.patches.object(self.owner, document);
            let pushed = patched.and_then(|document| match self.place {
                Some(place) => self.stream.push(&Placed::new(place, &document)),
                None => self.stream.push(&document),
            });
            self.error = pushed.err();
        }
    }

    /// Adds a document with comment lines above it, if there are any.
    fn add_with<T: Serialize>(&mut self, comment: &str, document: &T) {
        if comment.is_empty() {
            self.add(document);
        } else {
            self.add(&Above::new(comment, document));
        }
    }

    fn add_all<T: Serialize>(&mut self, documents: impl IntoIterator<Item = T>) {
        documents.into_iter().for_each(|document| self.add(&document));
    }

    fn finish(self) -> Result<Printed, Error> {
        match self.error {
            None => Ok(self.stream.finish()),
            Some(error) => Err(error),
        }
    }
}
