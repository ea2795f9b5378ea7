//! Statements into merged blocks, by the four rules: `=` replaces, nested blocks merge by kind and label, `+=`
//! appends, `= none` removes. Merging is by declared structure, never by position; must not evaluate.

use std::sync::Arc;

use super::declare::{Declarations, slice};
use super::node::{Assignment, MapItem, Node, NodeSlot, ScopeId};
use super::problem;
use super::template;
use super::world::Scope;
use crate::diagnostic::suggest::closest;
use crate::diagnostic::{Diagnostic, codes};
use crate::load::Program;
use crate::schema::{FieldSchema, KindSchema, LabelShape, Layer, Ty};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{
    Block, Expr, ExprKind, Label, MapKey, Path, Setting, SettingKey, SettingOperator, Statement,
    StatementKind,
};
use crate::syntax::literal;

/// One layer on its way into a node.
pub(super) struct Merger<'a, 'd> {
    pub(super) program: &'a Program,
    pub(super) declared: &'d Declarations<'a>,
    pub(super) scopes: &'d mut Vec<Scope<'a>>,
    pub(super) scope: ScopeId,
    pub(super) layer: Layer,
    /// Names besides the fields that a setting may have here.
    pub(super) extra: Vec<&'a str>,
    pub(super) diagnostics: &'d mut Vec<Diagnostic>,
}

/// A name on the left of a setting, with its place.
pub(super) type Segment<'a> = (&'a str, Span);

