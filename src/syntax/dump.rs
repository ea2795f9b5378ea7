//! Tree to text, one line per statement, for tests and for people who debug the parser. Must not be parsed back.

use std::fmt::Write as _;

use super::ast::{
    BinaryOperator, Block, Expr, ExprKind, File, Label, MapEntry, Name, Path, SettingKey, SettingOperator,
    Statement, StatementKind, StringPart, Type, TypeKind, Use, UseFrom,
};
use crate::source::{Source, Span};

/// The tree as S-expressions; names and literals are what their spans cover.
pub fn dump(file: &File, source: &Source) -> String {
    let mut dump = Dump { source, out: String::new() };
    dump.statements(&file.statements, 0);
    dump.out
}

/// One statement as S-expressions.
pub fn dump_statement(statement: &Statement, source: &Source) -> String {
    let mut dump = Dump { source, out: String::new() };
    dump.statement(statement, 0);
    dump.out
}

struct Dump<'a> {
    source: &'a Source,
    out: String,
}

impl Dump<'_> {
    fn statements(&mut self, statements: &[Statement], depth: usize) {
        for statement in statements {
            self.statement(statement, depth);
            self.out.push('\n');
        }
    }

    fn statement(&mut self, statement: &Statement, depth: usize) {
        for _ in 0..depth {
            self.out.push_str("  ");
        }
        if let Some(doc) = statement.doc {
            let _ = write!(self.out, "(doc {:?}) ", self.source.slice(doc));
        }
        match &statement.kind {
            StatementKind::Use(found) => self.import(found),
            StatementKind::Let(found) => {
                self.head("let", found.name);
                self.ty(found.ty.as_deref());
                self.value(" ", Some(&found.value));
            }
            StatementKind::Param(found) => {
                self.head("param", found.name);
                self.ty(found.ty.as_deref());
                self.value(" ", found.default.as_ref());
            }
            StatementKind::Type(found) => {
                self.head("type", found.name);
                self.ty(Some(&found.ty));
                self.value(" where ", found.constraint.as_ref());
            }
            StatementKind::Check(found) => {
                self.out.push_str("(check");
                self.value(" ", Some(&found.condition));
                self.value(" else ", found.message.as_ref());
            }
            StatementKind::Setting(found) => {
                let operator = match found.operator {
                    SettingOperator::Replace => "(= ",
                    SettingOperator::Append => "(+= ",
                };
                self.out.push_str(operator);
                self.key(&found.key);
                self.value(" ", Some(&found.value));
            }
            StatementKind::Block(found) => self.block(found, depth),
            StatementKind::Error => {
                let _ = write!(self.out, "(error {:?}", self.source.slice(statement.span));
            }
        }
        self.out.push(')');
    }

    fn head(&mut self, keyword: &str, name: Name) {
        let _ = write!(self.out, "({keyword} {}", self.source.slice(name.span));
    }

    fn import(&mut self, found: &Use) {
        self.out.push_str("(use ");
        match &found.from {
            UseFrom::Module(path) => self.path(path),
            UseFrom::File(span) => self.quoted(*span),
        }
        for name in &found.names {
            let _ = write!(self.out, " {}", self.source.slice(name.span));
        }
        if let Some(alias) = found.alias {
            let _ = write!(self.out, " as {}", self.source.slice(alias.span));
        }
    }

    fn block(&mut self, found: &Block, depth: usize) {
        self.head("block", found.kind);
        for label in &found.labels {
            self.out.push(' ');
            match label {
                Label::Path(path) => self.path(path),
                Label::String(expr) | Label::Raw(expr) => self.expr(expr),
            }
        }
        if let Some(path) = &found.from {
            self.out.push_str(" from ");
            self.path(path);
        }
        if let Some(path) = &found.target {
            self.out.push_str(" -> ");
            self.path(path);
        }
        match &found.body {
            Some(body) if body.is_empty() => self.out.push_str(" {}"),
            Some(body) => {
                self.out.push('\n');
                self.statements(body, depth + 1);
                self.out.pop();
            }
            None => {}
        }
    }

    fn ty(&mut self, ty: Option<&Type>) {
        let Some(ty) = ty else { return };
        self.out.push_str(" : ");
        self.bare_type(ty);
    }

    fn bare_type(&mut self, ty: &Type) {
        match &ty.kind {
            TypeKind::Name { path, secret } => {
                self.out.push_str(if *secret { "secret " } else { "" });
                self.path(path);
            }
            TypeKind::List(item) => {
                self.out.push('[');
                self.bare_type(item);
                self.out.push(']');
            }
            TypeKind::Literals(words) => {
                for (at, word) in words.iter().enumerate() {
                    self.out.push_str(if at > 0 { " | " } else { "" });
                    self.expr(word);
                }
            }
            TypeKind::Error => self.out.push_str("<error>"),
        }
        self.out.push_str(if ty.optional { "?" } else { "" });
    }

    fn key(&mut self, key: &SettingKey) {
        match key {
            SettingKey::Path(path) => self.path(path),
            SettingKey::String(expr) => self.expr(expr),
        }
    }

    fn path(&mut self, path: &Path) {
        for (at, name) in path.segments().enumerate() {
            self.out.push_str(if at > 0 { "." } else { "" });
            self.out.push_str(self.source.slice(name.span));
        }
        self.out.push_str(if path.incomplete.is_some() { ".<missing>" } else { "" });
    }

    fn quoted(&mut self, span: Span) {
        let _ = write!(self.out, "{:?}", self.source.slice(span));
    }

    fn value(&mut self, before: &str, expr: Option<&Expr>) {
        if let Some(expr) = expr {
            self.out.push_str(before);
            self.expr(expr);
        }
    }

    fn all<'e>(&mut self, open: &str, exprs: impl IntoIterator<Item = &'e Expr>, close: &str) {
        self.out.push_str(open);
        for (at, expr) in exprs.into_iter().enumerate() {
            self.out.push_str(if at > 0 { " " } else { "" });
            self.expr(expr);
        }
        self.out.push_str(close);
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Int | ExprKind::Float | ExprKind::Plain => {
                self.out.push_str(self.source.slice(expr.span));
            }
            ExprKind::Quantity => self.tagged("quantity", expr.span),
            ExprKind::Rate => self.tagged("rate", expr.span),
            ExprKind::Bool(value) => {
                let _ = write!(self.out, "{value}");
            }
            ExprKind::None => self.out.push_str("none"),
            ExprKind::Missing => self.out.push_str("<missing>"),
            ExprKind::Raw => {
                self.out.push_str("(raw ");
                self.quoted(expr.span);
                self.out.push(')');
            }
            ExprKind::Path(path) => self.path(path),
            ExprKind::Interpolated(parts) => self.parts(parts),
            ExprKind::Call(path, arguments) => {
                self.out.push('(');
                self.path(path);
                self.all(" ", arguments, ")");
            }
            ExprKind::List(items) => self.all("[", items, "]"),
            ExprKind::Map(entries) => self.map(entries),
            ExprKind::Not(inner) => self.all("(! ", [&**inner], ")"),
            ExprKind::Binary(operator, operands) => {
                let _ = write!(self.out, "({} ", symbol(*operator));
                self.all("", [&operands.0, &operands.1], ")");
            }
            ExprKind::Quantified(parts) => {
                let word = if parts.every { "all" } else { "any" };
                let _ = write!(self.out, "({word} {} ", self.source.slice(parts.name.span));
                self.all("", [&parts.of, &parts.condition], ")");
            }
            ExprKind::If(parts) => self.all("(if ", [&parts.0, &parts.1, &parts.2], ")"),
        }
    }

    fn tagged(&mut self, tag: &str, span: Span) {
        let _ = write!(self.out, "({tag} {})", self.source.slice(span));
    }

    fn parts(&mut self, parts: &[StringPart]) {
        self.out.push_str("(string");
        for part in parts {
            self.out.push(' ');
            match part {
                StringPart::Text(span) => self.quoted(*span),
                StringPart::Escape(span) => self.tagged("escape", *span),
                StringPart::Value(expr) => self.expr(expr),
            }
        }
        self.out.push(')');
    }

    fn map(&mut self, entries: &[MapEntry]) {
        self.out.push('{');
        for (at, entry) in entries.iter().enumerate() {
            self.out.push_str(if at > 0 { ", " } else { "" });
            self.key(&entry.key);
            self.value(" = ", Some(&entry.value));
        }
        self.out.push('}');
    }
}

const fn symbol(operator: BinaryOperator) -> &'static str {
    match operator {
        BinaryOperator::Or => "||",
        BinaryOperator::And => "&&",
        BinaryOperator::Equal => "==",
        BinaryOperator::NotEqual => "!=",
        BinaryOperator::Less => "<",
        BinaryOperator::LessOrEqual => "<=",
        BinaryOperator::Greater => ">",
        BinaryOperator::GreaterOrEqual => ">=",
        BinaryOperator::In => "in",
        BinaryOperator::Range => "..",
        BinaryOperator::Coalesce => "??",
    }
}
