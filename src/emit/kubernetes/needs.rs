//! Who talks to whom on which ports, from the edges of the plan. Must not spell a policy.

use std::sync::Arc;

use indexmap::IndexMap;

use super::scope::{Cluster, Unit};
use crate::plan::{Delivered, Variable};
use crate::schema::{Part, Text};

/// Ports by service.
type Ports = IndexMap<Arc<str>, Vec<u16>>;

/// Everything that is needed inside one environment.
#[derive(Debug, Default)]
pub(super) struct Needs {
    services: IndexMap<Arc<str>, Ports>,
    /// Ports of a service that only its own jobs call.
    own_jobs: Ports,
    backups: IndexMap<Arc<str>, Ports>,
    world: Ports,
    /// The keys of `services` whose ports hold a service, by that service.
    callers: IndexMap<Arc<str>, Vec<Arc<str>>>,
    /// The same of `backups`.
    backup_callers: IndexMap<Arc<str>, Vec<Arc<str>>>,
}

/// Where traffic to a service comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Door {
    /// Pods with these names, of this service.
    Pods(String, Vec<String>),
    /// What receives requests from outside.
    Edge,
    /// What reads metrics, in this namespace.
    Metrics(String),
}

impl Needs {
    /// Reads the plan. A web server in front of the cluster stands for the edge; what reads metrics there is in
    /// `metrics_namespace`.
    pub(super) fn of_cluster(cluster: &Cluster<'_>) -> Self {
        let mut needs = Self::default();
        for edge in &cluster.environment.edges {
            let (Some(to), Some(port)) = (cluster.unit(&edge.to), edge.port) else {
                continue;
            };
            let caller = edge.from.as_deref().and_then(|name| cluster.environment.model.services.get(name));
            if caller.is_some_and(|caller| caller.observes.is_some()) {
                continue;
            }
            let table = match edge.from.as_deref().and_then(|name| cluster.unit(name)) {
                Some(from) => needs.services.entry(from.name.into()).or_default(),
                None => &mut needs.world,
            };
            add(table, to.name, [port]);
        }
        for unit in cluster.units() {
            needs.add_self(&unit);
            needs.add_backup(&unit);
        }
        needs.callers = callers(&needs.services);
        needs.backup_callers = callers(&needs.backups);
        needs
    }

    /// What a service and its jobs call.
    pub(super) fn of<'a>(&'a self, service: &str) -> impl Iterator<Item = (&'a str, &'a [u16])> + use<'a> {
        ports_of(self.services.get(service))
    }

    /// The ports of a service that only its own jobs call.
    pub(super) fn of_own_jobs(&self, service: &str) -> &[u16] {
        self.own_jobs.get(service).map_or(&[], Vec::as_slice)
    }

    /// What the backup of a service calls.
    pub(super) fn of_backup<'a>(
        &'a self,
        service: &str,
    ) -> impl Iterator<Item = (&'a str, &'a [u16])> + use<'a> {
        ports_of(self.backups.get(service))
    }

    /// Who calls a service, and the ports.
    pub(super) fn doors(&self, unit: &Unit<'_>) -> Vec<(Door, Vec<u16>)> {
        let mut doors = Vec::new();
        for from in self.callers.get(unit.name).into_iter().flatten() {
            let ports = self.services.get(from).and_then(|ports| ports.get(unit.name));
            if let (Some(ports), Some(from)) = (ports, unit.cluster.unit(from)) {
                doors.push((Door::Pods(from.name.to_owned(), from.pod_names()), ports.clone()));
            }
        }
        if !self.of_own_jobs(unit.name).is_empty() {
            let jobs = unit.pod_names().split_off(1);
            let name = format!("the jobs of {}", unit.name);
            doors.push((Door::Pods(name, jobs), self.of_own_jobs(unit.name).to_vec()));
        }
        for from in self.backup_callers.get(unit.name).into_iter().flatten() {
            let ports = self.backups.get(from).and_then(|ports| ports.get(unit.name));
            if let (Some(ports), Some(from)) = (ports, unit.cluster.unit(from)) {
                let name = format!("the backup of {}", from.name);
                doors.push((Door::Pods(name, vec![from.named("backup")]), ports.clone()));
            }
        }
        if let Some(ports) = self.world.get(unit.name) {
            doors.push((Door::Edge, ports.clone()));
        }
        doors.extend(metrics_door(unit));
        doors
    }

    /// The plan has no edge from a service to itself; instances and jobs that call it need one here.
    fn add_self(&mut self, unit: &Unit<'_>) {
        let own = mentioned(unit.cluster, texts(&unit.plan.variables));
        let everywhere = own.get(unit.name).map_or(&[][..], Vec::as_slice);
        if !everywhere.is_empty() {
            add(self.services.entry(unit.name.into()).or_default(), unit.name, everywhere.iter().copied());
        }
        let values = unit.plan.jobs.values().flat_map(|job| texts(&job.variables));
        let words = unit.jobs().flat_map(|(_, job)| job.run.iter().map(|word| &word.0));
        let mut ports =
            mentioned(unit.cluster, values.chain(words)).swap_remove(unit.name).unwrap_or_default();
        if unit.beside().is_some_and(|rollout| !rollout.verify.is_empty()) {
            ports.extend(unit.ports().into_iter().map(|(_, number)| number));
        }
        ports.retain(|port| !everywhere.contains(port));
        add(&mut self.own_jobs, unit.name, ports);
    }

    /// A backup reads its own service, on any of its ports unless it reads the files; its variables may mention others.
    fn add_backup(&mut self, unit: &Unit<'_>) {
        let Some((backup, task)) = unit.backup() else { return };
        let mut table = mentioned(unit.cluster, texts(&task.variables));
        if !backup.files {
            add(&mut table, unit.name, unit.ports().into_iter().map(|(_, number)| number));
        }
        self.backups.insert(unit.name.into(), table);
    }
}