impl<'a> Merger<'a, '_> {
    /// Merges the statements of a body; `skip` takes those that mean something else here.
    pub(super) fn body(
        &mut self,
        node: &mut Node<'a>,
        body: &'a [Statement],
        skip: &mut dyn FnMut(&'a Statement) -> bool,
    ) {
        for statement in body {
            if skip(statement) {
                continue;
            }
            match &statement.kind {
                StatementKind::Setting(setting) => self.setting(node, setting),
                StatementKind::Block(block) => self.block(node, statement, block),
                StatementKind::Check(check) => node.checks.push((check, self.scope)),
                StatementKind::Error => node.broken = true,
                StatementKind::Param(_) | StatementKind::Let(_) => {}
                StatementKind::Use(_) | StatementKind::Type(_) => {
                    let message = "imports and types stand at the top of a file";
                    let problem = Diagnostic::error(codes::UNKNOWN_FIELD, message);
                    self.diagnostics.push(problem.at(statement.span, "found inside a block"));
                }
            }
        }
    }

    fn setting(&mut self, node: &mut Node<'a>, setting: &'a Setting) {
        let segments = segments_of(self.program, &setting.key);
        self.assign(node, &segments, setting.operator, &setting.value);
    }

    fn assign(
        &mut self,
        node: &mut Node<'a>,
        path: &[Segment<'a>],
        operator: SettingOperator,
        value: &'a Expr,
    ) {
        let Some(((name, span), rest)) = path.split_first() else {
            return;
        };
        let assignment = Assignment { expr: value, scope: self.scope, layer: self.layer };
        if rest.is_empty() && self.bind(node, name, assignment) {
            return;
        }
        let Some((index, field)) = node.schema.field(name) else {
            self.unknown_field(node, name, *span);
            return;
        };
        if operator == SettingOperator::Append && !appendable(field.ty, rest) {
            let message = format!("`+=` appends to lists and maps only, and `{name}` is neither");
            let problem = Diagnostic::error(codes::TYPE_MISMATCH, message);
            self.diagnostics
                .push(problem.at(value.span, "nothing to append to").help("write `=` to replace it"));
            return;
        }
        let removes = matches!(value.kind, ExprKind::None);
        let Some(slot) = node.slots.at(index) else {
            return;
        };
        match (field.ty, rest) {
            (Ty::Block(_) | Ty::Blocks(_) | Ty::Variants(_), []) if removes => *slot = NodeSlot::Absent,
            (Ty::Block(schema), []) => self.block_from_map(slot, schema, *span, value),
            (Ty::Block(schema), rest) => {
                let child = self.child(slot, schema, *span);
                self.assign(child, rest, operator, value);
            }
            (Ty::Blocks(schema), [(label, at), rest @ ..]) => {
                if removes && rest.is_empty() {
                    if let NodeSlot::Blocks(nodes) = slot {
                        nodes.shift_remove(*label);
                    }
                    return;
                }
                let child = self.labelled_child(slot, schema, Spanned::new((*label).into(), *at), *at);
                self.assign(child, rest, operator, value);
            }
            (Ty::Variants(schemas), rest) => self.assign_variant(slot, schemas, rest, operator, value),
            (Ty::Map(_), []) => self.map(slot, operator, value, assignment),
            (Ty::Map(_), rest) => Self::entry(slot, rest, assignment, removes),
            (_, []) => Self::scalar(slot, operator, assignment),
            (_, [(_, at), ..]) => {
                let message = format!("`{name}` has no parts that can be set");
                let problem = Diagnostic::error(codes::UNKNOWN_FIELD, message);
                self.diagnostics.push(problem.at(*at, format!("`{name}` is a single value")));
            }
        }
    }

    fn scalar(slot: &mut NodeSlot<'a>, operator: SettingOperator, assignment: Assignment<'a>) {
        match (operator, slot) {
            (SettingOperator::Append, NodeSlot::Value(values)) => values.push(assignment),
            (_, slot) => *slot = NodeSlot::Value(vec![assignment]),
        }
    }

    fn map(
        &mut self,
        slot: &mut NodeSlot<'a>,
        operator: SettingOperator,
        value: &'a Expr,
        whole: Assignment<'a>,
    ) {
        if operator == SettingOperator::Replace || !matches!(slot, NodeSlot::Map(_)) {
            *slot = NodeSlot::Map(Vec::new());
        }
        match &value.kind {
            ExprKind::None => {}
            ExprKind::Map(entries) => {
                for entry in entries {
                    let segments = entry_segments(self.program, &entry.key);
                    let removes = matches!(entry.value.kind, ExprKind::None);
                    Self::entry(slot, &segments, Assignment { expr: &entry.value, ..whole }, removes);
                }
            }
            _ => {
                if let NodeSlot::Map(items) = slot {
                    items.push(MapItem::Spread(whole));
                }
            }
        }
    }

    fn entry(slot: &mut NodeSlot<'a>, path: &[Segment<'a>], assignment: Assignment<'a>, removes: bool) {
        if !matches!(slot, NodeSlot::Map(_)) {
            *slot = NodeSlot::Map(Vec::new());
        }
        let NodeSlot::Map(items) = slot else { return };
        let key: Arc<str> = match path {
            [(name, _)] => (*name).into(),
            _ => path.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(".").into(),
        };
        let is_same = |item: &MapItem<'_>| matches!(item, MapItem::Entry(known, _) if known.value == key);
        let same = items.iter().position(is_same);
        let span = path.iter().map(|(_, span)| *span).reduce(Span::to).unwrap_or(assignment.expr.span);
        let key = Spanned::new(key, span);
        match (same, removes) {
            (Some(at), true) => drop(items.remove(at)),
            (Some(at), false) => {
                if let Some(item) = items.get_mut(at) {
                    *item = MapItem::Entry(key, assignment);
                }
            }
            (None, false) => items.push(MapItem::Entry(key, assignment)),
            (None, true) => {}
        }
    }

    /// `health = { http = "/" }` means `health { http = "/" }`.
    fn block_from_map(
        &mut self,
        slot: &mut NodeSlot<'a>,
        schema: &'static KindSchema,
        span: Span,
        value: &'a Expr,
    ) {
        let ExprKind::Map(entries) = &value.kind else {
            let problem = Diagnostic::error(codes::TYPE_MISMATCH, format!("`{}` is a block", schema.keyword));
            let help = format!("write `{} {{ … }}`", schema.keyword);
            self.diagnostics.push(problem.at(value.span, "expected `{ … }`").help(help));
            return;
        };
        *slot = NodeSlot::Absent;
        let child = self.child(slot, schema, span);
        for entry in entries {
            let segments = entry_segments(self.program, &entry.key);
            self.assign(child, &segments, SettingOperator::Replace, &entry.value);
        }
    }

    fn assign_variant(
        &mut self,
        slot: &mut NodeSlot<'a>,
        schemas: &'static [&'static KindSchema],
        path: &[Segment<'a>],
        operator: SettingOperator,
        value: &'a Expr,
    ) {
        let Some((name, at)) = path.first().copied() else { return };
        if let Some(schema) = schemas.iter().find(|schema| schema.keyword == name) {
            let child = self.labelled_child(slot, schema, Spanned::new(name.into(), at), at);
            self.assign(child, path.get(1..).unwrap_or_default(), operator, value);
            return;
        }
        if let NodeSlot::Blocks(nodes) = slot {
            let mut fitting = nodes.values_mut().filter(|node| node.schema.field(name).is_some());
            if let (Some(node), None) = (fitting.next(), fitting.next()) {
                self.assign(node, path, operator, value);
                return;
            }
        }
        let mut known: Vec<&str> = schemas.iter().map(|schema| schema.keyword).collect();
        if let NodeSlot::Blocks(nodes) = slot {
            known.extend(nodes.values().flat_map(|node| node.schema.fields.iter().map(|field| field.name)));
        }
        let message = format!("`{name}` is no setting of what is chosen here");
        self.diagnostics.push(problem::unknown(codes::UNKNOWN_FIELD, message, at, name, &known));
    }

    fn block(&mut self, node: &mut Node<'a>, statement: &'a Statement, block: &'a Block) {
        let name = slice(self.program, block.kind.span);
        let is_open = node.open;
        let Some((index, field)) = node.schema.field(name) else {
            self.unknown_field(node, name, block.kind.span);
            return;
        };
        let Some(slot) = node.slots.at(index) else {
            return;
        };
        let child = match field.ty {
            Ty::Block(schema) => match self.tag(schema, block) {
                Ok(tag) => {
                    let child = self.child(slot, schema, statement.span);
                    if let Some(tag) = tag {
                        if *child.label.value != *tag.value {
                            *child = Node::new(schema, tag, statement.span, self.layer);
                        }
                    }
                    child
                }
                Err(problem) => return self.diagnostics.push(problem),
            },
            Ty::Blocks(schema) => match self.label(schema, block) {
                Ok(label) => self.labelled_child(slot, schema, label, statement.span),
                Err(problem) => return self.diagnostics.push(problem),
            },
            Ty::Variants(schemas) => match self.variant(schemas, block) {
                Ok((schema, label)) => self.labelled_child(slot, schema, label, statement.span),
                Err(problem) => return self.diagnostics.push(problem),
            },
            Ty::Map(_) => return self.map_block(slot, block),
            _ => return self.not_a_block(field, block),
        };
        if let Some(from) = &block.from {
            *child = Node::new(child.schema, child.label.clone(), statement.span, self.layer);
            self.templates(child, from);
        }
        // What is missing in it may be in the template around it that nobody knows.
        child.broken |= is_open;
        child.doc = statement.doc.or(child.doc);
        if let Some(to) = &block.target {
            child.to = Some((to, self.scope, self.layer));
        }
        self.body(child, block.body.as_deref().unwrap_or_default(), &mut |_| false);
    }

    /// Lays the templates of a nested block below it; `self` means there what it means here.
    fn templates(&mut self, node: &mut Node<'a>, from: &'a Path) {
        let Some(here) = self.scopes.get(self.scope.0 as usize) else { return };
        let owner = here.owner.clone();
        let chain = template::chain(self.program, self.declared, node.schema, here.module, from);
        node.broken = chain.is_open;
        node.open = node.broken;
        self.diagnostics.extend(chain.problem);
        let outer = (self.scope, self.layer);
        for (module, block) in chain.found.into_iter().rev() {
            let mut scope = template::scope(self.program, module, owner.clone(), block);
            scope.below = node.bodies.first().copied();
            self.scopes.push(scope);
            (self.scope, self.layer) = (ScopeId(self.scopes.len() as u32 - 1), Layer::Preset);
            self.body(node, block.body.as_deref().unwrap_or_default(), &mut |_| false);
            node.bodies.insert(0, self.scope);
        }
        (self.scope, self.layer) = outer;
    }

    /// Binds a parameter of the nearest body below; `false` when none has it.
    fn bind(&mut self, node: &Node<'a>, name: &str, value: Assignment<'a>) -> bool {
        for scope in &node.bodies {
            let scope = self.scopes.get_mut(scope.0 as usize);
            if let Some(param) = scope.and_then(|scope| scope.params.get_mut(name)) {
                param.value = Some(value);
                return true;
            }
        }
        false
    }

    fn map_block(&mut self, slot: &mut NodeSlot<'a>, block: &'a Block) {
        let name = slice(self.program, block.kind.span);
        self.diagnostics.extend(block.labels.first().map(|label| no_label(name, label)));
        self.diagnostics.extend(block.from.as_ref().map(|from| problem::no_template(name, from.span())));
        self.diagnostics.extend(block.target.as_ref().map(|target| problem::no_target(name, target.span())));
        if !matches!(slot, NodeSlot::Map(_)) {
            *slot = NodeSlot::Map(Vec::new());
        }
        for statement in block.body.as_deref().unwrap_or_default() {
            match &statement.kind {
                StatementKind::Setting(setting) => {
                    let segments = segments_of(self.program, &setting.key);
                    let assignment =
                        Assignment { expr: &setting.value, scope: self.scope, layer: self.layer };
                    Self::entry(slot, &segments, assignment, matches!(setting.value.kind, ExprKind::None));
                }
                StatementKind::Error => {}
                _ => {
                    let problem =
                        Diagnostic::error(codes::UNEXPECTED_TOKEN, format!("`{name}` holds settings only"));
                    self.diagnostics.push(problem.at(statement.span, "expected `NAME = value`"));
                }
            }
        }
    }

    fn not_a_block(&mut self, field: &'static FieldSchema, block: &'a Block) {
        let problem =
            Diagnostic::error(codes::TYPE_MISMATCH, format!("`{}` is a setting, not a block", field.name));
        let help = format!("write `{} = …`", field.name);
        self.diagnostics.push(problem.at(block.kind.span, "expected `=` after this name").help(help));
    }

    fn child<'n>(
        &self,
        slot: &'n mut NodeSlot<'a>,
        schema: &'static KindSchema,
        span: Span,
    ) -> &'n mut Node<'a> {
        if !matches!(slot, NodeSlot::Block(_)) {
            *slot =
                NodeSlot::Block(Box::new(Node::new(schema, Spanned::new("".into(), span), span, self.layer)));
        }
        match slot {
            NodeSlot::Block(node) => node,
            _ => unreachable!("the slot was made a block above"),
        }
    }

    fn labelled_child<'n>(
        &self,
        slot: &'n mut NodeSlot<'a>,
        schema: &'static KindSchema,
        label: Spanned<Arc<str>>,
        span: Span,
    ) -> &'n mut Node<'a> {
        if !matches!(slot, NodeSlot::Blocks(_)) {
            *slot = NodeSlot::Blocks(Box::default());
        }
        let NodeSlot::Blocks(nodes) = slot else { unreachable!("the slot was made a list of blocks above") };
        nodes.entry(label.value.clone()).or_insert_with(|| Node::new(schema, label, span, self.layer))
    }

    fn tag(
        &self,
        schema: &'static KindSchema,
        block: &'a Block,
    ) -> Result<Option<Spanned<Arc<str>>>, Diagnostic> {
        let LabelShape::Tag(words) = schema.label else {
            return match block.labels.first() {
                None => Ok(None),
                Some(label) => Err(no_label(schema.keyword, label)),
            };
        };
        let label = self.label(schema, block)?;
        if words.contains(&&*label.value) {
            return Ok(Some(label));
        }
        let message = format!("`{}` is no kind of `{}`", label.value, schema.keyword);
        Err(problem::unknown(codes::UNKNOWN_KIND, message, label.span, &label.value, words))
    }

    fn variant(
        &self,
        schemas: &'static [&'static KindSchema],
        block: &'a Block,
    ) -> Result<(&'static KindSchema, Spanned<Arc<str>>), Diagnostic> {
        let kind = slice(self.program, block.kind.span);
        let Some(label) = block.labels.first() else {
            let words = schemas.iter().map(|schema| schema.keyword).collect();
            return Err(problem::missing_word(kind, words, block.kind.span));
        };
        if let Some(extra) = block.labels.get(1) {
            return Err(second_label(kind, extra));
        }
        let name = slice(self.program, label.span());
        match schemas.iter().find(|schema| schema.keyword == name) {
            Some(schema) => Ok((schema, Spanned::new(name.into(), label.span()))),
            None => {
                let known: Vec<&str> = schemas.iter().map(|schema| schema.keyword).collect();
                let message = format!("there is no {kind} `{name}`");
                Err(problem::unknown(codes::UNKNOWN_KIND, message, label.span(), name, &known))
            }
        }
    }

    /// The one label of a block, of the shape that its kind asks for.
    pub(super) fn label(
        &self,
        schema: &'static KindSchema,
        block: &'a Block,
    ) -> Result<Spanned<Arc<str>>, Diagnostic> {
        label_of(self.program, schema, block)
    }

    fn unknown_field(&mut self, node: &mut Node<'a>, name: &str, span: Span) {
        if node.open {
            return;
        }
        let schema = node.schema;
        let fields = schema.fields.iter().map(|field| field.name);
        let bodies = node.bodies.iter().filter_map(|scope| self.scopes.get(scope.0 as usize));
        let params = bodies.flat_map(|scope| scope.params.keys().copied());
        let known: Vec<&str> = fields.chain(self.extra.iter().copied()).chain(params).collect();
        node.meant.extend(closest(name, known.iter().copied()).map(Arc::from));
        let message = format!("unknown setting `{name}` in `{}`", schema.keyword);
        self.diagnostics.push(problem::unknown(codes::UNKNOWN_FIELD, message, span, name, &known));
    }
}

