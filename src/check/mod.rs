//! Names, layers, types and values: a program becomes a [`Stack`] or diagnostics. A stack exists only without
//! errors; must not mention a target's spelling.

mod assemble;
mod binding;
mod budget;
mod call;
mod coerce;
mod consistency;
mod declare;
mod defaults;
mod duplicate;
mod environment;
mod eval;
mod import;
mod instantiate;
mod limit;
mod member;
mod merge;
mod node;
mod operate;
mod patch;
mod path;
mod problem;
mod provenance;
mod quantify;
mod recall;
mod record;
mod spanning;
mod subject;
mod taint;
mod template;
mod verify;
mod want;
mod whole;
mod world;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexMap;

use crate::diagnostic::{Diagnostic, codes, has_errors};
use crate::load::Program;
use crate::model::{
    Alert, Environment, EnvironmentBlock, Ingress, Notify, Pipeline, Project, Secret, Service, Stack, Task,
};
use crate::schema::{Kind, KindSchema, Layer, Sourced, Value};
use crate::source::Files;
use crate::syntax::ast::{Statement, StatementKind};

use declare::Declarations;
use environment::Chain;
use instantiate::Builder;
use recall::{Changed, Known, Recall};
use world::{MAX_DIAGNOSTICS, Scope, World};

pub use call::NAMES as FUNCTIONS;
pub use provenance::{Change, Provenance, Step, provenance};
pub use quantify::COLLECTIONS;
pub use recall::Memory;
pub use spanning::{Part, SPANNING, Spanning};
pub use subject::Subject;
pub use want::{describe_ty, type_names};

/// The kinds of block that stand at the top of a file, besides `template` and `patch`.
pub const KINDS: &[&KindSchema] = &[
    Service::SCHEMA,
    Secret::SCHEMA,
    Ingress::SCHEMA,
    EnvironmentBlock::SCHEMA,
    Pipeline::SCHEMA,
    Alert::SCHEMA,
    Notify::SCHEMA,
    Task::SCHEMA,
];

/// The kinds that environments may lay over the base.
const LAYERED: &[&KindSchema] = &[
    Service::SCHEMA,
    Secret::SCHEMA,
    Ingress::SCHEMA,
    Pipeline::SCHEMA,
    Alert::SCHEMA,
    Notify::SCHEMA,
    Task::SCHEMA,
];

/// A stack, when nothing is wrong, and what was found.
#[derive(Debug)]
pub struct Checked {
    /// The stack; `None` with any error.
    pub stack: Option<Stack>,
    /// Problems.
    pub diagnostics: Vec<Diagnostic>,
}

/// A value that was computed while an environment was checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Computed {
    /// The environment.
    pub environment: Arc<str>,
    /// The value, and where and in which layer it was written.
    pub value: Sourced<Value>,
}

/// Checks a program: all environments, or those that are named.
pub fn check(program: &Program, project: &Project, files: &dyn Files, only: &[String]) -> Checked {
    run(program, project, files, only, Listener::Nobody)
}

/// The same problems, for those who ask after each change: what the change cannot have touched is not checked again.
pub fn problems(
    program: &Program,
    project: &Project,
    files: &dyn Files,
    memory: &mut Memory,
) -> Vec<Diagnostic> {
    if whole::is_mentioned(program) {
        // Whoever asks about all environments looks at everything.
        *memory = Memory::default();
        return run(program, project, files, &[], Listener::Nobody).diagnostics;
    }
    run(program, project, files, &[], Listener::Memory(memory)).diagnostics
}

/// The values of all assignments and named values, in the order in which they were computed.
pub fn computed(program: &Program, project: &Project, files: &dyn Files) -> Vec<Computed> {
    let trace = RefCell::default();
    run(program, project, files, &[], Listener::Trace(&trace));
    trace.into_inner()
}

