//! `all x in …: …` and `any x in …: …`: conditions about each block of a kind, each inner block, each item of a list or a
//! map. Must not know what a condition is about.

use std::sync::Arc;

use super::node::{Node, NodeSlot, ScopeId};
use super::problem;
use super::spanning::{SPANNING, is_spanning};
use super::want::Want;
use super::world::World;
use crate::diagnostic::codes;
use crate::diagnostic::suggest::closest;
use crate::schema::{Origin, Reference, Sourced, Text, Ty, Value};
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprKind, Name, Path, Quantified};

/// The names of all blocks of a kind, and the kind.
pub const COLLECTIONS: &[(&str, &str)] = &[
    ("services", "service"),
    ("secrets", "secret"),
    ("ingresses", "ingress"),
    ("pipelines", "pipeline"),
    ("alerts", "alert"),
    ("channels", "notify"),
    ("tasks", "task"),
];

/// What a name of a quantifier stands for.
#[derive(Debug, Clone)]
pub(super) enum Element {
    /// An item of a list, or `{ key, value }` of a map.
    Value(Value, Span),
    /// A block of the stack, or one inside of it.
    Block(Place),
}

/// Where a block stands: in a block of the stack, behind these slots and labels.
#[derive(Debug, Clone)]
pub(super) struct Place {
    kind: &'static str,
    name: Arc<str>,
    steps: Vec<(usize, Arc<str>)>,
}

/// A name and the condition in which it can be seen.
#[derive(Debug)]
pub(super) struct Bound<'a> {
    name: &'a str,
    body: Span,
    element: Element,
}

impl<'a> World<'a> {
    /// Whether a condition holds for each element, or for one of them.
    pub(super) fn quantified(&self, quantified: &'a Quantified, scope: ScopeId) -> Value {
        let Some(elements) = self.elements(&quantified.of, scope) else {
            return Value::Error;
        };
        let truth = Want::Ty(Ty::Bool);
        let name = self.text(quantified.name.span);
        let condition = &quantified.condition;
        let mut holds = quantified.every;
        for element in elements {
            let place = self.place(&element);
            let before = self.witnesses.borrow().len();
            self.bound.borrow_mut().push(Bound { name, body: condition.span, element });
            let value = self.coerce(self.expr(condition, scope, &truth), &truth, condition.span);
            self.bound.borrow_mut().pop();
            let Value::Bool(found) = value else { return Value::Error };
            if found {
                self.witnesses.borrow_mut().truncate(before);
            } else {
                self.witnesses.borrow_mut().extend(place);
            }
            if found != quantified.every {
                holds = found;
            }
            if found && !quantified.every {
                break;
            }
        }
        Value::Bool(holds)
    }

    /// What a name means in the condition of a quantifier around it.
    pub(super) fn bound_value(&self, path: &'a Path, want: &Want<'a>) -> Option<Value> {
        let first = self.text(path.first.span);
        let around = |bound: &&Bound<'a>| bound.name == first && covers(bound.body, path.first.span);
        let element = self.bound.borrow().iter().rev().find(around)?.element.clone();
        Some(match element {
            Element::Value(value, _) => self.members(value, first, &path.rest, want),
            Element::Block(place) => self.block_member(&place, path, want),
        })
    }

    fn block_member(&self, place: &Place, path: &'a Path, want: &Want<'a>) -> Value {
        let Place { kind, name, steps } = place;
        let is_service = *kind == "service" && steps.is_empty();
        let Some(node) = self.node(place) else {
            return Value::Error;
        };
        match path.rest.split_first() {
            None if is_service => Value::Reference(Reference::Service { name: name.clone(), port: None }),
            None => {
                let message =
                    format!("`{}` is a block; a value needs one of its settings", node.schema.keyword);
                self.fail(codes::TYPE_MISMATCH, message, path.first.span, "this is a block")
            }
            Some((key, [])) if self.text(key.span) == "key" => Value::Text(Text::literal(&node.label.value)),
            Some((key, [])) if steps.is_empty() && self.text(key.span) == "name" => {
                Value::Text(Text::literal(name))
            }
            // An element is asked whether it listens before it is asked where.
            Some((key, []))
                if is_service && !listens(node) && ["port", "url"].contains(&self.text(key.span)) =>
            {
                Value::None
            }
            Some(_) if is_service => self.service_member(name, &path.rest, want),
            Some((field, rest)) => self.field(node, self.text(field.span), field.span, rest, want),
        }
    }

    /// The elements that an expression stands for; `None` after a report.
    fn elements(&self, of: &'a Expr, scope: ScopeId) -> Option<Vec<Element>> {
        if let ExprKind::Path(path) = &of.kind {
            if let Some(elements) = self.blocks(path, scope) {
                return Some(elements);
            }
        }
        if self.is_misspelt(of, scope) {
            return None;
        }
        match self.expr(of, scope, &Want::Any) {
            Value::List(items) => {
                Some(items.into_iter().map(|item| Element::Value(item.value, item.origin.span)).collect())
            }
            Value::Map(items) => Some(items.into_iter().map(entry).collect()),
            Value::None => Some(Vec::new()),
            Value::Error => None,
            value => {
                let message = format!("{} has no elements", super::coerce::found(&value));
                self.fail(codes::TYPE_MISMATCH, message, of.span, "expected a list, a map or blocks");
                None
            }
        }
    }

