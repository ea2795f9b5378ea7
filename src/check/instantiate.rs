//! Declarations, templates and overlays into merged blocks. Parameters are bound before anything is evaluated;
//! must not evaluate.

use std::sync::Arc;

use indexmap::IndexMap;

use super::declare::{Binding, Declared, slice};
use super::merge::{Merger, label_of};
use super::node::{Assignment, Node, ScopeId};
use super::problem;
use super::world::{BoundParam, RawPatch, Scope, World};
use crate::diagnostic::{Diagnostic, codes};
use crate::schema::{KindSchema, Layer};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{Block, Label, Path, SettingKey, Statement, StatementKind};

/// Templates may build on templates this deep.
const MAX_TEMPLATE_DEPTH: usize = 8;

/// One layer of a block: a body and where it stands.
#[derive(Clone, Copy)]
struct LayerSource<'a> {
    module: usize,
    statement: &'a Statement,
    block: &'a Block,
    layer: Layer,
}

/// The layers of one block, the lowest first.
struct Instance<'a> {
    schema: &'static KindSchema,
    label: Spanned<Arc<str>>,
    layers: Vec<LayerSource<'a>>,
}

/// All blocks of an environment as layers, by kind and name.
pub(super) struct Builder<'a, 'w> {
    world: &'w mut World<'a>,
    kinds: &'static [&'static KindSchema],
    instances: IndexMap<(&'static str, Arc<str>), Instance<'a>>,
}

impl<'a, 'w> Builder<'a, 'w> {
    pub(super) fn new(world: &'w mut World<'a>, kinds: &'static [&'static KindSchema]) -> Self {
        Self { world, kinds, instances: IndexMap::new() }
    }

    /// Takes the declarations at the top of files.
    pub(super) fn base(&mut self) {
        for declared in &self.world.declared.blocks {
            self.declare(*declared);
        }
    }

    fn declare(&mut self, declared: Declared<'a>) {
        let Declared { module, statement, block } = declared;
        let word = self.world.text(block.kind.span);
        if word == "patch" {
            let scope = World::file_scope(module);
            self.world.patches.push(RawPatch { block, span: statement.span, scope, layer: Layer::Base });
            return;
        }
        let Some(schema) = self.kind(word, block.kind.span) else {
            return;
        };
        let label = match label_of(self.world.program, schema, block) {
            Ok(label) => label,
            Err(problem) => return self.world.report(problem),
        };
        let key = (schema.keyword, label.value.clone());
        let source = LayerSource { module, statement, block, layer: Layer::Base };
        match self.instances.get(&key) {
            Some(first) => {
                self.world.report(problem::duplicate(
                    schema.keyword,
                    &label.value,
                    label.span,
                    first.label.span,
                ));
            }
            None => {
                self.instances.insert(key, Instance { schema, label, layers: vec![source] });
            }
        }
    }

    fn kind(&self, word: &str, place: Span) -> Option<&'static KindSchema> {
        let found = self.kinds.iter().find(|schema| schema.keyword == word).copied();
        if found.is_none() {
            let mut known: Vec<&str> = self.kinds.iter().map(|schema| schema.keyword).collect();
            known.extend(["environment", "template", "patch"]);
            let message = format!("there is no kind of block `{word}`");
            self.world.report(problem::unknown(codes::UNKNOWN_KIND, message, place, word, &known));
        }
        found
    }

    /// Lays an environment over what is there.
    pub(super) fn overlay(&mut self, environment: Declared<'a>, layer: Layer) {
        let scope = World::file_scope(environment.module);
        let kinds: Vec<&str> = self.kinds.iter().map(|schema| schema.keyword).collect();
        let body = environment.block.body.as_deref().unwrap_or_default();
        let mut own: Vec<&'a Statement> = Vec::new();
        for statement in body {
            match &statement.kind {
                StatementKind::Setting(setting) => match &setting.key {
                    SettingKey::Path(path) if self.is_parameter(path) => {
                        let name = self.world.text(path.first.span);
                        self.world.params.insert(name, Assignment { expr: &setting.value, scope, layer });
                    }
                    _ => own.push(statement),
                },
                StatementKind::Block(block) if self.world.text(block.kind.span) == "patch" => {
                    self.world.patches.push(RawPatch { block, span: statement.span, scope, layer });
                }
                StatementKind::Block(block) if kinds.contains(&self.world.text(block.kind.span)) => {
                    self.overlay_block(LayerSource { module: environment.module, statement, block, layer });
                }
                StatementKind::Check(check) => self.world.checks.push((check, scope)),
                _ => own.push(statement),
            }
        }
        self.settings(environment, &own, layer, scope);
    }

    fn is_parameter(&self, path: &Path) -> bool {
        path.rest.is_empty() && self.world.declared.params.contains_key(self.world.text(path.first.span))
    }

    /// The settings of the environment itself.
    fn settings(&mut self, environment: Declared<'a>, own: &[&'a Statement], layer: Layer, scope: ScopeId) {
        let program = self.world.program;
        let mut node = std::mem::replace(&mut self.world.environment, empty(environment.statement.span));
        node.doc = environment.statement.doc.or(node.doc);
        let params = self.world.declared.params.keys().copied().collect();
        let diagnostics = &mut self.world.diagnostics.borrow_mut();
        let mut merger = Merger { program, scope, layer, extra: params, diagnostics };
        for statement in own {
            merger.body(&mut node, std::slice::from_ref(statement), &mut |_| false);
        }
        self.world.environment = node;
    }

    fn overlay_block(&mut self, source: LayerSource<'a>) {
        let word = self.world.text(source.block.kind.span);
        let Some(schema) = self.kind(word, source.block.kind.span) else {
            return;
        };
        let label = match label_of(self.world.program, schema, source.block) {
            Ok(label) => label,
            Err(problem) => return self.world.report(problem),
        };
        let key = (schema.keyword, label.value.clone());
        if let Some(instance) = self.instances.get_mut(&key) {
            if let Some(from) = &source.block.from {
                let problem = Diagnostic::error(
                    codes::DUPLICATE_NAME,
                    format!("`{}` is already declared", label.value),
                )
                .at(from.span(), "an overlay keeps the template of the declaration")
                .also(instance.label.span, "declared here")
                .help("leave out `from …`, or choose another name");
                return self.world.report(problem);
            }
            instance.layers.push(source);
            return;
        }
        if source.block.from.is_some() || declares(self.world.program, source.block) {
            self.instances.insert(key, Instance { schema, label, layers: vec![source] });
            return;
        }
        let same: Vec<&str> =
            self.instances.keys().filter(|(kind, _)| *kind == word).map(|(_, name)| &**name).collect();
        let message = format!("no {word} is called `{}`, so there is nothing to change", label.value);
        let problem =
            problem::unknown(codes::UNKNOWN_OVERLAY_TARGET, message, label.span, &label.value, &same);
        self.world.report(problem);
    }

    /// Merges all layers.
    pub(super) fn finish(self) {
        for (module, statement, block) in self.world.declared.templates() {
            let place = block.labels.first().map_or(block.kind.span, Label::span);
            let Some(schema) = self.kind(self.world.text(place), place) else { continue };
            let label = Spanned::new("".into(), block.kind.span);
            let source = LayerSource { module, statement, block, layer: Layer::Preset };
            verify_template(self.world, &Instance { schema, label, layers: vec![source] });
        }
        for ((kind, name), instance) in self.instances {
            let node = merge_instance(self.world, &name, &instance);
            self.world.entities.entry(kind).or_default().insert(name, node);
        }
    }
}