/// Whether `+=` means something for a field, or for what `rest` names inside of it.
fn appendable(ty: Ty, rest: &[Segment<'_>]) -> bool {
    match ty {
        Ty::Block(_) | Ty::Blocks(_) | Ty::Variants(_) => !rest.is_empty(),
        Ty::List(_) | Ty::Map(_) => rest.is_empty(),
        _ => false,
    }
}

/// The names on the left of a setting.
pub(super) fn segments_of<'a>(program: &'a Program, key: &'a SettingKey) -> Vec<Segment<'a>> {
    match key {
        SettingKey::Path(path) => path_segments(program, path),
        SettingKey::String(expr) => vec![(literal::plain(slice(program, expr.span)), expr.span)],
    }
}

pub(super) fn entry_segments<'a>(program: &'a Program, key: &'a MapKey) -> Vec<Segment<'a>> {
    match key {
        MapKey::Path(path) => path_segments(program, path),
        MapKey::String(expr) => vec![(literal::plain(slice(program, expr.span)), expr.span)],
    }
}

fn path_segments<'a>(program: &'a Program, path: &'a Path) -> Vec<Segment<'a>> {
    path.segments().map(|name| (slice(program, name.span), name.span)).collect()
}

fn no_label(keyword: &str, label: &Label) -> Diagnostic {
    let message = format!("`{keyword}` takes no name");
    Diagnostic::error(codes::UNEXPECTED_TOKEN, message).at(label.span(), "expected `{`")
}

fn second_label(keyword: &str, extra: &Label) -> Diagnostic {
    Diagnostic::error(codes::UNEXPECTED_TOKEN, format!("`{keyword}` takes one name"))
        .at(extra.span(), "expected `{` or `,`")
        .help("write one name before `{`; two statements on one line need a `,` between them")
}

/// The one label of a block, of the shape that its kind asks for.
pub(super) fn label_of(
    program: &Program,
    schema: &'static KindSchema,
    block: &Block,
) -> Result<Spanned<Arc<str>>, Diagnostic> {
    if let Some(extra) = block.labels.get(1) {
        return Err(second_label(schema.keyword, extra));
    }
    match (block.labels.first(), schema.label) {
        (None, shape) => Err(problem::missing_label(schema.keyword, shape, block.kind.span)),
        (Some(Label::Path(path)), LabelShape::Named | LabelShape::Tag(_)) => {
            named(slice(program, path.span()), path.span())
        }
        (Some(Label::String(expr)), LabelShape::Named | LabelShape::Tag(_)) => {
            named(literal::plain(slice(program, expr.span)), expr.span)
        }
        (Some(Label::Path(path)), _) => Ok(Spanned::new(slice(program, path.span()).into(), path.span())),
        (Some(label @ Label::String(expr)), _) => {
            Ok(Spanned::new(literal::plain(slice(program, expr.span)).into(), label.span()))
        }
        (Some(Label::Raw(expr)), _) => {
            Err(Diagnostic::error(codes::UNEXPECTED_TOKEN, "raw text stands only in a patch")
                .at(expr.span, "expected a name"))
        }
    }
}

/// A name that is legal in every target: a DNS label, `_` allowed and turned into `-` where it must be.
fn named(name: &str, span: Span) -> Result<Spanned<Arc<str>>, Diagnostic> {
    let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    if name.len() <= 50
        && name.chars().all(legal)
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && !name.ends_with(['-', '_'])
    {
        return Ok(Spanned::new(name.into(), span));
    }
    let message = format!("`{name}` cannot be used as a name in every target");
    Err(Diagnostic::error(codes::ILLEGAL_NAME, message)
        .at(span, "expected up to 50 lower case letters, digits, `-` or `_`, a letter first")
        .help("containers, DNS and clusters must all accept the name (RFC 1123)"))
}
