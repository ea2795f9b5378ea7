//! The second walk: what each name in a body or an expression means, with the vocabulary as guide. Must not report:
//! what is unknown stays without a meaning.

use super::{Index, SymbolId, SymbolKind, Use};
use crate::check::KINDS;
use crate::load::Program;
use crate::model::EnvironmentBlock;
use crate::schema::{FieldSchema, Kind, KindSchema, LabelShape, Ty};
use crate::source::Span;
use crate::syntax::ast::{
    Block, Expr, ExprKind, Label, MapEntry, Name, Path, SettingKey, Statement, StatementKind, StringPart,
    Type, TypeKind,
};

/// Resolves all names of a program.
pub(super) fn resolve(index: &mut Index, program: &Program) {
    let mut resolver = Resolver { index, program, elements: Vec::new() };
    // Templates first: what a service has depends on them.
    for (module, loaded) in program.modules.iter().enumerate() {
        for statement in &loaded.file.statements {
            resolver.template_of(module, statement);
        }
    }
    for (module, loaded) in program.modules.iter().enumerate() {
        for statement in &loaded.file.statements {
            resolver.top(module, statement);
        }
    }
}

struct Resolver<'a, 'i> {
    index: &'i mut Index,
    program: &'a Program,
    /// Names of quantifiers around an expression: they mean an element.
    elements: Vec<&'a str>,
}

/// What surrounds an expression.
#[derive(Clone, Copy)]
struct Around {
    module: usize,
    /// The service, template or other block of the stack that it stands in.
    owner: Option<SymbolId>,
    /// Whether the parameters and values of the owner's body can be seen.
    scoped: bool,
}

/// What a body may hold.
#[derive(Clone, Copy)]
enum Body {
    Schema(&'static KindSchema),
    Map(&'static Ty),
    Unknown,
}

impl<'a> Resolver<'a, '_> {
    fn text(&self, span: Span) -> &'a str {
        self.program.sources.get(span.source).map_or("", |source| source.slice(span))
    }

    fn used(&mut self, span: Span, symbol: Option<SymbolId>) -> Option<SymbolId> {
        let symbol = symbol?;
        self.index.uses.push(Use { span, symbol });
        Some(symbol)
    }

    fn template_of(&mut self, module: usize, statement: &Statement) {
        let StatementKind::Block(block) = &statement.kind else { return };
        let Some(from) = &block.from else { return };
        let template = self
            .module_path(module, from)
            .filter(|id| self.index.symbol(*id).is_some_and(|symbol| symbol.kind == SymbolKind::Template));
        let own = self.index.declared_by(statement.span);
        if let Some(symbol) = own.and_then(|own| self.index.symbols.get_mut(own)) {
            symbol.template = template;
        }
        let last = from.segments().last().unwrap_or(from.first);
        self.used(last.span, template);
    }

    /// `name` or `alias.name`
    fn module_path(&mut self, module: usize, path: &Path) -> Option<SymbolId> {
        let first = self.index.lookup(module, self.text(path.first.span))?;
        match (path.rest.as_slice(), self.index.aliases.get(&first).copied()) {
            ([], _) => Some(first),
            ([name], Some(other)) => {
                self.used(path.first.span, Some(first));
                self.index.bound.get(&(other, self.text(name.span).to_owned())).copied()
            }
            _ => None,
        }
    }

    fn top(&mut self, module: usize, statement: &'a Statement) {
        let around = Around { module, owner: None, scoped: false };
        let StatementKind::Block(block) = &statement.kind else {
            return self.statement(statement, Body::Unknown, around);
        };
        let word = self.text(block.kind.span);
        let schema = match (word, block.labels.first()) {
            ("template", Some(kind)) => {
                let schema = kind_named(self.text(kind.span()));
                if let Some(schema) = schema {
                    self.index.kinds.push((kind.span(), schema));
                }
                schema
            }
            _ => kind_named(word),
        };
        let owner = self.index.declared_by(statement.span);
        if let Some(schema) = schema.filter(|_| word != "template") {
            self.index.kinds.push((block.kind.span, schema));
        }
        let body = schema.map_or(Body::Unknown, Body::Schema);
        let around = Around { owner, scoped: true, ..around };
        self.head(block, around);
        self.body(block.body.as_deref().unwrap_or_default(), body, around);
    }

