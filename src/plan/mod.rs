//! The plan: a valid stack with everything that follows from it. Holding a `Plan` means that the stack is valid;
//! must not mention a target's spelling, and nothing in it changes after `plan` returned.

mod address;
mod config;
mod contract;
mod delivery;
mod edges;
mod effective;
mod graph;
mod images;
mod networks;
mod phase;
mod pins;
mod pipelines;
mod ports;
mod probe;
mod rollout;
mod scaling;
mod subnets;
mod texts;
mod writable;

#[cfg(test)]
mod fixture;

use std::collections::BTreeMap;
use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};

use crate::diagnostic::Diagnostic;
use crate::model::{Build, Environment, JobTime, Pipeline, Project, Service};
use crate::schema::{ImageRef, Text};
use crate::source::Span;

pub use address::{dns, secret_path};
pub use images::{final_stage, stage_chain};
pub use networks::offsite_network;
pub use phase::plan;
pub use subnets::Subnet;

/// A valid stack and what follows from it.
#[derive(Debug)]
pub struct Plan {
    /// The project.
    pub project: Project,
    /// The environments, in declaration order.
    pub environments: Vec<EnvironmentPlan>,
    /// The pipelines, in declaration order.
    pub pipelines: IndexMap<Arc<str>, Pipeline>,
    /// The images that are built, in declaration order, each once.
    pub images: Vec<ImagePlan>,
    /// Digests of the public images that the stack mentions, by reference as it is written; see [`Plan::pinned`].
    pub pins: BTreeMap<String, Arc<str>>,
    /// Warnings: the stack is valid, but they are worth a look.
    pub warnings: Vec<Diagnostic>,
}

/// An environment and what follows from it. Where the environment is for development, `dev` blocks are already
/// applied: a service's command, port, health, user, memory, read-only root and variables are those that run. Built-in
/// web servers without a declared port have the ports of their `static_site` or `proxy` block as listeners.
#[derive(Debug)]
pub struct EnvironmentPlan {
    /// What the source says.
    pub model: Environment,
    /// Who needs whom, in declaration order of the one who needs; each pair and port once.
    pub edges: Vec<Edge>,
    /// Service names so that each comes after those that it waits for; stable under additions.
    pub order: Vec<Arc<str>>,
    /// Container networks, by name.
    pub networks: IndexMap<Arc<str>, Network>,
    /// Per service, in declaration order of the services.
    pub services: IndexMap<Arc<str>, ServicePlan>,
}

/// `from` needs `to`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// The service that needs; for an ingress route, the proxy service or `None`: the world.
    pub from: Option<Arc<str>>,
    /// The service that is needed.
    pub to: Arc<str>,
    /// The port that is used; `None` when only the start order matters.
    pub port: Option<u16>,
    /// Whether `from` waits for `to`.
    pub kind: EdgeKind,
    /// Where the reference was written.
    pub span: Span,
}

/// The kinds of edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EdgeKind {
    /// `from` starts when `to` is ready.
    Start,
    /// `from` only knows the address.
    Address,
}

/// A container network: one per needed service, with those that need it, and one per service with a way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    /// The services on it, in declaration order.
    pub members: Vec<Arc<str>>,
    /// Whether it has no way out: true unless it is the network of a service that is published, carries an ingress
    /// or talks to hosts outside.
    pub internal: bool,
    /// Its addresses, where the source chooses them.
    pub subnet: Option<Subnet>,
    /// The part of them that containers get.
    pub range: Option<Subnet>,
}

/// What follows for one service.
#[derive(Debug)]
pub struct ServicePlan {
    /// The image that runs.
    pub image: ImageUse,
    /// The variables in declaration order, with the way in which each is delivered.
    pub variables: Vec<Variable>,
    /// The secrets that are mounted as files at `/run/secrets/<name>`, sorted.
    pub secrets: Vec<Arc<str>>,
    /// Its jobs, in declaration order.
    pub jobs: IndexMap<Arc<str>, TaskPlan>,
    /// What the commands of its backup get; `None` without a backup.
    pub backup: Option<TaskPlan>,
    /// What the commands get that bring the copies to another place; `None` when nothing does.
    pub offsite: Option<TaskPlan>,
    /// The networks that it is on, in order.
    pub networks: Vec<Arc<str>>,
    /// The health check as a command that the image really can run; `None` without a health block.
    pub health_command: Option<Vec<String>>,
    /// Folders that need a memory file system under a read-only root: declared ones and those of the image.
    pub writable: Vec<Arc<str>>,
    /// Whether anything outside of the stack's own networks may be called.
    pub reaches_out: bool,
}

/// What the commands of a job or a backup get.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TaskPlan {
    /// For a job, its own variables: those of the service come first. For a backup, all of them; there,
    /// [`Delivered::Expand`] means that the shell that runs the lines puts the files' content into the text.
    pub variables: Vec<Variable>,
    /// All secrets that are mounted at `/run/secrets/<name>`, sorted: for a job, those of the service too.
    pub secrets: Vec<Arc<str>>,
}

