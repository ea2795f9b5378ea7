//! What each token is, for colours that know the program. Must not choose colours.

use std::collections::{BTreeMap, BTreeSet};

use super::Analysis;
use super::index::SymbolKind;
use crate::source::{Source, Span};
use crate::syntax::ast::{Expr, ExprKind, MapEntry, Statement, StatementKind, StringPart, Type, TypeKind};
use crate::syntax::{Parse, TokenKind};

/// The classes of tokens, in the order of their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Words of the grammar.
    Keyword,
    /// Kinds of block.
    Type,
    /// Settings.
    Property,
    /// Values with a name.
    Variable,
    /// Parameters.
    Parameter,
    /// Services, ingresses and what else is declared as a block.
    Class,
    /// Built-in functions.
    Function,
    /// Templates.
    Interface,
    /// Modules.
    Namespace,
    /// Words that choose.
    EnumMember,
    /// Strings.
    String,
    /// Numbers and quantities.
    Number,
    /// Comments.
    Comment,
    /// Signs.
    Operator,
}

impl Class {
    /// All classes and their names in the protocol.
    pub const ALL: [(Self, &'static str); 14] = [
        (Self::Keyword, "keyword"),
        (Self::Type, "type"),
        (Self::Property, "property"),
        (Self::Variable, "variable"),
        (Self::Parameter, "parameter"),
        (Self::Class, "class"),
        (Self::Function, "function"),
        (Self::Interface, "interface"),
        (Self::Namespace, "namespace"),
        (Self::EnumMember, "enumMember"),
        (Self::String, "string"),
        (Self::Number, "number"),
        (Self::Comment, "comment"),
        (Self::Operator, "operator"),
    ];
}

/// A token and its class; never across lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Highlight {
    /// Where it is.
    pub span: Span,
    /// What it is.
    pub class: Class,
    /// Whether it declares the name.
    pub declaration: bool,
}

/// The classes of all tokens of a file. Without an analysis, by its own tree alone.
pub fn highlight(analysis: Option<&Analysis>, source: &Source, parsed: &Parse) -> Vec<Highlight> {
    let mut roles = Roles { classes: BTreeMap::new() };
    roles.statements(&parsed.file.statements);
    let mut declared = BTreeSet::new();
    if let Some(index) = analysis.map(Analysis::index) {
        let here = |span: Span| span.source == source.id;
        for (span, _) in index.words.iter().filter(|(span, _)| here(*span)) {
            roles.classes.insert(span.start, Class::EnumMember);
        }
        for used in index.uses.iter().filter(|used| here(used.span)) {
            if let Some(symbol) = index.symbol(used.symbol) {
                roles.classes.insert(used.span.start, class_of(symbol.kind));
            }
        }
        for symbol in index.symbols.iter().filter(|symbol| here(symbol.span)) {
            roles.classes.insert(symbol.span.start, class_of(symbol.kind));
            declared.insert(symbol.span.start);
        }
    }
    let mut found = Vec::new();
    for token in &parsed.tape.tokens {
        let class = match token.kind {
            TokenKind::Name => roles.classes.get(&token.start).copied().or_else(|| {
                let word = source.text.get(token.start as usize..token.end as usize)?;
                WORDS.contains(&word).then_some(Class::Keyword)
            }),
            kind => class_of_token(kind),
        };
        let Some(class) = class else { continue };
        let declaration = declared.contains(&token.start);
        for span in lines_of(source, Span::new(source.id, token.start, token.end)) {
            found.push(Highlight { span, class, declaration });
        }
    }
    found
}

/// Words of the grammar inside of statements.
const WORDS: [&str; 16] = [
    "use", "as", "let", "param", "type", "check", "from", "where", "if", "then", "else", "in", "true",
    "false", "none", "template",
];

fn class_of_token(kind: TokenKind) -> Option<Class> {
    Some(match kind {
        TokenKind::Comment | TokenKind::DocComment => Class::Comment,
        TokenKind::Int | TokenKind::Float | TokenKind::Quantity | TokenKind::Rate => Class::Number,
        TokenKind::StringPlain
        | TokenKind::StringStart
        | TokenKind::StringText
        | TokenKind::StringEscape
        | TokenKind::StringEnd
        | TokenKind::RawString => Class::String,
        TokenKind::Arrow
        | TokenKind::Equals
        | TokenKind::PlusEquals
        | TokenKind::EqualsEquals
        | TokenKind::BangEquals
        | TokenKind::AndAnd
        | TokenKind::OrOr
        | TokenKind::QuestionQuestion => Class::Operator,
        _ => return None,
    })
}

