//! Where one value comes from: every layer that wrote it, the lowest first, and what it is worth in the end. Must not
//! change what is checked: it looks on while layers are merged.

use std::cell::RefCell;
use std::sync::Arc;

use indexmap::IndexMap;

use super::declare::Declarations;
use super::environment::Chain;
use super::node::{Assignment, MapItem, Node, NodeSlot, ScopeId};
use super::subject::Subject;
use super::world::World;
use super::{environment, evaluate, lay, world};
use crate::load::Program;
use crate::schema::{Layer, Origin, Record, Slot, Value};
use crate::source::{Files, Span};

/// A value in one environment.
#[derive(Debug, Clone, PartialEq)]
pub struct Provenance {
    /// The environments that it is made from, the root first, itself last.
    pub chain: Vec<Arc<str>>,
    /// What the layers did to it, the lowest first; empty when nobody wrote it.
    pub steps: Vec<Step>,
    /// What it is worth; `None` when it has no value here.
    pub value: Option<Value>,
    /// What the schema says when nobody wrote it.
    pub default: Option<String>,
}

/// What one layer did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Where, and in which layer.
    pub origin: Origin,
    /// What.
    pub change: Change,
}

/// What a layer does to a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It replaces what was there.
    Set,
    /// It adds to what was there.
    Append,
    /// It takes away what was there.
    Remove,
}

/// For each subject, its value in each environment that has it, or in those that are named.
pub fn provenance(
    program: &Program,
    files: &dyn Files,
    only: &[String],
    subjects: &[Subject],
) -> Vec<Vec<Provenance>> {
    let mut ignored = Vec::new();
    let declared = Declarations::collect(program, None, &mut ignored);
    let chains = environment::chains(program, &declared, &mut ignored);
    let mut found: Vec<Vec<Provenance>> = subjects.iter().map(|_| Vec::new()).collect();
    for chain in &chains {
        let name = chain.last().map(|(name, _)| *name).unwrap_or_default();
        if only.is_empty() || only.iter().any(|only| only == name) {
            in_environment(program, files, &declared, chain, subjects, &mut found);
        }
    }
    found
}

fn in_environment(
    program: &Program,
    files: &dyn Files,
    declared: &Declarations<'_>,
    chain: &Chain<'_>,
    subjects: &[Subject],
    found: &mut [Vec<Provenance>],
) {
    let watch = Watch::new(subjects);
    let mut world = world(program, files, declared, chain);
    world.watch = Some(&watch);
    lay(&mut world, chain, None);
    let names: Vec<Arc<str>> = chain.iter().map(|(name, _)| Arc::from(*name)).collect();
    evaluate(&world, &names, &mut IndexMap::new(), &mut super::Asking::new());
    for (watched, found) in watch.subjects.iter().zip(found) {
        if let Some((value, default)) = watched.worth(&world) {
            let steps = watched.seen.borrow().steps.clone();
            found.push(Provenance { chain: names.clone(), steps, value, default });
        }
    }
}

/// Looks at values while the layers of an environment are merged.
#[derive(Debug)]
pub(super) struct Watch<'s> {
    subjects: Vec<Watched<'s>>,
}

impl<'s> Watch<'s> {
    fn new(subjects: &'s [Subject]) -> Self {
        let watched = |subject| Watched { subject, seen: RefCell::default() };
        Self { subjects: subjects.iter().map(watched).collect() }
    }

    /// Called after each layer of a block.
    pub(super) fn block(&self, world: &World<'_>, node: &Node<'_>, layer: Origin) {
        for watched in &self.subjects {
            watched.block(world, node, layer);
        }
    }

    /// Called after each environment of the chain.
    pub(super) fn environment(&self, world: &World<'_>, layer: Origin) {
        for watched in &self.subjects {
            watched.environment(world, layer);
        }
    }
}

/// One value that is looked at.
#[derive(Debug)]
struct Watched<'s> {
    subject: &'s Subject,
    seen: RefCell<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    /// Who wrote what is there now.
    current: Vec<Origin>,
    steps: Vec<Step>,
    /// The scope whose parameter the subject is.
    scope: Option<ScopeId>,
}

