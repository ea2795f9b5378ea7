//! Who needs whom. Every mention of a service is an edge: of its address or port in a text, in `after`, in a route.
//!
//! * A mention makes the one who needs wait (`Start`), except inside `late(…)` and in commands that run later:
//!   scheduled and manual jobs, backups. `after` orders without a connection, so it has no port.
//! * The proxy of an ingress waits for the services that it routes to. A route without a proxy comes from the world,
//!   which waits for nobody.
//! * Where a text mentions the address of a service but no port of it, the first listener is meant.
//! * What reads metrics only knows the addresses of what has them; dashboards wait for what reads metrics.
//! * A service that mentions itself needs nobody.
//!
//! Must not order anything: that is `graph`.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::diagnostic::{Diagnostic, codes};
use crate::model::{Environment, Ingress, JobTime, Service, Watches};
use crate::schema::{Part, ServiceRef};
use crate::source::Span;

use super::texts::{Mention, mentions};
use super::{Edge, EdgeKind, ports};

/// The edges of an environment in declaration order of the one who needs, the world last; each pair and port once.
pub(super) fn edges(environment: &Environment) -> Result<Vec<Edge>, Vec<Diagnostic>> {
    let mut found = Found { environment, edges: IndexMap::new(), problems: Vec::new() };
    for (name, service) in &environment.services {
        found.service(name, service);
    }
    for ingress in environment.ingresses.values() {
        found.carrier(ingress);
        let through = ingress.through.as_ref().map(|proxy| proxy.name.clone());
        for route in ingress.route.values() {
            if let (Some(to), Some((name, port))) = (&route.to, route.service()) {
                found.route(through.clone(), name, port, to.origin.span);
            }
        }
    }
    for (name, service) in &environment.services {
        found.observer(name, service);
    }
    let mut edges: Vec<Edge> = found.edges.into_values().collect();
    edges.sort_by_key(|edge| place(environment, edge));
    if found.problems.is_empty() { Ok(edges) } else { Err(found.problems) }
}

fn waits_for_itself(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(codes::START_CYCLE, format!("`{name}` waits for itself to start"))
        .at(span, format!("leads back to `{name}`"))
        .help("remove it from the list")
}

/// What edges are sorted by: the number of the service that needs, the world last.
pub(super) fn place(environment: &Environment, edge: &Edge) -> usize {
    let from = edge.from.as_deref();
    from.and_then(|name| environment.services.get_index_of(name)).unwrap_or(usize::MAX)
}

/// From, to and port.
type Key = (Option<Arc<str>>, Arc<str>, Option<u16>);

struct Found<'a> {
    environment: &'a Environment,
    edges: IndexMap<Key, Edge>,
    problems: Vec<Diagnostic>,
}

impl<'a> Found<'a> {
    fn service(&mut self, name: &Arc<str>, service: &'a Service) {
        for mention in mentions(service) {
            self.mention(name, mention);
        }
        let span = service.origins.field("after").span;
        self.after(name, &service.after, EdgeKind::Start, span);
        for job in service.job.values() {
            let kind = if job.when == JobTime::BeforeRollout { EdgeKind::Start } else { EdgeKind::Address };
            self.after(name, &job.after, kind, job.origins.field("after").span);
        }
    }

    fn after(&mut self, from: &Arc<str>, targets: &[ServiceRef], kind: EdgeKind, span: Span) {
        for target in targets {
            if target.name == *from && kind == EdgeKind::Start {
                self.problems.push(waits_for_itself(from, span));
            } else if self.target(&target.name, span).is_some() {
                self.add(Some(from.clone()), &target.name, None, kind, span);
            }
        }
    }