/// Reports unknown settings of a template, used or not; nothing remains of the attempt.
fn verify_template<'a>(world: &mut World<'a>, instance: &Instance<'a>) {
    let (scopes, patches) = (world.scopes.len(), world.patches.len());
    let Some(source) = instance.layers.first() else { return };
    let mut node = Node::new(instance.schema, instance.label.clone(), source.statement.span, Layer::Preset);
    let (below, complete) = templates(world, instance.schema, source);
    node.open = !complete;
    let owner: Arc<str> = "".into();
    let mut bodies: Vec<(ScopeId, Layer, &'a Statement, &'a Block)> = Vec::new();
    for (module, block) in below.iter().rev().copied().chain([(source.module, source.block)]) {
        let scope = open_scope(world, module, (instance.schema.keyword, &owner), block);
        build_on(world, scope, bodies.last().map(|(below, ..)| *below));
        bodies.push((scope, Layer::Preset, source.statement, block));
    }
    for at in 0..bodies.len() {
        merge_layer(world, &mut node, &bodies, at);
    }
    world.scopes.truncate(scopes);
    world.patches.truncate(patches);
}

/// A node for the settings of an environment.
pub(super) fn empty(span: Span) -> Node<'static> {
    use crate::schema::Kind;
    Node::new(crate::model::EnvironmentBlock::SCHEMA, Spanned::new("".into(), span), span, Layer::Base)
}