impl Watched<'_> {
    fn block(&self, world: &World<'_>, node: &Node<'_>, layer: Origin) {
        if !self.subject.is_block(node.schema.keyword, &node.label.value) {
            return;
        }
        let path = self.subject.path();
        let [name] = path else { return self.note(written(node, path), layer) };
        let bound = |scope: ScopeId| world.scope(scope).and_then(|scope| scope.params.get(&**name));
        if let Some(scope) = node.bodies.iter().find(|scope| bound(**scope).is_some()) {
            let bound = bound(*scope);
            self.seen.borrow_mut().scope = Some(*scope);
            let default = bound.and_then(|bound| bound.declaration.default.as_ref());
            let default = default.map(|expr| Origin { span: expr.span, layer: Layer::Preset });
            let value = bound.and_then(|bound| bound.value).map(|value| value.origin());
            self.note(value.or(default).into_iter().collect(), layer);
        } else {
            self.note(written(node, path), layer);
        }
    }

    fn environment(&self, world: &World<'_>, layer: Origin) {
        match self.subject {
            Subject::Environment { path, .. } => self.note(written(&world.environment, path), layer),
            Subject::Name(name) => {
                let default =
                    world.declared.params.get(&**name).and_then(|(_, param)| param.default.as_ref());
                let base = |span: Span| Origin { span, layer: Layer::Base };
                if let Some(default) = default.filter(|_| self.seen.borrow().steps.is_empty()) {
                    self.note(vec![base(default.span)], layer);
                }
                let bound = world.params.get(&**name).map(Assignment::origin);
                self.note(bound.or(default.map(|expr| base(expr.span))).into_iter().collect(), layer);
            }
            Subject::Block { .. } => {}
        }
    }

    /// Compares who wrote the value now with who wrote it before this layer.
    fn note(&self, now: Vec<Origin>, layer: Origin) {
        let seen = &mut *self.seen.borrow_mut();
        if now == seen.current {
            return;
        }
        let new = now.iter().filter(|origin| !seen.current.contains(origin));
        let keeps = !seen.current.is_empty() && seen.current.iter().all(|origin| now.contains(origin));
        let mut change = if keeps { Change::Append } else { Change::Set };
        let before = seen.steps.len();
        for origin in new {
            seen.steps.push(Step { origin: *origin, change });
            change = Change::Append;
        }
        if seen.steps.len() == before {
            seen.steps.push(Step { origin: layer, change: Change::Remove });
        }
        seen.current = now;
    }

    /// The value at the end, and the schema's default; `None` when there is no such place.
    fn worth(&self, world: &World<'_>) -> Option<(Option<Value>, Option<String>)> {
        match self.subject {
            Subject::Environment { name, path } if *world.name == **name => {
                value_at(world, &world.environment, path)
            }
            Subject::Environment { .. } => None,
            Subject::Name(name) => {
                let (module, param) = world.declared.params.get(&**name)?;
                let name = world.text(param.name.span);
                Some((world.named(name, param.name.span, World::file_scope(*module)), None))
            }
            Subject::Block { kind, name, path } => {
                let node = world.entity(kind, name)?;
                let Some(scope) = self.seen.borrow().scope else { return value_at(world, node, path) };
                let (name, _) = world.scope(scope)?.params.get_key_value(path.first()?.as_str())?;
                Some((world.named(name, node.span, scope), None))
            }
        }
    }
}

/// Who wrote what stands at a path, in the order in which it takes effect.
fn written(node: &Node<'_>, path: &[String]) -> Vec<Origin> {
    let Some((first, rest)) = path.split_first() else { return Vec::new() };
    let origins = |values: &[Assignment<'_>]| values.iter().map(Assignment::origin).collect();
    match (node.slot(first), rest) {
        (Some(NodeSlot::Value(values)), _) => origins(values),
        (Some(NodeSlot::Map(items)), rest) => {
            let key = rest.join(".");
            let of_item = |item: &MapItem<'_>| match item {
                MapItem::Entry(known, value) if rest.is_empty() || *known.value == *key => {
                    Some(value.origin())
                }
                MapItem::Entry(..) => None,
                MapItem::Spread(value) => Some(value.origin()),
            };
            items.iter().filter_map(of_item).collect()
        }
        (Some(NodeSlot::Block(child)), rest) => written(child, rest),
        (Some(NodeSlot::Blocks(children)), [label, rest @ ..]) => {
            children.get(&**label).map(|child| written(child, rest)).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

/// The value at a path of a block and its default; `None` when the schema has no such place.
fn value_at<'a>(
    world: &World<'a>,
    node: &Node<'a>,
    path: &[String],
) -> Option<(Option<Value>, Option<String>)> {
    world.know_jobs(node);
    in_record(&world.record(node), path)
}

fn in_record(record: &Record, path: &[String]) -> Option<(Option<Value>, Option<String>)> {
    let (first, rest) = path.split_first()?;
    let (index, field) = record.schema.field(first)?;
    match (record.slots.get(index).unwrap_or(&Slot::Absent), rest) {
        (Slot::Value(value), []) => Some((Some(value.value.clone()), None)),
        (Slot::Value(value), rest) => {
            let Value::Map(entries) = &value.value else { return None };
            Some((entries.get(&*rest.join(".")).map(|entry| entry.value.clone()), None))
        }
        (Slot::Block(child), rest) => in_record(child, rest),
        (Slot::Blocks(children), [label, rest @ ..]) => {
            in_record(children.iter().find(|child| *child.label.value == **label)?, rest)
        }
        (Slot::Absent, []) => Some((None, field.default.map(|default| default()))),
        _ => None,
    }
}