    fn mention(&mut self, from: &Arc<str>, mention: Mention<'a>) {
        let parts = &mention.text.0;
        let names_port = |service: &Arc<str>| {
            let is_port = |part: &Part| matches!(part, Part::Port { service: other, .. } if other == service);
            parts.iter().any(is_port)
        };
        for part in parts {
            let (service, number, late) = match part {
                Part::Host { service, late } if !names_port(service) => (service, None, *late),
                Part::Port { service, number, late } => (service, Some(*number), *late),
                Part::Host { .. } | Part::Literal(_) | Part::Secret(_) | Part::SecretPath(_) => continue,
            };
            if service == from {
                continue;
            }
            let Some(target) = self.target(service, mention.span) else {
                continue;
            };
            let kind = if late || !mention.starts { EdgeKind::Address } else { EdgeKind::Start };
            match number.map_or_else(|| ports::resolve(target, None, mention.span), Ok) {
                Ok(port) => self.add(Some(from.clone()), service, Some(port), kind, mention.span),
                Err(problem) => self.problems.push(*problem),
            }
        }
    }

    /// What watches the stack needs no list: a reader of metrics knows what has metrics and who tells people about
    /// alerts, dashboards know who reads metrics.
    fn observer(&mut self, name: &Arc<str>, service: &'a Service) {
        let Some(observes) = &service.observes else { return };
        let span = observes.label.span;
        for (to, other) in &self.environment.services {
            let first = other.listeners().first().map(|(_, port)| *port);
            let (ports, kind) = match observes.watches() {
                Watches::Metrics => {
                    let told = first.filter(|_| other.watches(Watches::Alerts));
                    ([other.metrics_port(), told], EdgeKind::Address)
                }
                Watches::Dashboards => {
                    ([first.filter(|_| other.watches(Watches::Metrics)), None], EdgeKind::Start)
                }
                Watches::Alerts => continue,
            };
            for port in ports.into_iter().flatten() {
                self.add(Some(name.clone()), to, Some(port), kind, span);
            }
        }
    }

    /// What an ingress goes through must be there and be a web server.
    fn carrier(&mut self, ingress: &Ingress) {
        let Some(through) = &ingress.through else { return };
        let span = through.origin.span;
        let Some(service) = self.target(&through.name, span) else {
            return;
        };
        if service.proxy.is_none() {
            let name = &through.name;
            let message =
                format!("`{name}` carries the ingress `{}` but has no `proxy` block", ingress.label.value);
            self.problems.push(
                Diagnostic::error(codes::MISSING_FIELD, message)
                    .at(span, "is no web server of the stack")
                    .also(service.label.span, "declared here")
                    .help(format!("add a `proxy` block to `{name}`, or name the service that has one")),
            );
        }
    }

    fn route(&mut self, through: Option<Arc<str>>, to: &Arc<str>, port: Option<&str>, span: Span) {
        let Some(target) = self.target(to, span) else {
            return;
        };
        match ports::resolve(target, port, span) {
            Ok(number) => {
                let kind = if through.is_some() { EdgeKind::Start } else { EdgeKind::Address };
                self.add(through, to, Some(number), kind, span);
            }
            Err(problem) => {
                let spell = |name: &str| format!("{to}.ports.{name}");
                self.problems.push(ports::with_fix(*problem, target, port, spell));
            }
        }
    }

    /// The service, or a report that this environment does not have it.
    fn target(&mut self, name: &Arc<str>, span: Span) -> Option<&'a Service> {
        let environment = self.environment;
        let service = environment.services.get(name);
        if service.is_none() {
            let message = format!("the environment `{}` has no service `{name}`", environment.name);
            self.problems.push(
                Diagnostic::error(codes::UNKNOWN_NAME, message)
                    .at(span, "needed here")
                    .help(format!("enable `{name}` in this environment, or remove what refers to it there")),
            );
        }
        service.map(|service| &**service)
    }

    fn add(&mut self, from: Option<Arc<str>>, to: &Arc<str>, port: Option<u16>, kind: EdgeKind, span: Span) {
        if from.as_ref() == Some(to) {
            return;
        }
        let key = (from.clone(), to.clone(), port);
        let to = to.clone();
        let edge = self.edges.entry(key).or_insert(Edge { from, to, port, kind, span });
        // Waiting is the stronger need, and its place is what a cycle must show.
        if edge.kind > kind {
            (edge.kind, edge.span) = (kind, span);
        }
    }
}
