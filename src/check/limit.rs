//! Values and labels against the limits of their fields, and fields that exclude each other. Must not know a condition:
//! those are data of the schema.

use super::coerce::found;
use super::node::{MapItem, Node, NodeSlot};
use super::world::World;
use crate::diagnostic::suggest::{candidates_text, closest};
use crate::diagnostic::{Diagnostic, Edit, codes};
use crate::schema::limit::About;
use crate::schema::{FieldSchema, Limit, Origin, Record, Slot, Sourced, Text, Value};
use crate::source::Span;

impl<'a> World<'a> {
    /// The value of a field, or `Value::Error` after a report when it is outside of the field's limit.
    pub(super) fn within(
        &self,
        value: Value,
        field: &FieldSchema,
        slot: Option<&NodeSlot<'a>>,
        origin: Origin,
    ) -> Value {
        let Some(limit) = field.limit else { return value };
        let is_within = match (&value, limit.about) {
            (Value::Map(entries), About::Keys) => {
                let place = |key: &str, at: Span| slot.and_then(|slot| key_of(slot, key)).unwrap_or(at);
                let obeys = |(key, entry): (&std::sync::Arc<str>, &Sourced<Value>)| {
                    self.obeys(limit, &text(key), place(key, entry.origin.span))
                };
                entries.iter().map(obeys).filter(|obeys| !obeys).count() == 0
            }
            (Value::List(items), About::Values) => {
                let obeys = |item: &Sourced<Value>| self.obeys(limit, &item.value, item.origin.span);
                items.iter().map(obeys).filter(|obeys| !obeys).count() == 0
            }
            (_, About::Values) => self.obeys(limit, &value, origin.span),
            (_, About::Keys) => true,
        };
        if is_within { value } else { Value::Error }
    }

    /// Reports a label that is outside of the limit of its kind.
    pub(super) fn label_within(&self, node: &Node<'a>) {
        if let Some(limit) = node.schema.label_limit {
            self.obeys(limit, &text(&node.label.value), node.label.span);
        }
    }

    fn obeys(&self, limit: &Limit, value: &Value, span: Span) -> bool {
        if limit.holds(value) {
            return true;
        }
        let message = format!("expected {}, found {}", limit.expected, shown(value));
        let problem = Diagnostic::error(codes::INVALID_VALUE, message).at(span, "cannot work");
        let written = match value {
            Value::Text(text) => text.as_literal().unwrap_or_default(),
            _ => "",
        };
        self.report(match closest(written, limit.words.iter().copied()) {
            Some(near) if self.text(span).starts_with('"') => problem
                .help(format!("did you mean `{near}`?"))
                .maybe_fix(format!("replace with `{near}`"), vec![Edit { span, text: format!("{near:?}") }]),
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => problem,
        });
        false
    }

    /// At most one of the fields that exclude each other is set, and lists that must have an item do.
    pub(super) fn exclusive(&self, node: &Node<'a>, record: &Record) {
        let said = |name: &&'static str| {
            let (index, _) = node.schema.field(name)?;
            Some((*name, said_at(record.slots.get(index)?)?))
        };
        let all = node.schema.one_of;
        let set: Vec<(&str, Span)> = all.iter().filter_map(said).collect();
        for name in node.schema.needs {
            if said(name).is_none() && node.lacks(name) {
                self.lacking(node, name);
            }
        }
        if let [(first, before), (second, span), ..] = set.as_slice() {
            let message = format!("`{}` has both `{first}` and `{second}`", node.schema.keyword);
            let problem = Diagnostic::error(codes::INVALID_VALUE, message)
                .at(*span, format!("expected one of {}", candidates_text(all.iter().copied())))
                .also(*before, "the other one");
            self.report(problem.help(format!(
                "remove one of them; `{first} = none` takes away what a template or another layer says"
            )));
        }
    }

    fn lacking(&self, node: &Node<'a>, field: &str) {
        let message = format!("`{}` `{}` needs `{field}`", node.schema.keyword, node.label.value);
        let problem = Diagnostic::error(codes::MISSING_FIELD, message);
        let problem = problem.at(node.label.span, format!("expected `{field}` in this block"));
        self.report(problem.help(format!("write `{field} = [ … ]`")));
    }
}

/// Where a slot says something: a switch that is off and an empty list say nothing.
fn said_at(slot: &Slot) -> Option<Span> {
    match slot {
        Slot::Absent | Slot::Value(Sourced { value: Value::None | Value::Bool(false), .. }) => None,
        Slot::Value(Sourced { value: Value::List(items), .. }) if items.is_empty() => None,
        Slot::Value(value) => Some(value.origin.span),
        Slot::Block(block) => Some(block.span),
        Slot::Blocks(blocks) => blocks.first().map(|block| block.span),
    }
}

/// Where the key of an entry was written.
fn key_of(slot: &NodeSlot<'_>, wanted: &str) -> Option<Span> {
    let NodeSlot::Map(items) = slot else { return None };
    items.iter().find_map(|item| match item {
        MapItem::Entry(key, _) if *key.value == *wanted => Some(key.span),
        MapItem::Entry(..) | MapItem::Spread(_) => None,
    })
}

fn text(text: &str) -> Value {
    Value::Text(Text::literal(text))
}

/// A value as it would be written.
fn shown(value: &Value) -> String {
    match value {
        Value::Size(size) => format!("`{size}`"),
        Value::Duration(time) => format!("`{time}`"),
        Value::Ratio(share) => format!("`{share}`"),
        Value::Rate(rate) => format!("`{rate}`"),
        Value::Int(number) => format!("`{number}`"),
        Value::Milli(milli) => format!("`{}`", super::coerce::decimal(*milli)),
        Value::Text(text) => match text.as_literal() {
            Some(text) => format!("`{}`", text.escape_debug()),
            None => found(value),
        },
        value => found(value),
    }
}
