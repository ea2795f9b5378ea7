//! What is being emitted: one environment in one cluster, one service in it, and the names and labels that follow.
//! Must not make objects.

use std::sync::Arc;

use super::objects::{Metadata, Requirement, Selector, Strings};
use super::{naming, quantity};
use crate::emit::names;
use crate::emit::patch::Patches;
use crate::emit::release::beside;
use crate::model::{Backup, Job, KubernetesTarget, Rollout, Service};
use crate::plan::{EnvironmentPlan, ImageUse, Plan, ServicePlan, TaskPlan};
use crate::schema::{ImageRef, UserId};

const NAME: &str = "app.kubernetes.io/name";
const PART_OF: &str = "app.kubernetes.io/part-of";

/// One environment in one cluster.
#[derive(Debug)]
pub(super) struct Cluster<'a> {
    pub plan: &'a Plan,
    pub environment: &'a EnvironmentPlan,
    pub target: &'a KubernetesTarget,
    pub patches: Patches<'a>,
}

/// One service in one environment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unit<'a> {
    pub cluster: &'a Cluster<'a>,
    pub name: &'a str,
    pub service: &'a Service,
    pub plan: &'a ServicePlan,
}

impl<'a> Cluster<'a> {
    /// The namespace.
    pub(super) fn namespace(&self) -> String {
        names::namespace(self.plan, self.environment, self.target)
    }

    /// Whether the cluster is at least `1.<minor>`; an unreadable version counts as old.
    pub(super) fn has(&self, minor: u32) -> bool {
        quantity::version(&self.target.version) >= Some((1, minor))
    }

    /// The services that run in the cluster: all but those that it replaces itself.
    pub(super) fn units(&'a self) -> impl Iterator<Item = Unit<'a>> {
        self.environment.model.services.keys().filter_map(|name| self.unit(name))
    }

    /// A service that runs in the cluster.
    pub(super) fn unit(&'a self, name: &str) -> Option<Unit<'a>> {
        let (name, service) = self.environment.model.services.get_key_value(name)?;
        let plan = self.environment.services.get(name)?;
        let unit = Unit { cluster: self, name, service, plan };
        service.runs_in_cluster().then_some(unit)
    }

    /// Name, namespace and labels of an object that belongs to all services.
    pub(super) fn metadata(&self, name: &str, component: &str) -> Metadata {
        Metadata {
            name: Some(naming::label(name)),
            namespace: Some(self.namespace()),
            labels: self.labels(name, component),
            annotations: Strings::new(),
        }
    }

    fn labels(&self, name: &str, component: &str) -> Strings {
        Strings::from_iter([
            (NAME.to_owned(), naming::label(name)),
            ("app.kubernetes.io/instance".to_owned(), naming::label(self.environment.name())),
            ("app.kubernetes.io/component".to_owned(), component.to_owned()),
            (PART_OF.to_owned(), naming::label(&self.plan.project.name)),
            ("app.kubernetes.io/managed-by".to_owned(), "stackc".to_owned()),
        ])
    }

    /// The pods of these names: with one name by label, else by a list.
    pub(super) fn pods(&self, names: &[String]) -> Selector {
        let part_of = (PART_OF.to_owned(), naming::label(&self.plan.project.name));
        if let [name] = names {
            return Selector {
                match_labels: Strings::from_iter([(NAME.to_owned(), name.clone()), part_of]),
                match_expressions: Vec::new(),
            };
        }
        Selector {
            match_labels: Strings::from_iter([part_of]),
            match_expressions: vec![Requirement { key: NAME, operator: "In", values: names.to_vec() }],
        }
    }
}

impl<'a> Unit<'a> {
    /// Name of its objects and its host name inside the cluster.
    pub(super) fn dns(&self) -> String {
        naming::label(self.name)
    }

    /// Name of an object of its own: `api-config`.
    pub(super) fn named(&self, suffix: &str) -> String {
        naming::joined(&[self.name, suffix])
    }

    /// Name, namespace and labels of an object of its own. `component` says when a deployment applies it.
    pub(super) fn metadata(&self, name: &str, component: &str) -> Metadata {
        Metadata { name: Some(name.to_owned()), ..self.cluster.metadata(&self.dns(), component) }
    }

    /// The labels of pods, whose name tells those that serve from those of jobs: selectors go by it.
    pub(super) fn pod_labels(&self, name: &str, component: &str) -> Strings {
        self.cluster.labels(name, component)
    }

    /// The pods that serve.
    pub(super) fn selector(&self) -> Selector {
        self.cluster.pods(&[self.dns()])
    }

    /// Names of the pods that act with its variables: those that serve, and those of its jobs.
    pub(super) fn pod_names(&self) -> Vec<String> {
        let jobs = self.jobs().map(|(name, _)| self.named(name));
        std::iter::once(self.dns()).chain(jobs).collect()
    }

    /// Its jobs.
    pub(super) fn jobs(&self) -> impl Iterator<Item = (&'a Arc<str>, &'a Job)> + use<'a> {
        self.service.job.iter()
    }

    /// Its backup, where it has one that can run.
    pub(super) fn backup(&self) -> Option<(&'a Backup, &'a TaskPlan)> {
        let backup = self.service.backup.as_ref()?;
        backup.runs_in_cluster().then_some((backup, self.plan.backup.as_ref()?))
    }

    /// What brings the copies of its backup to another place: the client's image and what it gets.
    pub(super) fn offsite(&self) -> Option<(&'a ImageRef, &'a TaskPlan)> {
        let (backup, _) = self.backup()?;
        let image = backup.offsite_image.as_ref().filter(|_| backup.leaves())?;
        Some((image, self.plan.offsite.as_ref()?))
    }

    /// Its release, where the next version runs beside the old one.
    pub(super) fn beside(&self) -> Option<&'a Rollout> {
        beside(self.service)
    }

    /// Name of the objects of its next version.
    pub(super) fn next(&self) -> String {
        self.named("next")
    }

    /// The image that runs.
    pub(super) fn image(&self) -> String {
        let release = &self.cluster.environment.model.block.release;
        match (&self.plan.image, self.cluster.plan.built(self.plan)) {
            (ImageUse::Public(image), _) => image.to_string(),
            (ImageUse::Built(_), Some(image)) => format!("{}:{}", image.repository, &**release),
            (ImageUse::Built(_), None) => format!("{}:{}", self.name, &**release),
        }
    }

    /// The listeners as legal port names and numbers, each name and number once.
    pub(super) fn ports(&self) -> Vec<(String, u16)> {
        let mut ports: Vec<(String, u16)> = Vec::new();
        for (name, number) in self.service.listeners() {
            let name = naming::port(name, number);
            if ports.iter().all(|known| known.0 != name && known.1 != number) {
                ports.push((name, number));
            }
        }
        ports
    }

    /// The number of a named listener, or of the first one.
    pub(super) fn port(&self, name: Option<&str>) -> Option<u16> {
        let listeners = self.service.listeners();
        let mut found = listeners.iter().filter(|(listener, _)| name.is_none_or(|name| name == *listener));
        found.next().map(|(_, number)| *number)
    }

    /// The user of its processes.
    pub(super) fn user(&self) -> UserId {
        self.service.user
    }

    /// Whether every instance has storage of its own.
    pub(super) fn is_stateful(&self) -> bool {
        self.service.is_stateful()
    }
}