    fn head(&mut self, block: &'a Block, around: Around) {
        if let Some(target) = &block.target {
            self.path(target, Some(Ty::Service), around);
        }
        if self.text(block.kind.span) == "environment" {
            if let Some(from) = &block.from {
                let name = self.text(from.span());
                let base = self.index.child(None, SymbolKind::Environment, name);
                self.used(from.span(), base);
            }
        }
    }

    fn body(&mut self, statements: &'a [Statement], body: Body, around: Around) {
        for statement in statements {
            self.statement(statement, body, around);
        }
    }

    fn statement(&mut self, statement: &'a Statement, body: Body, around: Around) {
        match &statement.kind {
            StatementKind::Let(item) => {
                self.ty(item.ty.as_deref(), around);
                self.expr(&item.value, None, around);
            }
            StatementKind::Param(item) => {
                self.ty(item.ty.as_deref(), around);
                item.default.iter().for_each(|value| self.expr(value, None, around));
            }
            StatementKind::Type(found) => {
                self.ty(Some(&found.ty), around);
                found.constraint.iter().for_each(|value| self.expr(value, None, around));
            }
            StatementKind::Check(check) => {
                self.expr(&check.condition, None, around);
                check.message.iter().for_each(|value| self.expr(value, None, around));
            }
            StatementKind::Setting(setting) => {
                let ty = self.key(&setting.key, body, around);
                self.expr(&setting.value, ty, around);
            }
            StatementKind::Block(block) => self.block(statement, block, body, around),
            StatementKind::Use(_) | StatementKind::Error => {}
        }
    }

    /// The type that a key asks for.
    fn key(&mut self, key: &SettingKey, body: Body, around: Around) -> Option<Ty> {
        let SettingKey::Path(path) = key else {
            return match body {
                Body::Map(item) => Some(*item),
                _ => None,
            };
        };
        match body {
            Body::Map(item) => Some(*item),
            Body::Unknown => None,
            Body::Schema(schema) => {
                if path.rest.is_empty() && self.parameter(path.first, schema, around) {
                    return None;
                }
                self.field(schema, path.first, &path.rest)
            }
        }
    }

    /// Whether a key sets a parameter: of a template below, or of the stack in an environment.
    fn parameter(&mut self, name: Name, schema: &'static KindSchema, around: Around) -> bool {
        let text = self.text(name.span);
        let below = around.owner.and_then(|owner| {
            let template = self.index.symbol(owner)?.template?;
            self.index.inherited(template, SymbolKind::Param, text)
        });
        let of_stack = (schema.keyword == EnvironmentBlock::SCHEMA.keyword)
            .then(|| self.index.child(None, SymbolKind::Param, text))
            .flatten();
        self.used(name.span, below.or(of_stack)).is_some()
    }

    fn field(&mut self, schema: &'static KindSchema, name: Name, rest: &[Name]) -> Option<Ty> {
        let (_, field) = schema.field(self.text(name.span))?;
        self.index.fields.push((name.span, schema, field));
        match (field.ty, rest) {
            (Ty::Block(inner), [next, rest @ ..]) | (Ty::Blocks(inner), [_, next, rest @ ..]) => {
                self.field(inner, *next, rest)
            }
            (Ty::Map(item), [_, ..]) => Some(*item),
            (Ty::Variants(kinds), [next, rest @ ..]) => {
                let text = self.text(next.span);
                match kinds.iter().find(|kind| kind.keyword == text) {
                    Some(kind) => self.field(kind, *rest.first()?, rest.get(1..).unwrap_or_default()),
                    None => kinds
                        .iter()
                        .find(|kind| kind.field(text).is_some())
                        .and_then(|kind| self.field(kind, *next, rest)),
                }
            }
            (ty, _) => Some(ty),
        }
    }

    fn block(&mut self, statement: &'a Statement, block: &'a Block, body: Body, around: Around) {
        self.head(block, around);
        let word = self.text(block.kind.span);
        let inner = match body {
            Body::Schema(schema) => match schema.field(word) {
                Some((_, field)) => {
                    self.index.fields.push((block.kind.span, schema, field));
                    self.nested(field, block)
                }
                None => return self.overlay(statement, block, word, schema, around),
            },
            Body::Map(_) | Body::Unknown => Body::Unknown,
        };
        self.label(word, block, inner, around);
        self.body(block.body.as_deref().unwrap_or_default(), inner, around);
    }