/// Where an image comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImageUse {
    /// A published image, with the digest of `stackc.lock` or the catalogue where one is known.
    Public(ImageRef),
    /// An image of the stack: the index in [`Plan::images`].
    Built(usize),
}

/// An image that the stack builds.
#[derive(Debug)]
pub struct ImagePlan {
    /// Short name: the service that it is built for, with the environment's name when environments differ.
    pub name: Arc<str>,
    /// Repository to push to and pull from, without a tag: `ghcr.io/acme/shop/api`, or `shop/api` without a registry.
    pub repository: Arc<str>,
    /// How it is made.
    pub build: Build,
    /// The service in the first production environment that uses it, else in the first one, always without its
    /// `dev` block applied: ports, user, health, static site, command.
    pub service: Service,
    /// The health check as a command that the image can run.
    pub health_command: Option<Vec<String>>,
    /// Whether some environment runs the development stage.
    pub has_dev: bool,
    /// Path prefixes of the project that it is made from, for path filters.
    pub sources: Vec<Arc<str>>,
}

/// A variable of a service.
#[derive(Debug, Clone, PartialEq)]
pub struct Variable {
    /// The name that the process sees; with `_FILE` for [`Delivered::File`].
    pub name: Arc<str>,
    /// How it gets there.
    pub value: Delivered,
    /// Where it was written.
    pub span: Span,
}

/// How the value of a variable reaches the process.
#[derive(Debug, Clone, PartialEq)]
pub enum Delivered {
    /// As it is; no secret in it.
    Plain(Text),
    /// The path of the file that holds this secret.
    File(Arc<str>),
    /// A text in which the image's entry script replaces `{file:NAME}` by the content of `/run/secrets/NAME`.
    Expand(Text),
    /// A plain variable from the target's own secret mechanism: the text holds secrets.
    Variable(Text),
}

impl Plan {
    /// The image of a service in an environment, when the stack builds it.
    pub fn built(&self, service: &ServicePlan) -> Option<&ImagePlan> {
        match &service.image {
            ImageUse::Built(index) => self.images.get(*index),
            ImageUse::Public(_) => None,
        }
    }

    /// Whether some environment delivers secrets to an image that is built through the entry script.
    pub fn expands(&self, image: &ImagePlan) -> bool {
        let services = self.environments.iter().flat_map(|environment| environment.services.values());
        let mut users =
            services.filter(|service| self.built(service).is_some_and(|built| built.name == image.name));
        users.any(|service| {
            service.variables.iter().any(|variable| matches!(variable.value, Delivered::Expand(_)))
        })
    }

    /// A public image with its digest where one is known: for stages, backups and other helpers.
    pub fn pinned(&self, image: &ImageRef) -> ImageRef {
        let mut pinned = image.clone();
        if pinned.digest.is_none() {
            pinned.digest = self.pins.get(&image.to_string()).cloned();
        }
        pinned
    }
}

impl EnvironmentPlan {
    /// The edges of one service. They are found by their order, not by reading all of them: every service asks.
    pub fn edges_of(&self, service: &str) -> &[Edge] {
        let Some(wanted) = self.model.services.get_index_of(service) else {
            return &[];
        };
        let place = |edge: &Edge| edges::place(&self.model, edge);
        let first = self.edges.partition_point(|edge| place(edge) < wanted);
        let rest = self.edges.get(first..).unwrap_or_default();
        rest.get(..rest.partition_point(|edge| place(edge) == wanted)).unwrap_or_default()
    }

    /// The services that `service` waits for, each once, in order.
    pub fn waits_for(&self, service: &str) -> Vec<&Arc<str>> {
        let starts = self.edges_of(service).iter().filter(|edge| edge.kind == EdgeKind::Start);
        let targets: IndexSet<&Arc<str>> = starts.map(|edge| &edge.to).collect();
        targets.into_iter().collect()
    }

    /// The jobs that run before a new version, each with its service, in start order of the services.
    pub fn before_rollout(&self) -> impl Iterator<Item = (&Arc<str>, &Arc<str>)> {
        let services = self.order.iter().filter_map(|name| self.model.services.get_key_value(name));
        services.flat_map(|(name, service)| {
            let due = service.job.iter().filter(|(_, job)| job.when == JobTime::BeforeRollout);
            due.map(move |(label, _)| (name, label))
        })
    }

    /// The datastores that services with such jobs wait for: they must run before the jobs do. In start order.
    pub fn needed_before_rollout(&self) -> Vec<&Arc<str>> {
        let waiting: IndexSet<&Arc<str>> =
            self.before_rollout().flat_map(|(service, _)| self.waits_for(service)).collect();
        let stores = self.order.iter().filter(|name| waiting.contains(name));
        stores.filter(|name| self.model.services.get(*name).is_some_and(|it| it.is_stateful())).collect()
    }

    /// Folder name of the environment in the output.
    pub fn name(&self) -> &str {
        &self.model.name
    }
}
