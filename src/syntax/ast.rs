//! The syntax tree: one struct per construct, every node a span. Must not hold text or meaning: names and
//! literals are spans into the source, so parsing allocates little and the tree outlives nothing. What is rare in a
//! node stands in a box: editors hold the trees of whole systems.

use crate::source::{SourceId, Span};

/// One parsed file.
#[derive(Debug, Clone, Default)]
pub struct File {
    /// The source it was parsed from.
    pub source: SourceId,
    /// Its statements, in source order, broken ones included.
    pub statements: Vec<Statement>,
}

/// A statement at the top of a file or in a block body.
#[derive(Debug, Clone)]
pub struct Statement {
    /// From its first token to its last, doc comments excluded.
    pub span: Span,
    /// The `##` lines directly above.
    pub doc: Option<Span>,
    /// What it is.
    pub kind: StatementKind,
}

/// The kinds of statement.
#[derive(Debug, Clone)]
pub enum StatementKind {
    /// `use std.data { postgres, redis }`, `use "./shared.stack" as shared`
    Use(Use),
    /// `let name: Type = expr`
    Let(Let),
    /// `param name: Type = expr`
    Param(Param),
    /// `type Name = Type where expr`
    Type(TypeDefinition),
    /// `check expr else "message"`
    Check(Check),
    /// `a.b = expr`, `a.b += expr`
    Setting(Setting),
    /// `kind label… from template -> target { … }`
    Block(Block),
    /// Tokens that are no statement; already reported.
    Error,
}

/// An identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name {
    /// Its characters.
    pub span: Span,
}

/// `a.b.c`. A trailing dot (`db.` while typing) is kept as `incomplete`.
#[derive(Debug, Clone)]
pub struct Path {
    /// The first segment.
    pub first: Name,
    /// The segments after it.
    pub rest: Vec<Name>,
    /// The dot that nothing follows.
    pub incomplete: Option<Span>,
}

impl Path {
    /// From the first segment to the last.
    pub fn span(&self) -> Span {
        let end = self.rest.last().map_or(self.first.span, |name| name.span);
        self.first.span.to(self.incomplete.unwrap_or(end))
    }

    /// All segments.
    pub fn segments(&self) -> impl Iterator<Item = Name> + '_ {
        std::iter::once(self.first).chain(self.rest.iter().copied())
    }
}

/// `use`
#[derive(Debug, Clone)]
pub struct Use {
    /// What is imported.
    pub from: UseFrom,
    /// The names taken; empty takes the module as a whole.
    pub names: Vec<Name>,
    /// `as name`
    pub alias: Option<Name>,
}

/// Where an import comes from.
#[derive(Debug, Clone)]
pub enum UseFrom {
    /// `std.data`
    Module(Path),
    /// `"./shared.stack"`: the span of the characters between the quotes.
    File(Span),
}

/// `let`
#[derive(Debug, Clone)]
pub struct Let {
    /// The name that is bound.
    pub name: Name,
    /// Its declared type.
    pub ty: Option<Box<Type>>,
    /// Its value.
    pub value: Expr,
}

/// `param`; without a default it is required.
#[derive(Debug, Clone)]
pub struct Param {
    /// The name that is bound.
    pub name: Name,
    /// Its declared type.
    pub ty: Option<Box<Type>>,
    /// Its default.
    pub default: Option<Expr>,
}

/// `type`
#[derive(Debug, Clone)]
pub struct TypeDefinition {
    /// The new name.
    pub name: Name,
    /// The type that it narrows.
    pub ty: Box<Type>,
    /// `where expr`, with `self` as the value.
    pub constraint: Option<Expr>,
}

/// `check`
#[derive(Debug, Clone)]
pub struct Check {
    /// What must be true.
    pub condition: Expr,
    /// What to tell people otherwise.
    pub message: Option<Expr>,
}

/// `path = expr`
#[derive(Debug, Clone)]
pub struct Setting {
    /// What is set.
    pub key: SettingKey,
    /// `=` or `+=`
    pub operator: SettingOperator,
    /// The value.
    pub value: Expr,
}

/// The left side of a setting.
#[derive(Debug, Clone)]
pub enum SettingKey {
    /// `a.b = x` means `a { b = x }`.
    Path(Path),
    /// `"/api" = x`: a key of a map that is no name.
    String(Expr),
}

impl SettingKey {
    /// Its characters, quotes included.
    pub fn span(&self) -> Span {
        match self {
            Self::Path(path) => path.span(),
            Self::String(expr) => expr.span,
        }
    }
}

/// How a setting meets the value of the layer below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingOperator {
    /// `=` replaces.
    Replace,
    /// `+=` appends.
    Append,
}