/// Whether an overlay block says enough to be a declaration of its own.
fn declares(program: &crate::load::Program, block: &Block) -> bool {
    let word = slice(program, block.kind.span);
    if word != "service" {
        return matches!(word, "secret" | "alert" | "notify");
    }
    block.body.as_deref().unwrap_or_default().iter().any(|statement| match &statement.kind {
        StatementKind::Setting(setting) => match &setting.key {
            SettingKey::Path(path) => matches!(slice(program, path.first.span), "image" | "build"),
            SettingKey::String(_) => false,
        },
        StatementKind::Block(block) => slice(program, block.kind.span) == "build",
        _ => false,
    })
}

fn merge_instance<'a>(world: &mut World<'a>, name: &Arc<str>, instance: &Instance<'a>) -> Node<'a> {
    let Some(first) = instance.layers.first() else {
        return empty(instance.label.span);
    };
    let mut node = Node::new(instance.schema, instance.label.clone(), first.statement.span, first.layer);
    let (templates, complete) = templates(world, instance.schema, first);
    node.broken = !complete;
    node.open = !complete;
    let mut bodies: Vec<(ScopeId, Layer, &'a Statement, &'a Block)> = Vec::new();
    for (module, block) in templates.iter().rev() {
        let scope = open_scope(world, *module, (instance.schema.keyword, name), block);
        build_on(world, scope, bodies.last().map(|(below, ..)| *below));
        bodies.push((scope, Layer::Preset, first.statement, block));
    }
    for source in &instance.layers {
        let scope = open_scope(world, source.module, (instance.schema.keyword, name), source.block);
        bodies.push((scope, source.layer, source.statement, source.block));
    }
    for at in 0..bodies.len() {
        merge_layer(world, &mut node, &bodies, at);
    }
    require_parameters(world, &node, &bodies);
    node
}

fn merge_layer<'a>(
    world: &mut World<'a>,
    node: &mut Node<'a>,
    bodies: &[(ScopeId, Layer, &'a Statement, &'a Block)],
    at: usize,
) {
    let Some((scope, layer, statement, block)) = bodies.get(at).copied() else {
        return;
    };
    let below: Vec<ScopeId> = bodies.iter().take(at).rev().map(|(scope, ..)| *scope).collect();
    if layer != Layer::Preset {
        node.doc = statement.doc.or(node.doc);
    }
    if let Some(to) = &block.target {
        node.to = Some((to, scope, layer));
    }
    let body = block.body.as_deref().unwrap_or_default();
    let mut rest: Vec<&'a Statement> = Vec::new();
    for statement in body {
        match &statement.kind {
            StatementKind::Param(_) | StatementKind::Let(_) => {}
            StatementKind::Setting(setting) => {
                let bound = match &setting.key {
                    SettingKey::Path(path) if path.rest.is_empty() => {
                        let value = Assignment { expr: &setting.value, scope, layer };
                        bind(world, &below, world.text(path.first.span), value)
                    }
                    _ => false,
                };
                if !bound {
                    rest.push(statement);
                }
            }
            StatementKind::Block(block) if world.text(block.kind.span) == "patch" => {
                world.patches.push(RawPatch { block, span: statement.span, scope, layer });
            }
            _ => rest.push(statement),
        }
    }
    let extra =
        below.iter().filter_map(|scope| world.scope(*scope)).flat_map(|scope| scope.params.keys().copied());
    let extra = extra.collect();
    let program = world.program;
    let mut merger =
        Merger { program, scope, layer, extra, diagnostics: &mut world.diagnostics.borrow_mut() };
    for statement in rest {
        merger.body(node, std::slice::from_ref(statement), &mut |_| false);
    }
}

/// Binds a parameter of the nearest template below; `false` when none has it.
fn bind<'a>(world: &mut World<'a>, below: &[ScopeId], name: &'a str, value: Assignment<'a>) -> bool {
    for scope in below {
        let scope = world.scopes.get_mut(scope.0 as usize);
        if let Some(param) = scope.and_then(|scope| scope.params.get_mut(name)) {
            param.value = Some(value);
            return true;
        }
    }
    false
}

/// A scope for one body, with the parameters and values that it declares.
fn open_scope<'a>(
    world: &mut World<'a>,
    module: usize,
    (kind, name): (&'static str, &Arc<str>),
    block: &'a Block,
) -> ScopeId {
    let mut scope = Scope { module, owner: Some((kind, name.clone())), ..Scope::default() };
    for statement in block.body.as_deref().unwrap_or_default() {
        match &statement.kind {
            StatementKind::Param(param) => {
                let bound = BoundParam { declaration: param, value: None };
                scope.params.insert(world.text(param.name.span), bound);
            }
            StatementKind::Let(item) => {
                scope.lets.insert(world.text(item.name.span), item);
            }
            _ => {}
        }
    }
    world.scopes.push(scope);
    ScopeId(world.scopes.len() as u32 - 1)
}

