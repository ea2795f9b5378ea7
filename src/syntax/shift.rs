//! Trees of a text that moved: every span by the same distance. Must not look at a text.

use super::ast::{
    Block, Check, Expr, ExprKind, Label, Let, MapEntry, Name, Param, Path, Quantified, Setting, SettingKey,
    Statement, StatementKind, StringPart, Type, TypeDefinition, TypeKind, Use, UseFrom,
};
use crate::source::Span;

/// What has places in a text.
pub(super) trait Shift {
    /// Moves them all.
    fn shift(&mut self, by: i32);
}

impl Shift for Span {
    fn shift(&mut self, by: i32) {
        self.start = self.start.saturating_add_signed(by);
        self.end = self.end.saturating_add_signed(by);
    }
}

impl<T: Shift> Shift for Option<T> {
    fn shift(&mut self, by: i32) {
        if let Some(inner) = self {
            inner.shift(by);
        }
    }
}

impl<T: Shift> Shift for Vec<T> {
    fn shift(&mut self, by: i32) {
        for inner in self {
            inner.shift(by);
        }
    }
}

impl<T: Shift + ?Sized> Shift for Box<T> {
    fn shift(&mut self, by: i32) {
        (**self).shift(by);
    }
}

/// A struct, field by field: one that is forgotten would be a field that no pattern names.
macro_rules! fields {
    ($($kind:ident { $($field:ident),* $(; $($fixed:ident),*)? })*) => {
        $(impl Shift for $kind {
            fn shift(&mut self, by: i32) {
                let Self { $($field,)* $($($fixed: _,)*)? } = self;
                $($field.shift(by);)*
            }
        })*
    };
}

fields! {
    Statement { span, doc, kind }
    Name { span }
    Path { first, rest, incomplete }
    Use { from, names, alias }
    Let { name, ty, value }
    Param { name, ty, default }
    TypeDefinition { name, ty, constraint }
    Check { condition, message }
    Setting { key, value; operator }
    Block { kind, labels, from, target, body }
    Type { span, kind; optional }
    Expr { span, kind }
    Quantified { name, of, condition; every }
    MapEntry { key, value }
}

impl Shift for StatementKind {
    fn shift(&mut self, by: i32) {
        match self {
            Self::Use(inner) => inner.shift(by),
            Self::Let(inner) => inner.shift(by),
            Self::Param(inner) => inner.shift(by),
            Self::Type(inner) => inner.shift(by),
            Self::Check(inner) => inner.shift(by),
            Self::Setting(inner) => inner.shift(by),
            Self::Block(inner) => inner.shift(by),
            Self::Error => {}
        }
    }
}

impl Shift for UseFrom {
    fn shift(&mut self, by: i32) {
        match self {
            Self::Module(path) => path.shift(by),
            Self::File(span) => span.shift(by),
        }
    }
}

impl Shift for SettingKey {
    fn shift(&mut self, by: i32) {
        match self {
            Self::Path(path) => path.shift(by),
            Self::String(expr) => expr.shift(by),
        }
    }
}

impl Shift for Label {
    fn shift(&mut self, by: i32) {
        match self {
            Self::Path(path) => path.shift(by),
            Self::String(expr) | Self::Raw(expr) => expr.shift(by),
        }
    }
}

impl Shift for TypeKind {
    fn shift(&mut self, by: i32) {
        match self {
            Self::Name { path, secret: _ } => path.shift(by),
            Self::List(inner) => inner.shift(by),
            Self::Literals(all) => all.shift(by),
            Self::Error => {}
        }
    }
}

impl Shift for StringPart {
    fn shift(&mut self, by: i32) {
        match self {
            Self::Text(span) | Self::Escape(span) => span.shift(by),
            Self::Value(expr) => expr.shift(by),
        }
    }
}

impl Shift for ExprKind {
    fn shift(&mut self, by: i32) {
        match self {
            Self::Int
            | Self::Float
            | Self::Quantity
            | Self::Rate
            | Self::Plain
            | Self::Raw
            | Self::Bool(_)
            | Self::None
            | Self::Missing => {}
            Self::Interpolated(parts) => parts.shift(by),
            Self::Path(path) => path.shift(by),
            Self::Call(callee, arguments) => {
                callee.shift(by);
                arguments.shift(by);
            }
            Self::List(items) => items.shift(by),
            Self::Map(entries) => entries.shift(by),
            Self::Not(inner) => inner.shift(by),
            Self::Binary(_, sides) => {
                sides.0.shift(by);
                sides.1.shift(by);
            }
            Self::If(parts) => {
                parts.0.shift(by);
                parts.1.shift(by);
                parts.2.shift(by);
            }
            Self::Quantified(inner) => inner.shift(by),
        }
    }
}
