//! Declarations, templates and overlays into merged blocks. Parameters are bound before anything is evaluated;
//! must not evaluate.

use std::sync::Arc;

use indexmap::IndexMap;

use super::declare::{Declared, slice};
use super::merge::{Merger, label_of};
use super::node::{Assignment, Node, ScopeId};
use super::problem;
use super::recall::Known;
use super::template;
use super::world::{RawPatch, World};
use crate::diagnostic::{Diagnostic, codes};
use crate::schema::{KindSchema, Layer, Origin};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{Block, Label, Path, SettingKey, Statement, StatementKind};

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
        let mut node = std::mem::replace(&mut self.world.environment, empty(environment.statement.span));
        node.doc = environment.statement.doc.or(node.doc);
        let World { program, declared, scopes, diagnostics, .. } = &mut *self.world;
        let extra = declared.params.keys().copied().collect();
        let mut diagnostics = diagnostics.borrow_mut();
        let mut merger =
            Merger { program, declared, scopes, scope, layer, extra, diagnostics: &mut diagnostics };
        for statement in own {
            merger.body(&mut node, std::slice::from_ref(statement), &mut |_| false);
        }
        drop(diagnostics);
        self.world.environment = node;
        if let Some(watch) = self.world.watch {
            watch.environment(self.world, Origin { span: environment.statement.span, layer });
        }
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

    /// Merges all layers; of blocks that nobody looks at, when that is known, only the name is kept.
    pub(super) fn finish(self, known: Option<&Known<'_>>) {
        for (module, statement, block) in self.world.declared.templates() {
            let place = block.labels.first().map_or(block.kind.span, Label::span);
            let word = self.world.text(place);
            let schema = match template::inner_kinds(self.kinds, word).as_slice() {
                [inner] => *inner,
                // Several kinds share the word: which is meant shows where the template is used.
                [_, ..] => continue,
                [] => match self.kind(word, place) {
                    Some(schema) => schema,
                    None => continue,
                },
            };
            let label = Spanned::new("".into(), block.kind.span);
            let source = LayerSource { module, statement, block, layer: Layer::Preset };
            verify_template(self.world, &Instance { schema, label, layers: vec![source] });
        }
        let Self { world, instances, .. } = self;
        for ((kind, name), Instance { schema, label, layers }) in &instances {
            let layer = layers.first().map_or(Layer::Base, |first| first.layer);
            let node = Node::unmerged(schema, label.clone(), layer);
            world.entities.entry(kind).or_default().insert(name.clone(), node);
        }
        let program = world.program;
        let texts = |kind, name: &str| {
            let layers = instances.get(&(kind, Arc::from(name))).map(|instance| instance.layers.iter());
            layers.into_iter().flatten().map(|layer| slice(program, layer.statement.span)).collect()
        };
        let needed = known.map(|known| world.recall(known, texts));
        for ((kind, name), instance) in &instances {
            let place =
                world.entities.get_full(kind).and_then(|(at, _, all)| Some((at, all.get_index_of(name)?)));
            let Some((kind, at)) = place else { continue };
            let is_needed =
                needed.as_ref().is_none_or(|it| it.get(kind).and_then(|it| it.get(at)) == Some(&true));
            if is_needed {
                let node =
                    world.merged((kind as u32, at as u32), |world| merge_instance(world, name, instance));
                if let Some((_, place)) =
                    world.entities.get_index_mut(kind).and_then(|(_, all)| all.get_index_mut(at))
                {
                    *place = node;
                }
            }
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
    for body in bodies {
        merge_layer(world, &mut node, body);
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
    for body in bodies {
        merge_layer(world, &mut node, body);
        if let Some(watch) = world.watch {
            watch.block(world, &node, Origin { span: body.2.span, layer: body.1 });
        }
    }
    node
}

fn merge_layer<'a>(
    world: &mut World<'a>,
    node: &mut Node<'a>,
    (scope, layer, statement, block): (ScopeId, Layer, &'a Statement, &'a Block),
) {
    if layer != Layer::Preset {
        node.doc = statement.doc.or(node.doc);
    }
    if let Some(to) = &block.target {
        node.to = Some((to, scope, layer));
    }
    let World { program, declared, scopes, diagnostics, patches, .. } = world;
    let mut merger = Merger {
        program,
        declared,
        scopes,
        scope,
        layer,
        extra: Vec::new(),
        diagnostics: &mut diagnostics.borrow_mut(),
    };
    merger.body(node, block.body.as_deref().unwrap_or_default(), &mut |statement| match &statement.kind {
        StatementKind::Block(block) if slice(program, block.kind.span) == "patch" => {
            patches.push(RawPatch { block, span: statement.span, scope, layer });
            true
        }
        _ => false,
    });
    node.bodies.insert(0, scope);
}

/// A scope for one body, with the parameters and values that it declares.
fn open_scope<'a>(
    world: &mut World<'a>,
    module: usize,
    (kind, name): (&'static str, &Arc<str>),
    block: &'a Block,
) -> ScopeId {
    let scope = template::scope(world.program, module, Some((kind, name.clone())), block);
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

/// The templates of a block and whether all were found.
fn templates<'a>(
    world: &World<'a>,
    schema: &'static KindSchema,
    first: &LayerSource<'a>,
) -> (Vec<(usize, &'a Block)>, bool) {
    let Some(from) = &first.block.from else { return (Vec::new(), true) };
    let chain = template::chain(world.program, world.declared, schema, first.module, from);
    let complete = !chain.is_open;
    match chain.problem {
        Some(problem) if problem.code == codes::UNKNOWN_TEMPLATE => world.report(problem),
        Some(problem) => world.report_first(problem),
        None => {}
    }
    (chain.found, complete)
}