/// Who wants more of a check than its result.
enum Listener<'l> {
    Nobody,
    /// Those who ask what something is worth.
    Trace(&'l RefCell<Vec<Computed>>),
    /// The next check. It needs no stack, so there is none.
    Memory(&'l mut Memory),
}

impl<'l> Listener<'l> {
    /// The blocks that changed since the last whole check, when nothing else did.
    fn changed(&self, program: &Program) -> Option<Changed> {
        match self {
            Self::Memory(memory) => memory.changed(program),
            Self::Nobody | Self::Trace(_) => None,
        }
    }

    /// What is known about an environment.
    fn known<'m>(&'m self, index: usize, changed: Option<&'m Changed>) -> Option<Known<'m>> {
        match self {
            Self::Memory(memory) => memory.environment(index, changed?),
            Self::Nobody | Self::Trace(_) => None,
        }
    }

    fn listen(&self, world: &mut World<'l>) {
        match self {
            Self::Nobody => {}
            Self::Trace(trace) => world.trace = Some(trace),
            Self::Memory(_) => world.recall = Recall::listening(),
        }
    }
}

fn run(
    program: &Program,
    project: &Project,
    files: &dyn Files,
    only: &[String],
    mut listener: Listener<'_>,
) -> Checked {
    let mut diagnostics = Vec::new();
    let changed = listener.changed(program);
    let doubtful = changed.as_ref().map(|changed| &changed.doubtful);
    let declared = Declarations::collect(program, doubtful, &mut diagnostics);
    let mut chains = environment::chains(program, &declared, &mut diagnostics);
    if declared.environments.is_empty() && is_complete(program) {
        diagnostics.push(no_environment());
        // The base alone: what is wrong in it is said together with what is missing.
        chains.push(Chain::new());
    }
    let mut environments = IndexMap::new();
    let mut pipelines = IndexMap::new();
    let mut lost = Vec::new();
    let mut asking = Asking::new();
    let mut learned = Vec::new();
    for (index, chain) in selected(&chains, only, &declared, &mut diagnostics).into_iter().enumerate() {
        let known = listener.known(index, changed.as_ref());
        let mut evaluated = |known: Option<&Known<'_>>| {
            let mut world = world(program, files, &declared, chain);
            world.output = project.output.clone();
            listener.listen(&mut world);
            lay(&mut world, chain, known);
            let names: Vec<Arc<str>> = chain.iter().map(|(name, _)| Arc::from(*name)).collect();
            let (environment, found) = evaluate(&world, &names, &mut pipelines, &mut asking);
            (world, environment, found)
        };
        let mut evaluation = evaluated(known.as_ref());
        if evaluation.0.has_missed() {
            // The largest thing in memory: not two at once.
            drop(evaluation);
            evaluation = evaluated(None);
        }
        let (world, environment, found) = evaluation;
        lost.extend(world.lost.take());
        if changed.is_none() && matches!(listener, Listener::Memory(_)) {
            learned.push(world.learned());
        }
        for problem in found.into_iter().take(MAX_DIAGNOSTICS) {
            if !diagnostics.contains(&problem) {
                diagnostics.push(problem);
            }
        }
        if let Some(environment) = environment.filter(|_| !chain.is_empty()) {
            environments.insert(environment.name.clone(), environment);
        }
    }
    // What is about all environments is not asked about some of them.
    if let Some(chain) =
        chains.last().filter(|_| only.is_empty() && !asking.is_empty() && !has_errors(&diagnostics))
    {
        let mut world = world(program, files, &declared, chain);
        lay(&mut world, chain, None);
        diagnostics.extend(verify_whole(&mut world, &environments, &asking));
    }
    let aimless =
        |environment: &Environment| environment.compose().is_none() && environment.kubernetes().is_none();
    if !environments.is_empty() && environments.values().all(aimless) {
        diagnostics.push(no_target(&environments));
    }
    if program.is_whole && !has_errors(&diagnostics) {
        diagnostics.extend(lost.iter().take(1).cloned());
    }
    diagnostics
        .sort_by_key(|problem| problem.primary.as_ref().map(|label| (label.span.source, label.span.start)));
    if let (None, Listener::Memory(memory)) = (changed, &mut listener) {
        memory.learn(program, &declared.doubled, learned);
    }
    let is_valid = lost.is_empty() && !has_errors(&diagnostics) && !matches!(listener, Listener::Memory(_));
    let stack = is_valid.then(|| Stack { project: project.clone(), environments, pipelines });
    Checked { stack, diagnostics }
}

fn selected<'c, 'a>(
    chains: &'c [Chain<'a>],
    only: &[String],
    declared: &Declarations<'a>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<&'c Chain<'a>> {
    for name in only {
        if !declared.environments.contains_key(&**name) {
            let known: Vec<&str> = declared.environments.keys().copied().collect();
            let known = crate::diagnostic::suggest::candidates_text(known);
            let message = format!("no environment is called `{name}`");
            diagnostics.push(
                Diagnostic::error(codes::UNKNOWN_ENVIRONMENT, message).help(format!("expected {known}")),
            );
        }
    }
    let wanted = |chain: &&Chain<'a>| {
        let named = |(name, _): &(&str, _)| only.iter().any(|wanted| wanted == name);
        only.is_empty() || chain.last().is_none_or(named)
    };
    chains.iter().filter(wanted).collect()
}

