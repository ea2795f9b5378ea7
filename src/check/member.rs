//! What stands behind the dot: addresses, ports and exports of services, and fields of blocks. Must not resolve first names.

use std::sync::Arc;

use indexmap::IndexMap;

use super::budget::NAMED_DEPTH;
use super::node::{MapItem, Node, NodeSlot};
use super::path::{cycle, own_secret, wanted};
use super::problem;
use super::want::Want;
use super::world::World;
use crate::diagnostic::{Diagnostic, codes};
use crate::schema::{Origin, Part, Reference, Sourced, Text, Ty, Value};
use crate::source::Span;
use crate::syntax::ast::Name;

impl<'a> World<'a> {
    /// `db.url`, `api.ports.ws`, `api.scale.min`
    pub(super) fn service_member(&self, service: &Arc<str>, rest: &[Name], want: &Want<'a>) -> Value {
        let Some((name, deeper)) = rest.split_first() else {
            return Value::Reference(Reference::Service { name: service.clone(), port: None });
        };
        let member = self.text(name.span);
        let Some(node) = self.entity("service", service) else {
            return Value::Error;
        };
        if deeper.is_empty() {
            if let Some(value) = self.exported(node, service, member, name.span) {
                return value;
            }
        }
        match (member, deeper) {
            ("name", []) => Value::Text(Text::literal(service)),
            ("host", []) => Value::Text(Text(vec![Part::Host { service: service.clone(), late: false }])),
            ("port", []) => self.port(node, service, None, name.span, want),
            ("ports", [port]) => self.port(node, service, Some(self.text(port.span)), port.span, want),
            ("url", []) => {
                let mut text = Text::literal("http://");
                text.push(Part::Host { service: service.clone(), late: false });
                text.push(Part::Literal(":".into()));
                match self.port(node, service, None, name.span, &Want::Ty(Ty::SecretText)) {
                    Value::Text(port) => port.0.into_iter().for_each(|part| text.push(part)),
                    _ => return Value::Error,
                }
                Value::Text(text)
            }
            ("secret", [label]) if node.labelled("secret", self.text(label.span)).is_some() => {
                Value::Reference(Reference::Secret(own_secret(service, self.text(label.span))))
            }
            _ => self.field(node, member, name.span, deeper, want),
        }
    }

    /// What the service's `export` block says about a name.
    pub(super) fn exported(
        &self,
        node: &Node<'a>,
        service: &Arc<str>,
        member: &str,
        span: Span,
    ) -> Option<Value> {
        let NodeSlot::Map(items) = node.slot("export")? else {
            return None;
        };
        let assignment = items.iter().find_map(|item| match item {
            MapItem::Entry(key, assignment) if &**key == member => Some(*assignment),
            MapItem::Entry(..) | MapItem::Spread(_) => None,
        })?;
        Some(self.guarded(service, member, span, || self.value(&assignment, &Want::Ty(Ty::SecretText)).value))
    }

    /// Runs an evaluation of a service's part unless that part is being evaluated already.
    pub(super) fn guarded(
        &self,
        service: &str,
        member: &str,
        span: Span,
        compute: impl FnOnce() -> Value,
    ) -> Value {
        let key: Arc<str> = format!("{service}.{member}").into();
        let first = self.running.borrow().iter().find(|(known, _)| *known == key).map(|(_, span)| *span);
        if let Some(first) = first {
            let running = self.running.borrow();
            let from = running.iter().position(|(known, _)| *known == key).unwrap_or(0);
            let path: Vec<&str> = running.iter().skip(from).map(|(name, _)| &**name).collect();
            self.report_first(cycle(&path, first, span));
            return Value::Error;
        }
        self.running.borrow_mut().push((key, span));
        let value = self.nested(NAMED_DEPTH, span, Value::Error, compute);
        self.running.borrow_mut().pop();
        value
    }

