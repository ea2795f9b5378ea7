//! Merged blocks to checked records: every field evaluated, typed and present. Must not know what a field means.

use std::sync::Arc;

use indexmap::IndexMap;

use super::node::{Assignment, MapItem, Node, NodeSlot};
use super::problem;
use super::want::Want;
use super::world::World;
use crate::diagnostic::{Diagnostic, codes};
use crate::schema::{FieldSchema, Origin, Record, Slot, Sourced, Ty, Value};

/// The kinds that lead to a service with `->`.
const TARGETED: &[&str] = &["route"];

impl<'a> World<'a> {
    /// The record of a merged block.
    pub(super) fn record(&self, node: &Node<'a>) -> Record {
        let mut record = Record::new(node.schema, node.label.clone(), node.span);
        record.layer = node.layer;
        record.doc = node.doc.map(|span| doc_text(self.text(span)));
        self.target_shape(node);
        self.label_within(node);
        record.to = node.to.map(|(path, scope, layer)| {
            let want = Want::Ty(Ty::Service);
            let value = self.path(path, scope, &want);
            let value = self.coerce(value, &want, path.span());
            Box::new(Sourced { value, origin: Origin { span: path.span(), layer } })
        });
        for (index, field) in node.schema.fields.iter().enumerate() {
            let slot = self.slot(node, index, field);
            if matches!(slot, Slot::Absent) && field.is_required() && node.lacks(field.name) {
                self.missing(node, field);
            }
            if !matches!(slot, Slot::Absent) {
                record.slots.set(index, slot);
            }
        }
        self.exclusive(node, &record);
        self.require_parameters(node);
        for (check, scope) in &node.checks {
            self.verify(check, *scope);
        }
        record
    }

    /// Reports the parameters of its templates that nothing binds.
    fn require_parameters(&self, node: &Node<'a>) {
        let scopes = node.bodies.iter().rev().filter_map(|scope| self.scope(*scope));
        for (name, param) in scopes.flat_map(|scope| &scope.params) {
            if param.value.is_none() && param.declaration.default.is_none() && node.lacks(name) {
                let label = if node.label.value.is_empty() { node.schema.keyword } else { &node.label.value };
                let message = format!("`{label}` does not set `{name}`, which its template needs");
                let problem = Diagnostic::error(codes::MISSING_FIELD, message)
                    .at(node.label.span, format!("expected `{name} = …` in this block"))
                    .also(param.declaration.name.span, "required here");
                self.report(problem);
            }
        }
    }

    fn slot(&self, node: &Node<'a>, index: usize, field: &'static FieldSchema) -> Slot {
        match node.slots.get(index) {
            None | Some(NodeSlot::Absent) => Slot::Absent,
            Some(NodeSlot::Block(child)) => Slot::Block(Box::new(self.record(child))),
            Some(NodeSlot::Blocks(children)) => {
                Slot::Blocks(children.values().map(|child| self.record(child)).collect())
            }
            Some(NodeSlot::Value(_) | NodeSlot::Map(_)) => {
                let origin = node.slots.get(index).map(slot_origin).unwrap_or_default();
                self.sink.set(Some((node.schema.keyword, field.name)));
                match self.slot_value(node, index, field) {
                    Value::None if field.is_required() => Slot::Absent,
                    Value::None if field.default.is_some() => Slot::Absent,
                    value => {
                        let value = self.within(value, field, node.slots.get(index), origin);
                        Slot::Value(Sourced { value, origin })
                    }
                }
            }
        }
    }

    /// The value of a setting or a map.
    pub(super) fn slot_value(&self, node: &Node<'a>, index: usize, field: &'static FieldSchema) -> Value {
        match (node.slots.get(index), field.ty) {
            (Some(NodeSlot::Value(values)), ty) => {
                self.appended(values, ty, field.optional || field.default.is_some())
            }
            (Some(NodeSlot::Map(items)), Ty::Map(item)) => self.map_value(items, *item),
            _ => Value::None,
        }
    }

