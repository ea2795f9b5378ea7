//! An evaluated, type-checked block before it becomes a model struct. Must not be built by anything but the checker.

use std::sync::Arc;

use super::{KindSchema, Slots, Value};
use crate::source::{Span, Spanned};

/// Which layer a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Layer {
    /// The schema's default.
    #[default]
    Default,
    /// A template, from the standard library or the project.
    Preset,
    /// The declaration itself.
    Base,
    /// An environment; the number is its place in the chain, the root first.
    Environment(u16),
}

/// Where a value was written and in which layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Origin {
    /// The place; empty in source 0 for defaults.
    pub span: Span,
    /// The layer.
    pub layer: Layer,
}

/// A value with its origin.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    pub origin: Origin,
}

impl<T> std::ops::Deref for Sourced<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// The origins of the fields of one block that somebody wrote.
#[derive(Debug, Clone, Default)]
pub struct Origins {
    /// The whole block; for a merged block, its first declaration.
    pub block: Span,
    fields: Slots<Origin>,
    schema: Option<&'static KindSchema>,
}

impl Origins {
    /// Where the field was written; the block itself when it is a default.
    pub fn field(&self, name: &str) -> Origin {
        let index = self.schema.and_then(|schema| schema.fields.iter().position(|field| field.name == name));
        let origin = index.and_then(|index| self.fields.get(index)).copied().unwrap_or_default();
        if origin.layer == Layer::Default {
            Origin { span: self.block, layer: Layer::Default }
        } else {
            origin
        }
    }

    /// Where the field was written, when somebody did.
    pub fn written(&self, name: &str) -> Option<Span> {
        self.is_set(name).then(|| self.field(name).span)
    }

    /// Whether somebody wrote the field, in any layer.
    pub fn is_set(&self, name: &str) -> bool {
        self.field(name).layer != Layer::Default
    }
}

/// The content of one field.
#[derive(Debug, Clone, Default)]
pub enum Slot {
    /// Nothing was written.
    #[default]
    Absent,
    /// A setting.
    Value(Sourced<Value>),
    /// A block that may occur once.
    Block(Box<Record>),
    /// Blocks that are told apart by their label, in declaration order.
    Blocks(Vec<Record>),
}

/// An evaluated block: a slot per field that is set, every value of the type that the schema asks for.
#[derive(Debug, Clone)]
pub struct Record {
    /// The schema that the slots follow.
    pub schema: &'static KindSchema,
    /// The label; empty for kinds without one.
    pub label: Spanned<Arc<str>>,
    /// What `->` points at, evaluated.
    pub to: Option<Box<Sourced<Value>>>,
    /// The doc comment above the first declaration.
    pub doc: Option<Arc<str>>,
    /// The first declaration.
    pub span: Span,
    /// The layer of the first declaration.
    pub layer: Layer,
    /// Of the fields that are set.
    pub slots: Slots<Slot>,
}

impl Record {
    /// An empty record of this kind.
    pub fn new(schema: &'static KindSchema, label: Spanned<Arc<str>>, span: Span) -> Self {
        Self { schema, label, to: None, doc: None, span, layer: Layer::Base, slots: Slots::default() }
    }

    /// Takes a slot out, leaving it absent.
    pub fn take(&mut self, index: usize) -> Slot {
        self.slots.take(index).unwrap_or_default()
    }

    /// The origins of all slots; call it before taking any.
    pub fn origins(&self) -> Origins {
        let origin = |slot: &Slot| match slot {
            Slot::Absent => Origin::default(),
            Slot::Value(value) => value.origin,
            Slot::Block(block) => Origin { span: block.span, layer: block.layer },
            Slot::Blocks(blocks) => blocks
                .first()
                .map_or_else(Origin::default, |block| Origin { span: block.span, layer: block.layer }),
        };
        Origins { block: self.span, fields: self.slots.map(origin), schema: Some(self.schema) }
    }
}