    /// A port of a service: a number where one is wanted, a port of a service elsewhere.
    pub(super) fn port(
        &self,
        node: &Node<'a>,
        service: &Arc<str>,
        name: Option<&str>,
        span: Span,
        want: &Want<'a>,
    ) -> Value {
        let ports = self.guarded(service, "ports", span, || self.ports(node));
        let Value::Map(ports) = ports else {
            return Value::Error;
        };
        let found = match name {
            Some(name) => ports.get(name).map(|port| (name, port)),
            None => ports
                .get("http")
                .map(|port| ("http", port))
                .or_else(|| ports.first().map(|(name, port)| (&**name, port))),
        };
        let Some((name, port)) = found else {
            let known: Vec<&str> = ports.keys().map(|name| &**name).collect();
            let problem = match name {
                Some(name) => {
                    let message = format!("`{service}` has no port called `{name}`");
                    problem::unknown(codes::PORT_NOT_LISTENING, message, span, name, &known)
                }
                None => {
                    let message = format!("`{service}` does not listen on any port");
                    Diagnostic::error(codes::PORT_NOT_LISTENING, message)
                        .at(span, "needs a port")
                        .help(format!("add `port = …` to `{service}`"))
                }
            };
            self.report(problem.also(node.label.span, "declared here"));
            return Value::Error;
        };
        match (wanted(want), &port.value) {
            (_, Value::Error) => Value::Error,
            (Some(Ty::Service), _) => {
                Value::Reference(Reference::Service { name: service.clone(), port: Some(name.into()) })
            }
            (Some(Ty::Text | Ty::SecretText), Value::Int(number)) => {
                let number = u16::try_from(*number).unwrap_or_default();
                Value::Text(Text(vec![Part::Port { service: service.clone(), number, late: false }]))
            }
            (_, value) => value.clone(),
        }
    }

    /// All ports of a service by name; `port` counts as `http`.
    pub(super) fn ports(&self, node: &Node<'a>) -> Value {
        let mut map = indexmap::IndexMap::new();
        let port = Want::Ty(Ty::Port);
        if let Some(NodeSlot::Value(values)) = node.slot("port") {
            if let Some(assignment) = values.last() {
                map.insert(Arc::from("http"), self.value(assignment, &port));
            }
        }
        if let Some(NodeSlot::Map(items)) = node.slot("ports") {
            for item in items {
                if let MapItem::Entry(name, assignment) = item {
                    map.insert(name.clone(), self.value(assignment, &port));
                }
            }
        }
        Value::Map(map)
    }

    pub(super) fn entity_field(&self, kind: &str, name: &str, rest: &[Name], want: &Want<'a>) -> Value {
        match (self.entity(kind, name), rest.split_first()) {
            (Some(node), Some((field, rest))) => {
                self.field(node, self.text(field.span), field.span, rest, want)
            }
            _ => Value::Error,
        }
    }

    /// A field of a merged block, evaluated: for conditions. A block is an empty map, blocks are a map of their labels.
    pub(super) fn field(
        &self,
        node: &Node<'a>,
        name: &str,
        span: Span,
        rest: &[Name],
        want: &Want<'a>,
    ) -> Value {
        let Some((index, field)) = node.schema.field(name) else {
            let mut known: Vec<&str> = node.schema.fields.iter().map(|field| field.name).collect();
            if node.schema.keyword == "service" {
                known.extend(["host", "url"]);
            }
            let message = format!("`{}` has no value `{name}`", node.schema.keyword);
            self.report(problem::unknown(codes::UNKNOWN_NAME, message, span, name, &known));
            return Value::Error;
        };
        match (node.slots.get(index), rest.split_first()) {
            (Some(NodeSlot::Block(child)), Some((next, rest))) => {
                self.field(child, self.text(next.span), next.span, rest, want)
            }
            (Some(NodeSlot::Blocks(children)), Some((next, rest))) => {
                let label = self.text(next.span);
                match (children.get(label), rest.split_first()) {
                    (Some(child), Some((field, rest))) => {
                        self.field(child, self.text(field.span), field.span, rest, want)
                    }
                    _ => Value::None,
                }
            }
            (Some(NodeSlot::Absent) | None, _) => match field.default {
                Some(default) => super::defaults::read(&default(), field.ty),
                None => Value::None,
            },
            (Some(NodeSlot::Block(_)), None) => Value::Map(IndexMap::new()),
            (Some(NodeSlot::Blocks(children)), None) => {
                let empty = |child: &Node<'a>| Sourced {
                    value: Value::None,
                    origin: Origin { span: child.label.span, layer: child.layer },
                };
                let entries = children.iter().map(|(label, child)| (label.clone(), empty(child)));
                Value::Map(entries.collect())
            }
            (Some(_), rest) => {
                let owner = match node.schema.keyword {
                    "service" => node.label.value.to_string(),
                    keyword => format!("{keyword} {}", node.label.value),
                };
                let value = self.guarded(&owner, name, span, || self.slot_value(node, index, field));
                match rest {
                    None => value,
                    Some(_) => {
                        let names: Vec<Name> = rest
                            .iter()
                            .flat_map(|(first, rest)| std::iter::once(**first).chain(rest.iter().copied()))
                            .collect();
                        self.members(value, name, &names, want)
                    }
                }
            }
        }
    }
}
