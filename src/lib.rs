//! stackc: from one typed description of a system to artifacts that agree with each other.
//! This file only strings the phases together; it must not do work of its own.
//!
//! # Pipeline
//!
//! source text → [`syntax`] → [`load`] → [`check`] → [`plan`] → [`lint`] → [`emit`] → [`output`]

pub mod source;

pub mod diagnostic;

pub mod syntax;

pub mod schema;

pub mod model;

pub mod stdlib;

pub mod fmt;

pub mod ide;

pub mod load;

pub mod check;

pub mod catalogue;

pub mod lock;

pub mod plan;

pub mod lint;

pub mod text;

pub mod print;

pub mod emit;

pub mod why;

pub mod diff;

pub mod output;

pub mod project;

pub mod lsp;

pub mod cli;

use diagnostic::{Diagnostic, has_errors};
use emit::{Artifact, Emitter};
use model::Project;
use source::{Files, SourceMap};

/// What a compilation is asked for.
pub struct Request<'a> {
    /// The file that describes the system.
    pub entry: &'a str,
    /// The project.
    pub project: &'a Project,
    /// Digests of images.
    pub lock: &'a lock::Lock,
    /// Only these environments; all when empty.
    pub environments: &'a [String],
    /// The targets to emit.
    pub targets: &'a [&'a dyn Emitter],
}

/// What a compilation gives.
#[derive(Debug, Default)]
pub struct Compilation {
    /// The sources that spans point into.
    pub sources: SourceMap,
    /// What was found.
    pub diagnostics: Vec<Diagnostic>,
    /// The plan; `None` with any error.
    pub plan: Option<plan::Plan>,
    /// The artifacts; none with any error.
    pub artifacts: Vec<Artifact>,
}

/// Runs all phases.
pub fn compile(request: &Request<'_>, files: &dyn Files) -> Compilation {
    let emit = |plan: &_| emit::emit(plan, request.targets, request.environments.is_empty());
    run(load::load(request.entry, files), request, files, &|| true, emit)
}

/// Runs all phases behind loading, for those who ask what is wrong: the artifacts have no text. `None` when nobody
/// wants to know any more, which is asked between phases; whoever stops wanting does not begin again.
pub fn rehearse_loaded(
    loaded: load::Loaded,
    request: &Request<'_>,
    files: &dyn Files,
    is_wanted: &dyn Fn() -> bool,
) -> Option<Compilation> {
    let is_whole = request.environments.is_empty();
    let rehearse = |plan: &_| emit::rehearse(plan, request.targets, is_whole, is_wanted);
    let compilation = run(loaded, request, files, is_wanted, rehearse);
    is_wanted().then_some(compilation)
}

fn run(
    loaded: load::Loaded,
    request: &Request<'_>,
    files: &dyn Files,
    is_wanted: &dyn Fn() -> bool,
    emit: impl Fn(&plan::Plan) -> emit::Emitted,
) -> Compilation {
    let load::Loaded { program, mut diagnostics } = loaded;
    let checked = check::check(&program, request.project, files, request.environments);
    // The trees are the largest thing in memory that nobody needs any more.
    let load::Program { sources, modules, .. } = program;
    drop(modules);
    diagnostics.extend(checked.diagnostics);
    let stack = checked.stack.filter(|_| is_wanted() && !has_errors(&diagnostics));
    let catalogue = catalogue::Catalogue::embedded();
    let planned = stack.map(|stack| plan::plan(stack, &catalogue, request.lock));
    let mut compilation = Compilation { sources, diagnostics, ..Compilation::default() };
    match planned {
        Some(Ok(plan)) => {
            compilation.diagnostics.extend(plan.warnings.iter().cloned());
            let is_whole = request.environments.is_empty();
            let findings = lint::lint(&plan, &catalogue, files, is_whole);
            let emitted = emit(&plan);
            let context = lint::Context { sources: &compilation.sources, project: request.project, is_whole };
            compilation.diagnostics.extend(lint::settle(findings, emitted.diagnostics, &context));
            if !has_errors(&compilation.diagnostics) {
                compilation.artifacts = emitted.artifacts;
            }
            compilation.plan = Some(plan);
        }
        Some(Err(problems)) => compilation.diagnostics.extend(problems),
        None => {}
    }
    compilation
}