/// `kind label… from template -> target { … }`
#[derive(Debug, Clone)]
pub struct Block {
    /// The first word.
    pub kind: Name,
    /// The labels, in order.
    pub labels: Vec<Label>,
    /// `from path`
    pub from: Option<Box<Path>>,
    /// `-> path`
    pub target: Option<Box<Path>>,
    /// The statements between the braces; `None` when there are no braces.
    pub body: Option<Vec<Statement>>,
}

/// A label of a block.
#[derive(Debug, Clone)]
pub enum Label {
    /// `api`, `k8s.deployment`
    Path(Path),
    /// `"/api"`: a string expression without interpolation.
    String(Expr),
    /// `"""…"""`, only after `patch`.
    Raw(Expr),
}

impl Label {
    /// Its characters, quotes included.
    pub fn span(&self) -> Span {
        match self {
            Self::Path(path) => path.span(),
            Self::String(expr) | Self::Raw(expr) => expr.span,
        }
    }
}

/// A type expression.
#[derive(Debug, Clone)]
pub struct Type {
    /// From its first token to its last.
    pub span: Span,
    /// What it is.
    pub kind: TypeKind,
    /// `?` follows: may be `none`.
    pub optional: bool,
}

/// The kinds of type expression.
#[derive(Debug, Clone)]
pub enum TypeKind {
    /// `Port`, `secret Text` has `secret: true`.
    Name {
        /// The name, possibly qualified.
        path: Path,
        /// Whether the qualifier `secret` precedes it.
        secret: bool,
    },
    /// `[T]`
    List(Box<Type>),
    /// `"small" | "large"`: the string expressions.
    Literals(Vec<Expr>),
    /// Not a type; already reported.
    Error,
}

/// An expression.
#[derive(Debug, Clone)]
pub struct Expr {
    /// From its first token to its last.
    pub span: Span,
    /// What it is.
    pub kind: ExprKind,
}

/// The kinds of expression. Numbers and plain strings are read from the source by their span.
#[derive(Debug, Clone)]
pub enum ExprKind {
    /// `3_000`
    Int,
    /// `0.5`
    Float,
    /// `512MiB`, `10s`, `70%`: digits and a unit, known or not.
    Quantity,
    /// `20/s`
    Rate,
    /// `"text"` without escapes and interpolation: the value is the span without its quotes.
    Plain,
    /// `"a ${b} \n"`
    Interpolated(Vec<StringPart>),
    /// `"""…"""`
    Raw,
    /// `true`, `false`
    Bool(bool),
    /// `none`
    None,
    /// `a.b`
    Path(Box<Path>),
    /// `late(a.b)`
    Call(Box<Path>, Vec<Expr>),
    /// `[a, b]`
    List(Vec<Expr>),
    /// `{ a = b }`
    Map(Vec<MapEntry>),
    /// `!a`
    Not(Box<Expr>),
    /// `a == b`
    Binary(BinaryOperator, Box<(Expr, Expr)>),
    /// `if c then a else b`
    If(Box<(Expr, Expr, Expr)>),
    /// `all x in list: condition`
    Quantified(Box<Quantified>),
    /// Nothing where a value belongs; already reported.
    Missing,
}

/// A condition about elements: `all x in list: condition`, `any x in list: condition`.
#[derive(Debug, Clone)]
pub struct Quantified {
    /// Whether it must hold for all of them, not only for one.
    pub every: bool,
    /// What an element is called in the condition.
    pub name: Name,
    /// What has the elements.
    pub of: Expr,
    /// The condition.
    pub condition: Expr,
}

/// A piece of an interpolated string.
#[derive(Debug, Clone)]
pub enum StringPart {
    /// Characters as they are.
    Text(Span),
    /// `\n`, `\"`, `\u{e9}`, `$${`
    Escape(Span),
    /// `${expr}`
    Value(Expr),
}

/// `key = expr` in a map.
#[derive(Debug, Clone)]
pub struct MapEntry {
    /// The key: a path or a string.
    pub key: MapKey,
    /// The value.
    pub value: Expr,
}

/// A key of a map; maps are keyed as settings are.
pub type MapKey = SettingKey;

/// The operators, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOperator {
    /// `||`
    Or,
    /// `&&`
    And,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `in`
    In,
    /// `1..10`
    Range,
    /// `??`
    Coalesce,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Editors hold the trees of whole systems: what makes a node larger makes tens of thousands of them larger.
    #[test]
    #[cfg(target_pointer_width = "64")]
    fn nodes_are_small() {
        assert!(size_of::<Expr>() <= 56, "an expression takes {} bytes", size_of::<Expr>());
        assert!(size_of::<Statement>() <= 144, "a statement takes {} bytes", size_of::<Statement>());
    }
}