    fn nested(&mut self, field: &'static FieldSchema, block: &Block) -> Body {
        match field.ty {
            Ty::Block(inner) | Ty::Blocks(inner) => Body::Schema(inner),
            Ty::Map(item) => Body::Map(item),
            Ty::Variants(kinds) => {
                let tag = block.labels.first().map_or("", |label| self.text(label.span()));
                kinds.iter().find(|kind| kind.keyword == tag).map_or(Body::Unknown, |kind| Body::Schema(kind))
            }
            _ => Body::Unknown,
        }
    }

    /// A block of the stack that an environment changes.
    fn overlay(
        &mut self,
        statement: &Statement,
        block: &'a Block,
        word: &str,
        around_schema: &'static KindSchema,
        around: Around,
    ) {
        let known = kind_named(word).filter(|_| around_schema.keyword == EnvironmentBlock::SCHEMA.keyword);
        let (Some(schema), Some(kind), [label]) = (known, SymbolKind::of_keyword(word), &*block.labels)
        else {
            return;
        };
        self.index.kinds.push((block.kind.span, schema));
        let name = self.text(label.span()).trim_matches('"');
        let owner = self.index.child(None, kind, name);
        let declared_here =
            owner.and_then(|owner| self.index.symbol(owner)).is_some_and(|it| it.full == statement.span);
        if !declared_here {
            self.used(label.span(), owner);
        }
        let around = Around { owner, ..around };
        self.body(block.body.as_deref().unwrap_or_default(), Body::Schema(schema), around);
    }

    /// Labels that name something that exists, or choose a variant.
    fn label(&mut self, word: &str, block: &Block, body: Body, around: Around) {
        let [Label::Path(path)] = &*block.labels else { return };
        let name = self.text(path.span());
        if let Body::Schema(KindSchema { label: LabelShape::Tag(words), .. }) = body {
            self.index.words.push((path.span(), Ty::Choice(words)));
        }
        let kind = match word {
            "take" | "stage" => SymbolKind::Stage,
            "secret" => SymbolKind::Secret,
            "job" => SymbolKind::Job,
            _ => return,
        };
        let found = around.owner.and_then(|owner| self.index.inherited(owner, kind, name));
        let itself =
            found.and_then(|found| self.index.symbol(found)).is_some_and(|symbol| symbol.span == path.span());
        if !itself {
            self.used(path.span(), found);
        }
    }

    fn ty(&mut self, ty: Option<&Type>, around: Around) {
        match ty.map(|ty| &ty.kind) {
            Some(TypeKind::Name { path, .. }) => {
                let found = self.module_path(around.module, path);
                let last = path.segments().last().unwrap_or(path.first);
                self.used(last.span, found);
            }
            Some(TypeKind::List(inner)) => self.ty(Some(inner), around),
            Some(TypeKind::Literals(_) | TypeKind::Error) | None => {}
        }
    }

    fn expr(&mut self, expr: &'a Expr, ty: Option<Ty>, around: Around) {
        match &expr.kind {
            ExprKind::Path(path) => self.path(path, ty.map(element), around),
            ExprKind::Plain => self.plain(expr, ty),
            ExprKind::Interpolated(parts) => {
                for part in parts {
                    if let StringPart::Value(value) = part {
                        self.expr(value, Some(Ty::SecretText), around);
                    }
                }
            }
            ExprKind::Call(callee, items) => {
                if self.text(callee.span()) == "file" {
                    items.first().into_iter().for_each(|item| self.plain(item, Some(Ty::FilePath)));
                }
                for item in items {
                    self.expr(item, None, around);
                }
            }
            ExprKind::List(items) => {
                for item in items {
                    self.expr(item, ty.map(element), around);
                }
            }
            ExprKind::Map(entries) => self.map(entries, ty, around),
            ExprKind::Not(inner) => self.expr(inner, None, around),
            ExprKind::Binary(_, sides) => {
                self.expr(&sides.0, None, around);
                self.expr(&sides.1, None, around);
            }
            ExprKind::Quantified(parts) => {
                self.expr(&parts.of, None, around);
                self.elements.push(self.text(parts.name.span));
                self.expr(&parts.condition, None, around);
                self.elements.pop();
            }
            ExprKind::If(parts) => {
                self.expr(&parts.0, None, around);
                self.expr(&parts.1, ty, around);
                self.expr(&parts.2, ty, around);
            }
            _ => {}
        }
    }

    fn plain(&mut self, expr: &Expr, ty: Option<Ty>) {
        if let Some(Ty::FilePath) = ty.map(element) {
            let path = crate::syntax::literal::plain(self.text(expr.span)).to_owned();
            self.index.files.push((expr.span, path));
        }
    }