    fn appended(&self, values: &[Assignment<'a>], ty: Ty, optional: bool) -> Value {
        let plain = Want::Ty(ty);
        let want = if optional { Want::Optional(Box::new(plain)) } else { plain };
        let mut all: Vec<Sourced<Value>> = Vec::new();
        if let [only] = values {
            return self.value(only, &want).value;
        }
        if !matches!(ty, Ty::List(_)) {
            let last = values.last();
            if let Some(last) = last {
                let message = "`+=` appends to lists and maps only";
                self.fail(codes::TYPE_MISMATCH, message, last.expr.span, "this is a single value");
            }
            return Value::Error;
        }
        for assignment in values {
            match self.value(assignment, &want) {
                Sourced { value: Value::List(items), .. } => all.extend(items),
                Sourced { value: Value::None, .. } => {}
                Sourced { value: Value::Error, .. } => return Value::Error,
                single => all.push(single),
            }
        }
        Value::List(all)
    }

    fn map_value(&self, items: &[MapItem<'a>], item: Ty) -> Value {
        let mut map: IndexMap<Arc<str>, Sourced<Value>> = IndexMap::new();
        for step in items {
            match step {
                MapItem::Entry(key, assignment) => match self.entry(assignment, item) {
                    Some(value) => drop(map.insert(key.value.clone(), value)),
                    None => drop(map.shift_remove(&key.value)),
                },
                MapItem::Spread(assignment) => {
                    let whole = self.value(assignment, &Want::Any);
                    let Value::Map(entries) = whole.value else {
                        if !matches!(whole.value, Value::Error) {
                            let message =
                                format!("expected a map, found {}", super::coerce::found(&whole.value));
                            self.fail(
                                codes::TYPE_MISMATCH,
                                message,
                                assignment.expr.span,
                                "expected `{ … }`",
                            );
                        }
                        return Value::Error;
                    };
                    for (key, entry) in entries {
                        let value = self.coerce(entry.value, &Want::Ty(item), entry.origin.span);
                        let origin = Origin { span: entry.origin.span, layer: assignment.layer };
                        map.insert(key, Sourced { value, origin });
                    }
                }
            }
        }
        Value::Map(map)
    }

    /// The value of an entry; `None` where it turns out to be `none`, which removes the entry as a written `none` does.
    fn entry(&self, assignment: &Assignment<'a>, item: Ty) -> Option<Sourced<Value>> {
        let optional = Want::Optional(Box::new(Want::Ty(item)));
        let span = assignment.expr.span;
        match self.expr(assignment.expr, assignment.scope, &optional) {
            Value::None => None,
            value => {
                let value = self.coerce(value, &Want::Ty(item), span);
                Some(Sourced { value, origin: assignment.origin() })
            }
        }
    }

    /// `->` stands where the kind has a target, and there it must.
    fn target_shape(&self, node: &Node<'a>) {
        let keyword = node.schema.keyword;
        match (node.to, TARGETED.contains(&keyword)) {
            (None, true) if !node.broken => {
                let message = format!("`{keyword}` `{}` leads nowhere", node.label.value);
                let problem = Diagnostic::error(codes::MISSING_FIELD, message);
                let help = format!("write `{keyword} {:?} -> service`", node.label.value);
                self.report(problem.at(node.label.span, "expected `->` and a service after this").help(help));
            }
            (Some((path, ..)), false) => {
                self.report(problem::no_target(keyword, path.span()));
            }
            _ => {}
        }
    }

    fn missing(&self, node: &Node<'a>, field: &FieldSchema) {
        let name =
            if node.label.value.is_empty() { String::new() } else { format!(" `{}`", node.label.value) };
        let message = format!("`{}`{name} needs `{}`", node.schema.keyword, field.name);
        let place = if node.label.value.is_empty() { node.span } else { node.label.span };
        let first_line = field.doc.lines().next().unwrap_or_default().trim().trim_end_matches('.');
        let problem = Diagnostic::error(codes::MISSING_FIELD, message)
            .at(place, format!("expected `{}` in this block", field.name));
        self.report(problem.help(format!("`{}`: {first_line}", field.name)));
    }
}

fn slot_origin(slot: &NodeSlot<'_>) -> Origin {
    match slot {
        NodeSlot::Value(values) => values.last().map(Assignment::origin).unwrap_or_default(),
        NodeSlot::Map(items) => match items.last() {
            Some(MapItem::Entry(_, assignment) | MapItem::Spread(assignment)) => assignment.origin(),
            None => Origin::default(),
        },
        NodeSlot::Absent | NodeSlot::Block(_) | NodeSlot::Blocks(_) => Origin::default(),
    }
}

/// The words of `##` lines.
pub(super) fn doc_text(lines: &str) -> Arc<str> {
    let lines: Vec<&str> = lines.lines().map(|line| line.trim().trim_start_matches('#').trim()).collect();
    lines.join("\n").into()
}