/// Whether everything that was written could be read: otherwise nobody knows what is missing.
fn is_complete(program: &Program) -> bool {
    let readable = |statement: &Statement| match &statement.kind {
        StatementKind::Error => false,
        StatementKind::Block(block) => declare::slice(program, block.kind.span) != "environment",
        _ => true,
    };
    let imports = |statement: &&Statement| matches!(statement.kind, StatementKind::Use(_));
    !program.modules.is_empty()
        && program.modules.iter().all(|module| {
            let statements = &module.file.statements;
            statements.iter().all(readable)
                && statements.iter().filter(imports).count() == module.imports.len()
        })
}

fn no_environment() -> Diagnostic {
    Diagnostic::error(codes::NO_ENVIRONMENT, "the stack has no environment, so there is nothing to emit")
        .help("add one, such as `environment production { target compose }`")
}

fn no_target(environments: &IndexMap<Arc<str>, Environment>) -> Diagnostic {
    let message = "no environment has a target, so there is nothing to emit";
    let problem = Diagnostic::error(codes::NO_ENVIRONMENT, message);
    let help = "write `target compose` or `target kubernetes` in it";
    match environments.values().next() {
        Some(first) => problem.at(first.block.label.span, "expected a target in this block").help(help),
        None => problem.help(help),
    }
}

fn world<'a>(
    program: &'a Program,
    files: &'a dyn Files,
    declared: &'a Declarations<'a>,
    chain: &Chain<'a>,
) -> World<'a> {
    let scopes = (0..program.modules.len()).map(|module| Scope { module, ..Scope::default() }).collect();
    let (name, span) =
        chain.last().map(|(name, declared)| (*name, declared.statement.span)).unwrap_or_default();
    World {
        program,
        files,
        declared,
        name: Arc::from(name),
        output: Arc::from(""),
        scopes,
        environment: instantiate::empty(span),
        entities: IndexMap::new(),
        params: IndexMap::new(),
        patches: Vec::new(),
        checks: Vec::new(),
        jobs: RefCell::default(),
        memo: RefCell::default(),
        running: RefCell::default(),
        selves: RefCell::default(),
        bound: RefCell::default(),
        witnesses: RefCell::default(),
        steps: Cell::new(0),
        max_steps: budget::steps_for(program),
        sink: Cell::new(None),
        depth: Cell::new(0),
        in_environment: Cell::new(false),
        whole: None,
        asks_whole: Cell::new(false),
        is_of_file: Cell::new(false),
        trace: None,
        recall: Recall::default(),
        watch: None,
        read_secrets: RefCell::default(),
        lost: RefCell::default(),
        diagnostics: RefCell::default(),
    }
}

/// Puts all layers of an environment on top of each other.
fn lay<'a>(world: &mut World<'a>, chain: &Chain<'a>, known: Option<&Known<'_>>) {
    let mut builder = Builder::new(world, LAYERED);
    builder.base();
    for (index, (_, environment)) in chain.iter().enumerate() {
        builder.overlay(*environment, Layer::Environment(index as u16));
    }
    builder.finish(known);
}

/// Conditions about all environments, by module and place: they wait until all are known.
type Asking = BTreeSet<(usize, u32)>;

/// Asks the conditions that are about all environments, once.
fn verify_whole(
    world: &mut World<'_>,
    environments: &IndexMap<Arc<str>, Environment>,
    asking: &Asking,
) -> Vec<Diagnostic> {
    world.whole = Some(
        SPANNING
            .iter()
            .filter_map(|it| Some((it.name, whole::whole(it.name, environments.values())?)))
            .collect(),
    );
    world.is_of_file.set(true);
    for (module, check) in &world.declared.checks {
        if asking.contains(&(*module, check.condition.span.start)) {
            world.verify(check, World::file_scope(*module));
        }
    }
    world.diagnostics.take()
}

fn evaluate(
    world: &World<'_>,
    names: &[Arc<str>],
    pipelines: &mut IndexMap<Arc<str>, Pipeline>,
    asking: &mut Asking,
) -> (Option<Environment>, Vec<Diagnostic>) {
    let mut environment = world.assemble(names);
    for (name, pipeline) in world.pipelines() {
        pipelines.entry(name).or_insert(pipeline);
    }
    if let Some(environment) = &mut environment {
        environment.read_secrets = world.read_secrets.take();
    }
    world.is_of_file.set(true);
    for (module, check) in &world.declared.checks {
        world.asks_whole.set(false);
        world.verify(check, World::file_scope(*module));
        if world.asks_whole.get() {
            asking.insert((*module, check.condition.span.start));
        }
    }
    world.is_of_file.set(false);
    world.in_environment.set(true);
    for (check, scope) in &world.checks {
        world.verify(check, *scope);
    }
    world.in_environment.set(false);
    world.is_of_file.set(true);
    for (index, module) in world.program.modules.iter().enumerate() {
        if !module.is_std() {
            world.verify_values(index);
        }
    }
    (environment, world.diagnostics.take())
}
