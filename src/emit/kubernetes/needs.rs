//! Who talks to whom on which ports, from the edges of the plan and from the variables of jobs and backups.
//! Must not spell a policy.

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexMap;

use super::scope::{Cluster, Unit};
use crate::schema::{Part, Text};

/// Ports by service.
type Ports = IndexMap<Arc<str>, Vec<u16>>;

/// Everything that is needed inside one environment.
#[derive(Debug, Default)]
pub(super) struct Needs {
    services: IndexMap<Arc<str>, Ports>,
    backups: IndexMap<Arc<str>, Ports>,
    world: Ports,
}

/// Where traffic to a service comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Door {
    /// Pods with these names, of this service.
    Pods(String, Vec<String>),
    /// What receives requests from outside.
    Edge,
    /// What reads metrics, in this namespace.
    Metrics(String),
}

impl Needs {
    /// Reads the plan.
    pub(super) fn of_cluster(cluster: &Cluster<'_>) -> Self {
        let mut needs = Self::default();
        for edge in &cluster.environment.edges {
            let from = edge.from.as_deref().and_then(|name| cluster.unit(name));
            let ports = match edge.port {
                Some(port) => vec![port],
                None => from.map(|unit| unnamed_ports(&unit, &edge.to)).unwrap_or_default(),
            };
            let table = match from {
                Some(unit) => needs.services.entry(unit.name.into()).or_default(),
                None => &mut needs.world,
            };
            add(table, &edge.to, ports);
        }
        for unit in cluster.units() {
            needs.add_jobs(&unit);
            needs.add_backup(&unit);
        }
        needs
    }

    /// What a service and its jobs call.
    pub(super) fn of<'a>(&'a self, service: &str) -> impl Iterator<Item = (&'a str, &'a [u16])> {
        ports_of(self.services.get(service))
    }

    /// What the backup of a service calls.
    pub(super) fn of_backup<'a>(&'a self, service: &str) -> impl Iterator<Item = (&'a str, &'a [u16])> {
        ports_of(self.backups.get(service))
    }

    /// Who calls a service, and the ports.
    pub(super) fn doors(&self, unit: &Unit<'_>) -> Vec<(Door, Vec<u16>)> {
        let mut doors = Vec::new();
        for (from, ports) in &self.services {
            if let (Some(ports), Some(from)) = (ports.get(unit.name), unit.cluster.unit(from)) {
                doors.push((Door::Pods(from.name.to_owned(), from.pod_names()), ports.clone()));
            }
        }
        for (from, ports) in &self.backups {
            if let (Some(ports), Some(from)) = (ports.get(unit.name), unit.cluster.unit(from)) {
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

    fn add_jobs(&mut self, unit: &Unit<'_>) {
        let texts: Vec<&Text> = unit
            .jobs()
            .flat_map(|(_, job)| job.env.values().map(|text| &**text).chain(job.run.iter().map(|word| &**word)))
            .collect();
        let ports = mentioned(unit.cluster, &texts);
        let table = self.services.entry(unit.name.into()).or_default();
        for (to, ports) in ports {
            add(table, &to, ports);
        }
    }

    /// A backup reads its own service; the commands may mention others.
    fn add_backup(&mut self, unit: &Unit<'_>) {
        let Some(backup) = unit.backup() else { return };
        let texts: Vec<&Text> = backup.env.values().map(|text| &**text).collect();
        let mut table = mentioned(unit.cluster, &texts);
        let own: Arc<str> = unit.name.into();
        if !table.contains_key(&own) {
            add(&mut table, &own, listeners(unit.cluster, &own));
        }
        self.backups.insert(own, table);
    }
}

fn metrics_door(unit: &Unit<'_>) -> Option<(Door, Vec<u16>)> {
    let metrics = unit.service.metrics.as_ref()?;
    let namespace = unit.cluster.target.metrics_namespace.as_ref()?;
    let port = unit.port(metrics.port.as_deref())?;
    Some((Door::Metrics(namespace.to_string()), vec![port]))
}

/// An edge without a port is about the start order, unless a variable has the host name: then the port is known to the
/// program alone, and every listener may be meant.
fn unnamed_ports(unit: &Unit<'_>, to: &str) -> Vec<u16> {
    let texts = unit.service.env.values().map(|text| &**text);
    let words = unit.service.command.iter().chain(&unit.service.entrypoint);
    let all: Vec<&Text> = texts.chain(words.map(|word| &**word)).collect();
    let known = mentioned(unit.cluster, &all);
    known.get(to).cloned().unwrap_or_default()
}

/// The services whose host name occurs, with the ports that occur, all of them when none does.
fn mentioned(cluster: &Cluster<'_>, texts: &[&Text]) -> Ports {
    let mut hosts: BTreeSet<&Arc<str>> = BTreeSet::new();
    let mut table = Ports::new();
    for part in texts.iter().flat_map(|text| &text.0) {
        match part {
            Part::Host { service, .. } => {
                hosts.insert(service);
            }
            Part::Port { service, number, .. } => add(&mut table, service, vec![*number]),
            Part::Literal(_) | Part::Secret(_) | Part::SecretPath(_) => {}
        }
    }
    for host in hosts {
        if !table.contains_key(host) {
            add(&mut table, host, listeners(cluster, host));
        }
    }
    table
}

fn listeners(cluster: &Cluster<'_>, service: &str) -> Vec<u16> {
    let unit = cluster.unit(service);
    unit.map(|unit| unit.ports().into_iter().map(|(_, number)| number).collect())
        .unwrap_or_default()
}

fn add(table: &mut Ports, to: &Arc<str>, ports: Vec<u16>) {
    if ports.is_empty() {
        return;
    }
    let known = table.entry(to.clone()).or_default();
    for port in ports {
        if !known.contains(&port) {
            known.push(port);
        }
    }
}

fn ports_of(table: Option<&Ports>) -> impl Iterator<Item = (&str, &[u16])> {
    table.into_iter().flatten().map(|(to, ports)| (&**to, ports.as_slice()))
}
