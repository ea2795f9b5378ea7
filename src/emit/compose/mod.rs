//! Compose: one merged file per environment, started by `docker compose up --wait`. Must not hold a value that
//! the plan does not have.

mod document;
mod fields;
mod jobs;
mod limits;
mod mounts;
mod scripts;
mod service;
mod units;

use indexmap::IndexMap;

use super::patch::Patches;
use super::{Emitted, Emitter, Fields, config, names};
use crate::emit::spell::dns;
use crate::model::{JobTime, Service};
use crate::plan::{EnvironmentPlan, Plan, ServicePlan};
use crate::print::yaml::{Above, Placed, Spaced};
use crate::source::Span;

use document::{
    Addresses, Dependency, Entry, File, Ipam, Made, Network, Secret, Service as Container, Volume,
};
use service::Context;

/// Docker Compose.
#[derive(Debug)]
pub struct Compose;

impl Emitter for Compose {
    fn name(&self) -> &'static str {
        "compose"
    }

    fn summary(&self) -> &'static str {
        "one compose.yaml per environment with a compose target"
    }

    fn fields(&self) -> Option<&'static Fields> {
        Some(&fields::FIELDS)
    }

    fn emit(&self, plan: &Plan, out: &mut Emitted) {
        for environment in &plan.environments {
            let Some(target) = environment.model.compose() else {
                continue;
            };
            let context = Context { plan, environment, target };
            scripts::emit(&context, out);
            for service in environment.model.services.values() {
                limits::report(environment, service, out);
                configuration(&context, service, out);
            }
            let path = format!("{}/compose.yaml", names::folder(plan, environment));
            let patches = Patches::of(&environment.model, self.name());
            let file = lower(&context, out);
            let text = patches.file("services", &file).and_then(|file| out.print(&file));
            drop(file);
            patches.finish(out);
            out.yaml(&path, text, environment.model.block.label.span);
        }
    }
}

fn lower<'a>(context: &'a Context<'a>, out: &'a Emitted) -> File<'a> {
    let environment = context.environment;
    let mut containers = IndexMap::new();
    for (name, planned) in &environment.services {
        if let Some(service) = environment.model.services.get(name) {
            around(context, name, (service, planned), out, &mut containers);
            let make = move || summed(context, out, alone(context, name, service, planned));
            let doc = service.doc.as_deref().unwrap_or_default();
            containers.insert(dns(name), entry(service.label.span, doc, Made::Late(Box::new(make))));
        }
    }
    containers.sort_unstable_keys();
    File {
        name: names::compose_project(context.plan, environment, context.target),
        networks: Spaced(networks(environment)),
        volumes: Spaced(volumes(environment)),
        secrets: Spaced(secrets(context.plan, environment)),
        services: Spaced(containers),
    }
}

/// The containers of a service's jobs and backups.
fn around<'a>(
    context: &Context<'a>,
    name: &str,
    (service, planned): (&'a Service, &'a ServicePlan),
    out: &Emitted,
    containers: &mut IndexMap<String, Entry<'a>>,
) {
    for (label, job) in &service.job {
        let Some(task) = planned.jobs.get(label) else { continue };
        let mut run = context.job(service, planned, job, task);
        run.depends_on = waits(context.environment, name);
        if job.when != JobTime::BeforeRollout {
            run.depends_on.insert(dns(name), Dependency { condition: condition(service) });
        }
        run.depends_on.sort_unstable_keys();
        let made = Made::Now(Box::new(summed(context, out, run)));
        let doc = job.doc.as_deref().unwrap_or_default();
        containers.insert(dns(&names::job(name, label)), entry(job.label.span, doc, made));
    }
    for (name, container) in context.backups(service, planned) {
        let place = service.backup.as_ref().map_or(service.label.span, |backup| backup.origins.block);
        let made = Made::Now(Box::new(summed(context, out, container)));
        containers.insert(name, entry(place, "", made));
    }
}

/// The container of a service, with what it waits for.
fn alone<'a>(context: &Context<'a>, name: &str, service: &'a Service, planned: &'a ServicePlan) -> Container {
    let mut container = context.container(service, planned);
    container.depends_on = waits(context.environment, name);
    for (label, job) in &service.job {
        if planned.jobs.contains_key(label) && job.when == JobTime::BeforeRollout {
            let done = Dependency { condition: "service_completed_successfully" };
            container.depends_on.insert(dns(&names::job(name, label)), done);
        }
    }
    container.depends_on.sort_unstable_keys();
    container
}

/// A container with a sum of the emitted files that it mounts.
fn summed(context: &Context<'_>, out: &Emitted, mut container: Container) -> Container {
    let label = mounts::checksum(&names::folder(context.plan, context.environment), &container.volumes, out);
    container.labels.extend(label.map(|sum| ("stackc.config".to_owned(), sum)));
    container
}

fn entry<'a>(place: Span, doc: &str, made: Made<'a>) -> Entry<'a> {
    Placed::new(place, Spaced(Above::new(doc, made)))
}

/// The configuration files that containers of a service mount.
fn configuration(context: &Context<'_>, service: &Service, out: &mut Emitted) {
    for (path, file) in &service.config {
        let artifact = config::artifact(context.plan, context.environment, service, path);
        out.file(artifact, config::text(file), file.label.span);
    }
}

fn condition(service: &Service) -> &'static str {
    if service.health.is_some() { "service_healthy" } else { "service_started" }
}

fn waits(environment: &EnvironmentPlan, name: &str) -> IndexMap<String, Dependency> {
    let targets = environment.waits_for(name).into_iter();
    targets
        .filter_map(|target| Some((dns(target), environment.model.services.get(target)?)))
        .map(|(target, service)| (target, Dependency { condition: condition(service) }))
        .collect()
}

fn networks(environment: &EnvironmentPlan) -> IndexMap<String, Network> {
    let mut networks: IndexMap<String, Network> = environment
        .networks
        .iter()
        .map(|(name, network)| {
            let addresses = network.subnet.map(|subnet| Addresses {
                subnet: subnet.to_string(),
                ip_range: network.range.map(|range| range.to_string()),
            });
            let ipam = addresses.map(|addresses| Ipam { config: vec![addresses] });
            (name.to_string(), Network { internal: network.internal, ipam })
        })
        .collect();
    networks.sort_unstable_keys();
    networks
}

fn volumes(environment: &EnvironmentPlan) -> IndexMap<String, Volume> {
    let mut found = IndexMap::new();
    for (name, service) in &environment.model.services {
        for (path, volume) in service.volume.iter().filter(|(_, volume)| volume.from.is_none()) {
            found.insert(names::volume(name, path, volume), Volume {});
        }
        if service.backup.is_some() {
            found.insert(names::backup(name), Volume {});
        }
    }
    found.sort_unstable_keys();
    found
}

fn secrets(plan: &Plan, environment: &EnvironmentPlan) -> IndexMap<String, Secret> {
    let tasks = |service: &ServicePlan| -> Vec<_> {
        service
            .jobs
            .values()
            .chain(&service.backup)
            .chain(&service.offsite)
            .flat_map(|task| task.secrets.clone())
            .collect()
    };
    let all = environment.services.values();
    let mounted = all.flat_map(|service| tasks(service).into_iter().chain(service.secrets.iter().cloned()));
    let all = mounted.chain(plan.build_secrets(environment).cloned());
    let mut found: IndexMap<String, Secret> =
        all.map(|name| (name.to_string(), Secret { file: format!("./secrets/{name}") })).collect();
    found.sort_unstable_keys();
    found
}