/// Lets a template see the parameters of the one that it is built from. Blocks that are made from templates do not:
/// there, names are those of their own file.
fn build_on(world: &mut World<'_>, scope: ScopeId, below: Option<ScopeId>) {
    if let Some(scope) = world.scopes.get_mut(scope.0 as usize) {
        scope.below = below;
    }
}

/// The templates of a block, the nearest first, each with the module that declares it, and whether all were found.
fn templates<'a>(
    world: &World<'a>,
    schema: &'static KindSchema,
    first: &LayerSource<'a>,
) -> (Vec<(usize, &'a Block)>, bool) {
    let mut found: Vec<(usize, &'a Block)> = Vec::new();
    let mut next = first.block.from.as_ref().map(|from| (first.module, from));
    while let Some((module, from)) = next {
        let Some((home, block)) = template(world, schema, module, from) else {
            return (found, false);
        };
        if let Some(at) = found.iter().position(|(_, known)| std::ptr::eq(*known, block)) {
            let circle: Vec<&str> =
                found.iter().skip(at).map(|(_, known)| template_name(world, known)).collect();
            let message = format!("these templates build on each other: {}", problem::circle(&circle));
            let problem = Diagnostic::error(codes::VALUE_CYCLE, message);
            world.report_first(
                problem.at(from.span(), "leads back here").help("let one of them stand on its own"),
            );
            return (found, false);
        }
        if found.len() >= MAX_TEMPLATE_DEPTH {
            let message = format!("templates build on each other more than {MAX_TEMPLATE_DEPTH} deep");
            let problem = Diagnostic::error(codes::BUDGET_EXCEEDED, message);
            world.report_first(problem.at(from.span(), "this step is one too many"));
            return (found, false);
        }
        found.push((home, block));
        next = block.from.as_ref().map(|from| (home, from));
    }
    (found, true)
}

fn template_name<'a>(world: &World<'a>, block: &Block) -> &'a str {
    block.labels.get(1).map_or("", |label| world.text(label.span()))
}

fn template<'a>(
    world: &World<'a>,
    schema: &'static KindSchema,
    module: usize,
    from: &'a Path,
) -> Option<(usize, &'a Block)> {
    let names: Vec<&str> = from.segments().map(|name| world.text(name.span)).collect();
    let binding = match names.as_slice() {
        [name] => world.declared.lookup(module, name),
        [alias, name] => match world.declared.lookup(module, alias) {
            Some((_, Binding::Module(target))) => world.declared.lookup_in(target, name),
            _ => None,
        },
        _ => None,
    };
    let fits = |block: &Block| matches!(block.labels.first(), Some(Label::Path(kind)) if world.text(kind.first.span) == schema.keyword);
    match binding {
        Some((home, Binding::Template(block))) if fits(block) => Some((home, block)),
        _ => {
            let visible = world.declared.visible(module);
            let known: Vec<&str> = visible
                .into_iter()
                .filter(|name| matches!(world.declared.lookup(module, name), Some((_, Binding::Template(block))) if fits(block)))
                .collect();
            let name = names.join(".");
            let message = format!("there is no {} template `{name}` here", schema.keyword);
            let problem = problem::unknown(codes::UNKNOWN_TEMPLATE, message, from.span(), &name, &known);
            let problem = match problem.help {
                Some(_) => problem,
                None => problem.help("import it first, such as `use std.web { node }`"),
            };
            world.report(problem);
            None
        }
    }
}

fn require_parameters<'a>(
    world: &World<'a>,
    node: &Node<'a>,
    bodies: &[(ScopeId, Layer, &'a Statement, &'a Block)],
) {
    for (scope, ..) in bodies {
        let Some(scope) = world.scope(*scope) else {
            continue;
        };
        for (name, param) in &scope.params {
            if param.value.is_none() && param.declaration.default.is_none() && node.lacks(name) {
                let message =
                    format!("`{}` does not set `{name}`, which its template needs", node.label.value);
                let problem = Diagnostic::error(codes::MISSING_FIELD, message)
                    .at(node.label.span, format!("expected `{name} = …` in this block"))
                    .also(param.declaration.name.span, "required here");
                world.report(problem);
            }
        }
    }
}
