//! The edge of a cluster: routes in the order in which they are tried. Must not spell an object: `gateway` and
//! `ingress` do.

use std::sync::Arc;

use super::scope::Cluster;
use crate::model::{Ingress, Route};
use crate::schema::Host;

/// A route to a service of the cluster.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target<'a> {
    pub path: &'a str,
    pub route: &'a Route,
    pub service: &'a str,
    pub port: u16,
}

/// The ingresses with a route into the cluster.
pub(super) fn reachable<'a>(cluster: &'a Cluster<'a>) -> impl Iterator<Item = (&'a Arc<str>, &'a Ingress)> {
    let all = cluster.environment.model.ingresses.iter();
    all.filter(|(_, ingress)| !targets(cluster, ingress).is_empty())
}

/// The routes of an ingress that lead into the cluster, the longest path first.
pub(super) fn targets<'a>(cluster: &'a Cluster<'a>, ingress: &'a Ingress) -> Vec<Target<'a>> {
    let mut targets: Vec<Target<'a>> =
        ingress.route.iter().filter_map(|(path, route)| target(cluster, path, route)).collect();
    targets.sort_by_key(|target| std::cmp::Reverse(target.path.trim_end_matches('/').len()));
    targets
}

fn target<'a>(cluster: &'a Cluster<'a>, path: &'a str, route: &'a Route) -> Option<Target<'a>> {
    let (name, port) = route.service()?;
    let unit = cluster.unit(name)?;
    Some(Target { path, route, service: unit.name, port: unit.port(port)? })
}

/// Most host names of one `HTTPRoute`.
pub(super) const HOSTS: usize = 16;

/// The host and its aliases, each once, as many as a route can have.
pub(super) fn hosts(ingress: &Ingress) -> Vec<&Host> {
    let mut hosts = vec![&ingress.host];
    for alias in &ingress.aliases {
        if !hosts.contains(&alias) && hosts.len() < HOSTS {
            hosts.push(alias);
        }
    }
    hosts
}

/// Whether encryption ends in the cluster.
pub(super) fn is_encrypted(ingress: &Ingress) -> bool {
    ingress.ends_encryption()
}

/// The cluster issuer of the certificate.
pub(super) fn cluster_issuer(ingress: &Ingress) -> Option<&str> {
    ingress.tls.as_ref()?.cluster_issuer.as_deref()
}

/// The path as both kinds of edge match it: by whole components, without a slash at the end.
pub(super) fn prefix(path: &str) -> String {
    match path.trim_end_matches('/') {
        "" => "/".to_owned(),
        path => path.to_owned(),
    }
}