    /// Whether a name that nobody has is nearly the one of a collection; it is reported then.
    fn is_misspelt(&self, of: &'a Expr, scope: ScopeId) -> bool {
        let ExprKind::Path(path) = &of.kind else { return false };
        let Path { first, rest, incomplete: None } = &**path else { return false };
        let (name, span) = (self.text(first.span), first.span);
        let is_known = !rest.is_empty()
            || self.bound.borrow().iter().any(|bound| bound.name == name)
            || self.named(name, span, scope).is_some()
            || self.has("service", name)
            || is_spanning(name);
        let all: Vec<&str> = COLLECTIONS
            .iter()
            .map(|(name, _)| *name)
            .chain(SPANNING.iter().map(|spanning| spanning.name))
            .collect();
        let is_misspelt = !is_known && closest(name, all.iter().copied()).is_some();
        if is_misspelt {
            let message = format!("nothing is called `{name}`");
            self.report(problem::unknown(codes::UNKNOWN_NAME, message, span, name, &all));
        }
        is_misspelt
    }

    /// The blocks that a path stands for: all of a kind, or the inner blocks of one.
    fn blocks(&self, path: &'a Path, scope: ScopeId) -> Option<Vec<Element>> {
        let first = self.text(path.first.span);
        match self.start(first, path, scope) {
            Some(start) => self.inner(start, &path.rest),
            None if path.rest.is_empty() => self.collection(first, path, scope),
            None => None,
        }
    }

    /// The block that a path starts at: the one of a quantifier, `self`, or a service.
    fn start(&self, first: &str, path: &'a Path, scope: ScopeId) -> Option<Place> {
        let around = |bound: &&Bound<'a>| bound.name == first && covers(bound.body, path.first.span);
        if let Some(bound) = self.bound.borrow().iter().rev().find(around) {
            return match &bound.element {
                Element::Block(place) => Some(place.clone()),
                Element::Value(..) => None,
            };
        }
        let whole = |kind, name| Place { kind, name, steps: Vec::new() };
        if first == "self" {
            return self.scope(scope)?.owner.clone().map(|(kind, name)| whole(kind, name));
        }
        self.has("service", first).then(|| whole("service", first.into()))
    }

    /// All blocks of a kind; services without those that the environment does not have.
    fn collection(&self, first: &'a str, path: &'a Path, scope: ScopeId) -> Option<Vec<Element>> {
        if self.named(first, path.first.span, scope).is_some() {
            return None;
        }
        let (_, kind) = COLLECTIONS.iter().find(|(word, _)| *word == first)?;
        let all = self.entities.get(kind).into_iter().flatten();
        let enabled = all.filter(|(name, node)| {
            self.entity(kind, name);
            let has_switch = node.schema.field("enabled").is_some();
            let value =
                has_switch.then(|| self.field(node, "enabled", node.label.span, &[], &Want::Ty(Ty::Bool)));
            !matches!(value, Some(Value::Bool(false)))
        });
        let block = |name: &Arc<str>| Element::Block(Place { kind, name: name.clone(), steps: Vec::new() });
        Some(enabled.map(|(name, _)| block(name)).collect())
    }

    /// The blocks at the end of a path of settings; `None` where a value stands there.
    fn inner(&self, mut place: Place, rest: &[Name]) -> Option<Vec<Element>> {
        let mut names = rest.iter();
        while let Some(next) = names.next() {
            let node = self.node(&place)?;
            let (index, field) = node.schema.field(self.text(next.span))?;
            match (node.slots.get(index).unwrap_or(&NodeSlot::Absent), field.ty) {
                (NodeSlot::Block(_), _) => place.steps.push((index, "".into())),
                (NodeSlot::Blocks(children), _) => match names.next() {
                    Some(label) => place.steps.push((index, self.text(label.span).into())),
                    None => {
                        let child = |label: &Arc<str>| {
                            let mut inner = place.clone();
                            inner.steps.push((index, label.clone()));
                            Element::Block(inner)
                        };
                        return Some(children.keys().map(child).collect());
                    }
                },
                (NodeSlot::Absent, Ty::Block(_) | Ty::Blocks(_)) => return Some(Vec::new()),
                _ => return None,
            }
        }
        None
    }

    fn node(&self, place: &Place) -> Option<&Node<'a>> {
        let mut node = self.entity(place.kind, &place.name)?;
        for (index, label) in &place.steps {
            node = match node.slots.get(*index)? {
                NodeSlot::Block(child) => child,
                NodeSlot::Blocks(children) => children.get(label)?,
                NodeSlot::Absent | NodeSlot::Value(_) | NodeSlot::Map(_) => return None,
            };
        }
        Some(node)
    }

    /// What an element is called and where it stands.
    fn place(&self, element: &Element) -> Option<(Arc<str>, Span)> {
        match element {
            Element::Value(_, span) => Some((self.text(*span).into(), *span)),
            Element::Block(place) => {
                let node = self.node(place)?;
                Some((node.label.value.clone(), node.label.span))
            }
        }
    }
}

/// Whether a service has any port.
fn listens(node: &Node<'_>) -> bool {
    let is_there = |slot: &str| !matches!(node.slot(slot), None | Some(NodeSlot::Absent));
    is_there("port") || is_there("ports")
}

/// `{ key, value }` of an entry.
fn entry((key, value): (Arc<str>, Sourced<Value>)) -> Element {
    let origin = Origin { span: value.origin.span, ..Origin::default() };
    let span = value.origin.span;
    let key = Sourced { value: Value::Text(Text::literal(&key)), origin };
    let parts = [("key", key), ("value", value)];
    Element::Value(Value::Map(parts.into_iter().map(|(name, value)| (name.into(), value)).collect()), span)
}

fn covers(body: Span, name: Span) -> bool {
    body.source == name.source && body.start <= name.start && name.end <= body.end
}
