//! What a picture of an environment shows: people, services, what they keep and whom they ask. Must not know a drawing
//! language.

use indexmap::IndexMap;

use crate::model::{Ingress, Service};
use crate::plan::{Edge, EdgeKind, EnvironmentPlan};

/// Boxes and arrows, in the order of the sources.
#[derive(Debug)]
pub(super) struct Picture {
    pub(super) title: String,
    pub(super) nodes: Vec<Node>,
    pub(super) arrows: Vec<Arrow>,
}

/// A box.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) id: String,
    /// Its lines.
    pub(super) lines: Vec<String>,
    pub(super) role: Role,
}

/// What stands for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Who comes from outside, at an address.
    People,
    /// A program that the stack builds.
    Own,
    /// A program that others publish.
    Public,
    /// A service that keeps data.
    Store,
    /// A host outside of the stack.
    Outside,
}

/// Who asks whom.
#[derive(Debug)]
pub(super) struct Arrow {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) label: String,
    /// Whether the one who asks waits until the other one is ready.
    pub(super) waits: bool,
}

impl Picture {
    /// The picture of an environment.
    pub(super) fn of(environment: &EnvironmentPlan) -> Self {
        let mut picture =
            Self { title: environment.name().to_owned(), nodes: Vec::new(), arrows: Vec::new() };
        let in_cluster = environment.model.compose().is_none();
        let shown = |name: &str| {
            let service = environment.model.services.get(name)?;
            (!in_cluster || service.runs_in_cluster()).then_some(service)
        };
        for ingress in environment.model.ingresses.values() {
            picture.people(ingress, in_cluster);
        }
        let order = environment.model.services.keys();
        for (name, service) in order.filter_map(|name| Some((&**name, shown(name)?))) {
            picture.nodes.push(Node { id: id(name), lines: lines(name, service), role: role(service) });
        }
        for edge in &environment.edges {
            let from = edge.from.as_deref().filter(|from| shown(from).is_some());
            if let Some(from) = from.filter(|_| shown(&edge.to).is_some()) {
                picture.arrow(from, edge);
            }
        }
        for (name, service) in environment.model.services.iter().filter(|(name, _)| shown(name).is_some()) {
            for (host, egress) in &service.egress {
                picture.outside(name, host, egress.port.0);
            }
        }
        picture
    }

    /// Who comes by an ingress: to the web server that carries it, or to the services behind its routes.
    fn people(&mut self, ingress: &Ingress, in_cluster: bool) {
        let from = format!("people_{}", id(&ingress.label.value));
        let scheme = if ingress.tls.is_some() { "https" } else { "http" };
        let lines = vec![format!("{scheme}://{}", &*ingress.host)];
        self.nodes.push(Node { id: from.clone(), lines, role: Role::People });
        if let Some(through) = ingress.through.as_ref().filter(|_| !in_cluster) {
            let to = id(&through.value.name);
            self.arrows.push(Arrow { from, to, label: String::new(), waits: true });
            return;
        }
        let mut paths: IndexMap<String, Vec<&str>> = IndexMap::new();
        for (path, route) in &ingress.route {
            if let Some((name, _)) = route.service() {
                paths.entry(id(name)).or_default().push(path);
            }
        }
        for (to, paths) in paths {
            self.arrows.push(Arrow { from: from.clone(), to, label: paths.join(", "), waits: true });
        }
    }

    /// One arrow for each pair, with all ports.
    fn arrow(&mut self, from: &str, edge: &Edge) {
        let (from, to) = (id(from), id(&edge.to));
        let port = edge.port.map(|port| port.to_string()).unwrap_or_default();
        let waits = edge.kind == EdgeKind::Start;
        match self.arrows.iter_mut().find(|arrow| arrow.from == from && arrow.to == to) {
            Some(arrow) => {
                arrow.waits |= waits;
                if !port.is_empty() && !arrow.label.split(", ").any(|known| known == port) {
                    let gap = if arrow.label.is_empty() { "" } else { ", " };
                    arrow.label.push_str(gap);
                    arrow.label.push_str(&port);
                }
            }
            None => self.arrows.push(Arrow { from, to, label: port, waits }),
        }
    }

    fn outside(&mut self, from: &str, host: &str, port: u16) {
        let to = format!("outside_{}", id(host));
        if !self.nodes.iter().any(|node| node.id == to) {
            self.nodes.push(Node { id: to.clone(), lines: vec![host.to_owned()], role: Role::Outside });
        }
        self.arrows.push(Arrow { from: id(from), to, label: port.to_string(), waits: false });
    }
}

/// Its name, and how many there are where it is not one.
fn lines(name: &str, service: &Service) -> Vec<String> {
    let count = match &service.scale {
        Some(scale) => Some(format!("{} to {}", scale.min, scale.max)),
        None => (service.replicas > 1).then(|| service.replicas.to_string()),
    };
    let count = count.map(|count| format!("{count} instances"));
    std::iter::once(name.to_owned()).chain(count).collect()
}

fn role(service: &Service) -> Role {
    if service.is_stateful() {
        Role::Store
    } else if service.build.is_some() {
        Role::Own
    } else {
        Role::Public
    }
}

/// A word that both drawing languages take as it is; `end` is one of Mermaid's own.
fn id(name: &str) -> String {
    let word: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if word.eq_ignore_ascii_case("end") { format!("{word}_") } else { word }
}