/// Who calls each service, in the order of the callers.
fn callers(services: &IndexMap<Arc<str>, Ports>) -> IndexMap<Arc<str>, Vec<Arc<str>>> {
    let mut callers: IndexMap<Arc<str>, Vec<Arc<str>>> = IndexMap::new();
    for (from, ports) in services {
        for to in ports.keys() {
            callers.entry(to.clone()).or_default().push(from.clone());
        }
    }
    callers
}

fn metrics_door(unit: &Unit<'_>) -> Option<(Door, Vec<u16>)> {
    let metrics = unit.service.metrics.as_ref()?;
    let namespace = unit.cluster.target.metrics_namespace.as_ref()?;
    let port = unit.port(metrics.port.as_deref())?;
    Some((Door::Metrics(namespace.to_string()), vec![port]))
}

/// The services whose address occurs, with the ports that occur, the first listener when none does.
fn mentioned<'a>(cluster: &Cluster<'_>, texts: impl Iterator<Item = &'a Text>) -> Ports {
    let mut hosts: Vec<&str> = Vec::new();
    let mut table = Ports::new();
    for part in texts.flat_map(|text| &text.0) {
        match part {
            Part::Host { service, .. } => hosts.push(service),
            Part::Port { service, number, .. } => add(&mut table, service, [*number]),
            Part::Literal(_) | Part::Secret(_) | Part::SecretPath(_) => {}
        }
    }
    for host in hosts {
        let first = cluster.unit(host).and_then(|unit| unit.port(None));
        if !table.contains_key(host) {
            add(&mut table, host, first);
        }
    }
    table
}

fn texts(variables: &[Variable]) -> impl Iterator<Item = &Text> {
    variables.iter().filter_map(|variable| match &variable.value {
        Delivered::Plain(text) | Delivered::Expand(text) | Delivered::Variable(text) => Some(text),
        Delivered::File(_) => None,
    })
}

fn add(table: &mut Ports, to: &str, ports: impl IntoIterator<Item = u16>) {
    for port in ports {
        let known = table.entry(to.into()).or_default();
        if !known.contains(&port) {
            known.push(port);
        }
    }
}

fn ports_of(table: Option<&Ports>) -> impl Iterator<Item = (&str, &[u16])> {
    table.into_iter().flatten().map(|(to, ports)| (&**to, ports.as_slice()))
}
