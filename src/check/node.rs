//! Merged blocks before evaluation: per field, the assignments that remain after all layers. Must not evaluate.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::schema::{KindSchema, Layer, Origin, Slots};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{Check, Expr, Path};

/// Index of a scope in its world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ScopeId(pub(super) u32);

/// An expression, the names that it sees, and the layer that wrote it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Assignment<'a> {
    pub(super) expr: &'a Expr,
    pub(super) scope: ScopeId,
    pub(super) layer: Layer,
}

impl Assignment<'_> {
    pub(super) fn origin(&self) -> Origin {
        Origin { span: self.expr.span, layer: self.layer }
    }
}

/// A merged block.
#[derive(Debug)]
pub(super) struct Node<'a> {
    pub(super) schema: &'static KindSchema,
    pub(super) label: Spanned<Arc<str>>,
    pub(super) span: Span,
    pub(super) doc: Option<Span>,
    /// `-> target`
    pub(super) to: Option<(&'a Path, ScopeId, Layer)>,
    /// Of the fields that some layer sets.
    pub(super) slots: Slots<NodeSlot<'a>>,
    /// Whether a part of it could not be read, which is reported: what is missing may be there.
    pub(super) broken: bool,
    /// What misspelt settings were most likely meant to be: reported once, they are not missing as well.
    pub(super) meant: Vec<Arc<str>>,
    /// Whether its template is unknown: any setting may be a parameter of it.
    pub(super) open: bool,
    /// The bodies that it is made of, the nearest first: settings may bind their parameters.
    pub(super) bodies: Vec<ScopeId>,
    /// The layer of the first declaration.
    pub(super) layer: Layer,
    /// Checks about this block.
    pub(super) checks: Vec<(&'a Check, ScopeId)>,
    /// Whether its layers are in it.
    pub(super) is_merged: bool,
}

/// What remains of a field.
#[derive(Debug, Default)]
pub(super) enum NodeSlot<'a> {
    /// Nothing.
    #[default]
    Absent,
    /// The value that replaced all others, then what was appended to it.
    Value(Vec<Assignment<'a>>),
    /// Entries of a map, in order.
    Map(Vec<MapItem<'a>>),
    /// A block that occurs once.
    Block(Box<Node<'a>>),
    /// Blocks told apart by label.
    Blocks(Box<IndexMap<Arc<str>, Node<'a>>>),
}

/// A step in the making of a map.
#[derive(Debug)]
pub(super) enum MapItem<'a> {
    /// `KEY = value`
    Entry(Spanned<Arc<str>>, Assignment<'a>),
    /// All entries of another map.
    Spread(Assignment<'a>),
}

impl<'a> Node<'a> {
    /// Whether a setting that is absent is not there either: neither unreadable nor misspelt.
    pub(super) fn lacks(&self, name: &str) -> bool {
        !self.broken && !self.meant.iter().any(|meant| **meant == *name)
    }

    pub(super) fn new(
        schema: &'static KindSchema,
        label: Spanned<Arc<str>>,
        span: Span,
        layer: Layer,
    ) -> Self {
        Self {
            schema,
            label,
            span,
            doc: None,
            to: None,
            slots: Slots::default(),
            broken: false,
            meant: Vec::new(),
            open: false,
            bodies: Vec::new(),
            layer,
            checks: Vec::new(),
            is_merged: true,
        }
    }

    /// A block of which only the name is known.
    pub(super) fn unmerged(schema: &'static KindSchema, label: Spanned<Arc<str>>, layer: Layer) -> Self {
        let span = label.span;
        Self { is_merged: false, ..Self::new(schema, label, span, layer) }
    }

    /// The slot of a field by name.
    pub(super) fn slot(&self, field: &str) -> Option<&NodeSlot<'a>> {
        let (index, _) = self.schema.field(field)?;
        self.slots.get(index)
    }

    /// A nested block with this label.
    pub(super) fn labelled(&self, field: &str, label: &str) -> Option<&Node<'a>> {
        match self.slot(field)? {
            NodeSlot::Blocks(nodes) => nodes.get(label),
            NodeSlot::Absent | NodeSlot::Value(_) | NodeSlot::Map(_) | NodeSlot::Block(_) => None,
        }
    }
}