fn class_of(kind: SymbolKind) -> Class {
    match kind {
        SymbolKind::Let => Class::Variable,
        SymbolKind::Param => Class::Parameter,
        SymbolKind::Type => Class::Type,
        SymbolKind::Template => Class::Interface,
        SymbolKind::Module => Class::Namespace,
        SymbolKind::Port | SymbolKind::Export | SymbolKind::Key => Class::Property,
        _ => Class::Class,
    }
}

/// A span as one per line: editors take no token across lines.
fn lines_of(source: &Source, span: Span) -> Vec<Span> {
    let mut found = Vec::new();
    let mut start = span.start;
    for line in source.slice(span).split_inclusive('\n') {
        let text = line.trim_end_matches(['\n', '\r']);
        if !text.is_empty() {
            found.push(Span { start, end: start + text.len() as u32, ..span });
        }
        start += line.len() as u32;
    }
    found
}

/// What the grammar alone says about names.
struct Roles {
    classes: BTreeMap<u32, Class>,
}

impl Roles {
    fn statements(&mut self, statements: &[Statement]) {
        for statement in statements {
            self.statement(statement);
        }
    }

    fn statement(&mut self, statement: &Statement) {
        match &statement.kind {
            StatementKind::Setting(setting) => {
                self.classes.insert(setting.key.span().start, Class::Property);
                self.expr(&setting.value);
            }
            StatementKind::Block(block) => {
                self.classes.insert(block.kind.span.start, Class::Type);
                for label in &block.labels {
                    self.classes.insert(label.span().start, Class::Class);
                }
                self.statements(block.body.as_deref().unwrap_or_default());
            }
            StatementKind::Let(item) => {
                self.ty(item.ty.as_deref());
                self.expr(&item.value);
            }
            StatementKind::Param(item) => {
                self.ty(item.ty.as_deref());
                item.default.iter().for_each(|value| self.expr(value));
            }
            StatementKind::Type(item) => {
                self.ty(Some(&item.ty));
                item.constraint.iter().for_each(|value| self.expr(value));
            }
            StatementKind::Check(check) => {
                self.expr(&check.condition);
                check.message.iter().for_each(|value| self.expr(value));
            }
            StatementKind::Use(_) | StatementKind::Error => {}
        }
    }

    fn ty(&mut self, ty: Option<&Type>) {
        match ty.map(|ty| &ty.kind) {
            Some(TypeKind::Name { path, .. }) => {
                self.classes.insert(path.first.span.start, Class::Type);
            }
            Some(TypeKind::List(inner)) => self.ty(Some(inner)),
            _ => {}
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Path(path) => {
                self.classes.insert(path.first.span.start, Class::Variable);
                for name in &path.rest {
                    self.classes.insert(name.span.start, Class::Property);
                }
            }
            ExprKind::Call(callee, items) => {
                self.classes.insert(callee.first.span.start, Class::Function);
                for item in items {
                    self.expr(item);
                }
            }
            ExprKind::List(items) => items.iter().for_each(|item| self.expr(item)),
            ExprKind::Map(entries) => {
                for MapEntry { key, value } in entries {
                    self.classes.insert(key.span().start, Class::Property);
                    self.expr(value);
                }
            }
            ExprKind::Not(inner) => self.expr(inner),
            ExprKind::Binary(_, sides) => {
                self.expr(&sides.0);
                self.expr(&sides.1);
            }
            ExprKind::Quantified(parts) => {
                self.classes.insert(parts.name.span.start, Class::Variable);
                self.expr(&parts.of);
                self.expr(&parts.condition);
            }
            ExprKind::If(parts) => {
                for part in [&parts.0, &parts.1, &parts.2] {
                    self.expr(part);
                }
            }
            ExprKind::Interpolated(parts) => {
                for part in parts {
                    if let StringPart::Value(value) = part {
                        self.expr(value);
                    }
                }
            }
            _ => {}
        }
    }
}