    fn map(&mut self, entries: &'a [MapEntry], ty: Option<Ty>, around: Around) {
        let body = match ty {
            Some(Ty::Block(schema)) => Body::Schema(schema),
            Some(Ty::Map(item)) => Body::Map(item),
            _ => Body::Unknown,
        };
        for entry in entries {
            let ty = self.key(&entry.key, body, around);
            self.expr(&entry.value, ty, around);
        }
    }

    fn path(&mut self, path: &Path, ty: Option<Ty>, around: Around) {
        let first = self.text(path.first.span);
        if self.elements.contains(&first) {
            return;
        }
        if path.rest.is_empty() {
            if let Some(Ty::Choice(words)) = ty {
                if words.contains(&first) {
                    return self.index.words.push((path.first.span, Ty::Choice(words)));
                }
            }
        }
        let own = around.owner.filter(|_| around.scoped).and_then(|owner| {
            let param = |owner| self.index.child(Some(owner), SymbolKind::Param, first);
            let bound = self.index.sees(owner).find_map(param);
            bound.or_else(|| self.index.child(Some(owner), SymbolKind::Let, first))
        });
        let bound = own.or_else(|| {
            let found = self.index.lookup(around.module, first)?;
            let kind = self.index.symbol(found)?.kind;
            matches!(kind, SymbolKind::Let | SymbolKind::Param).then_some(found)
        });
        match (bound, first) {
            (Some(found), _) => {
                self.used(path.first.span, bound);
                let key = path.rest.first();
                let key = key.map(|key| {
                    (key.span, self.index.child(Some(found), SymbolKind::Key, self.text(key.span)))
                });
                if let Some((span, symbol)) = key {
                    self.used(span, symbol);
                }
            }
            (None, "secret") => self.secret(path, around),
            (None, "self") => self.members(around.owner, &path.rest),
            (None, "environment") => {}
            (None, _) => self.entity(path, first, ty, around),
        }
    }

    fn secret(&mut self, path: &Path, around: Around) {
        let Some(name) = path.rest.first() else { return };
        let text = self.text(name.span);
        let own = around.owner.and_then(|owner| self.index.inherited(owner, SymbolKind::Secret, text));
        let found = own.or_else(|| self.index.child(None, SymbolKind::Secret, text));
        self.used(name.span, found);
    }

    fn entity(&mut self, path: &Path, first: &str, ty: Option<Ty>, around: Around) {
        let index = &self.index;
        let of = |kind| index.child(None, kind, first);
        let beside = |kind| around.owner.and_then(|owner| index.inherited(owner, kind, first));
        let found = match ty {
            Some(Ty::Job) => beside(SymbolKind::Job),
            Some(Ty::Environment) => of(SymbolKind::Environment),
            Some(Ty::Word) => beside(SymbolKind::Stage),
            Some(Ty::Service) => of(SymbolKind::Service),
            _ => of(SymbolKind::Service)
                .or_else(|| of(SymbolKind::Environment))
                .or_else(|| of(SymbolKind::Ingress))
                .or_else(|| of(SymbolKind::Alert))
                .or_else(|| of(SymbolKind::Pipeline)),
        };
        if self.used(path.first.span, found).is_some() {
            return self.members(found, &path.rest);
        }
        if let Some(last) = path.rest.first() {
            let found = self.module_path(around.module, path);
            self.used(last.span, found);
        }
    }

    /// `.ports.http`, `.url`, `.secret.password` of a service.
    fn members(&mut self, owner: Option<SymbolId>, rest: &[Name]) {
        let (Some(owner), Some(name)) = (owner, rest.first()) else { return };
        let text = self.text(name.span);
        let (span, kind, wanted) = match (text, rest.get(1)) {
            ("ports", Some(port)) => (port.span, SymbolKind::Port, self.text(port.span)),
            ("secret", Some(secret)) => (secret.span, SymbolKind::Secret, self.text(secret.span)),
            _ => (name.span, SymbolKind::Export, text),
        };
        let found = self.index.inherited(owner, kind, wanted);
        self.used(span, found);
    }
}

/// The schema of a block at the top of a file.
fn kind_named(word: &str) -> Option<&'static KindSchema> {
    KINDS.iter().find(|schema| schema.keyword == word).copied()
}

fn element(ty: Ty) -> Ty {
    match ty {
        Ty::List(item) => *item,
        ty => ty,
    }
}
