//! Container networks from edges. Must not know Compose.
//!
//! * Each service that another one connects to, and each whose backup asks it, owns a network of its own name: its
//!   members are the service and those that connect to it. It has no way out, so that nobody gets one by needing a neighbour
//!   who has one.
//! * Each service that is published on the host, carries an ingress, declares `egress` or tells the channels
//!   of alerts is alone on a network
//!   `<service>.out`, which has a way out. A dot cannot stand in a service name, so the names do not collide.
//! * The container that sends copies of a service away is alone on a network `<service>-offsite.out`.
//! * A service without any of this is on no network.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use indexmap::IndexMap;

use crate::model::{Backup, Environment, Notify, Service, Watches};

use super::{Edge, Network};

/// The networks of an environment, in declaration order of their owners.
pub(super) fn networks(environment: &Environment, edges: &[Edge]) -> IndexMap<Arc<str>, Network> {
    let mut networks = IndexMap::new();
    let connected = connected(environment, edges);
    for (index, (name, service)) in environment.services.iter().enumerate() {
        let members = members(environment, connected.get(&index), name);
        let is_asked = service.backup.as_ref().is_some_and(|backup| !backup.files);
        if members.len() > 1 || is_asked {
            let internal = true;
            networks.insert(name.clone(), Network { members, internal, subnet: None, range: None });
        }
        if !service.publish.is_empty()
            || reaches_out(environment, service)
            || carries_ingress(environment, name)
        {
            let members = vec![name.clone()];
            let internal = false;
            let network = Network { members, internal, subnet: None, range: None };
            networks.insert(format!("{name}.out").into(), network);
        }
        if service.backup.as_deref().is_some_and(Backup::leaves) {
            let network = Network { members: Vec::new(), internal: false, subnet: None, range: None };
            networks.insert(offsite_network(name).into(), network);
        }
    }
    networks
}

/// The network of the container that sends copies away; the service itself gets no way out by this.
pub fn offsite_network(service: &str) -> String {
    format!("{service}-offsite.out")
}

/// The networks of each service, in order.
pub(super) fn memberships(networks: &IndexMap<Arc<str>, Network>) -> BTreeMap<Arc<str>, Vec<Arc<str>>> {
    let mut memberships: BTreeMap<Arc<str>, Vec<Arc<str>>> = BTreeMap::new();
    for (name, network) in networks {
        for member in &network.members {
            memberships.entry(member.clone()).or_default().push(name.clone());
        }
    }
    memberships
}

/// Whether a service talks to hosts outside of the stack.
pub(super) fn reaches_out(environment: &Environment, service: &Service) -> bool {
    let tells = || environment.channels.values().any(Notify::is_reached);
    !service.egress.is_empty() || service.watches(Watches::Alerts) && tells()
}

fn carries_ingress(environment: &Environment, name: &Arc<str>) -> bool {
    let mut carried = environment.ingresses.values();
    carried.any(|ingress| ingress.through.as_ref().is_some_and(|proxy| proxy.name == *name))
}

/// Who connects to whom, by index of the one that is needed; indices are in declaration order.
fn connected(environment: &Environment, edges: &[Edge]) -> BTreeMap<usize, BTreeSet<usize>> {
    let index = |name: &Arc<str>| environment.services.get_index_of(name);
    let mut connected: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for edge in edges.iter().filter(|edge| edge.port.is_some()) {
        if let (Some(from), Some(to)) = (edge.from.as_ref().and_then(index), index(&edge.to)) {
            connected.entry(to).or_default().extend([from, to]);
        }
    }
    connected
}

fn members(
    environment: &Environment,
    connected: Option<&BTreeSet<usize>>,
    owner: &Arc<str>,
) -> Vec<Arc<str>> {
    let name = |index: &usize| environment.services.get_index(*index).map(|(name, _)| name.clone());
    match connected {
        Some(indices) => indices.iter().filter_map(name).collect(),
        None => vec![owner.clone()],
    }
}
