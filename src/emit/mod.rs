//! Emitters: one per target, each a pure function from the plan to artifacts. Must not read the syntax tree or the
//! disk, and no emitter calls another one.

mod backup;
mod checksum;
mod clashes;
pub mod compose;
mod config;
pub mod dockerfile;
pub mod env;
pub mod github_actions;
pub mod grafana;
mod headers;
pub mod kubernetes;
mod names;
pub mod nginx;
pub mod ops;
mod patch;
pub mod prometheus;
mod release;
mod schedule;
mod spell;
mod template;
mod trace;

use serde::Serialize;

use crate::diagnostic::{Diagnostic, codes};
use crate::plan::Plan;
use crate::print::{Mark, Printed, yaml};
use crate::source::Span;

pub use trace::{Fields, Traced};

/// A target.
pub trait Emitter: Sync {
    /// Name in `--target`, snapshots and the book: `compose`.
    fn name(&self) -> &'static str;

    /// One line about what it emits.
    fn summary(&self) -> &'static str;

    /// Which settings stand where in its artifacts; without it a line stands for its declaration as a whole.
    fn fields(&self) -> Option<&'static Fields> {
        None
    }

    /// Whether containers of other targets mount its files: it is asked before them, chosen or not.
    fn is_mounted(&self) -> bool {
        false
    }

    /// Adds the artifacts of this target, and what the target cannot express.
    fn emit(&self, plan: &Plan, out: &mut Emitted);
}

/// One file of the output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// Path below the project root.
    pub path: String,
    /// The whole content.
    pub text: String,
    /// Whether people run it.
    pub executable: bool,
    /// The declaration that it comes from.
    pub origin: Span,
    /// The declarations that its parts come from, inner ones first.
    pub marks: Vec<Mark>,
    /// Which of their settings stand where.
    pub fields: Option<&'static Fields>,
}

/// What emitters produce.
#[derive(Debug, Default)]
pub struct Emitted {
    /// The files.
    pub artifacts: Vec<Artifact>,
    /// What targets cannot express.
    pub diagnostics: Vec<Diagnostic>,
    /// Files of targets that nobody chose, which containers mount all the same.
    unchosen: Vec<Artifact>,
    /// What patches have met.
    patches: patch::Ledger,
    /// Whether only problems are asked for: texts are given up as soon as they are made.
    is_rehearsal: bool,
}

impl Emitted {
    /// Adds a file that is read.
    pub fn file(&mut self, path: impl Into<String>, printed: impl Into<Printed>, origin: Span) {
        let Printed { text, marks } = if self.is_rehearsal { Printed::default() } else { printed.into() };
        self.artifacts.push(Artifact {
            path: path.into(),
            text,
            executable: false,
            origin,
            marks,
            fields: None,
        });
    }

    /// The files so far that are this file or stand below this folder, by path.
    pub(crate) fn below(&self, path: &str) -> Vec<&Artifact> {
        let is_below = |found: &str| {
            found.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let all = self.artifacts.iter().chain(&self.unchosen);
        let mut found: Vec<&Artifact> = all.filter(|artifact| is_below(&artifact.path)).collect();
        found.sort_by(|a, b| a.path.cmp(&b.path));
        found
    }

    /// Prints a large document, or says only what is wrong with it where nobody wants its text.
    fn print<T: Serialize + ?Sized>(&self, document: &T) -> Result<Printed, yaml::Error> {
        if self.is_rehearsal { yaml::rehearse(document) } else { yaml::print(HEADER, document) }
    }

    /// Adds a YAML file; a document that cannot be written is an error, never half a file.
    pub fn yaml(&mut self, path: &str, text: Result<Printed, yaml::Error>, origin: Span) {
        match text {
            Ok(text) => self.file(path, text, origin),
            Err(error) => {
                let message = format!("`{path}` cannot be written: {error}");
                self.diagnostics
                    .push(Diagnostic::error(codes::NOT_EXPRESSIBLE, message).at(origin, "declared here"));
            }
        }
    }

    /// Adds a file that is run.
    pub fn script(&mut self, path: impl Into<String>, text: String, origin: Span) {
        self.file(path, text, origin);
        if let Some(script) = self.artifacts.last_mut() {
            script.executable = true;
        }
    }

    /// Reports a declared fact that the target cannot express; nothing is dropped in silence.
    pub fn unsupported(&mut self, target: &str, what: &str, span: Span, instead: &str) {
        let message = format!("{target} cannot express {what}");
        self.diagnostics.push(
            Diagnostic::warning(codes::NOT_EXPRESSIBLE, message).at(span, "declared here").help(instead),
        );
    }
}

/// First line of every emitted file, without its comment sign. No version, no date: the same input gives the same bytes.
pub const HEADER: &str =
    "Written by stackc. Change the .stack source and run `stackc build`; edits here are refused.";

/// All targets, in the order in which their artifacts are listed.
pub const EMITTERS: &[&dyn Emitter] = &[
    &dockerfile::Dockerfile,
    &compose::Compose,
    &nginx::Nginx,
    &github_actions::GithubActions,
    &kubernetes::Kubernetes,
    &env::EnvFiles,
    &prometheus::Prometheus,
    &grafana::Grafana,
    &ops::Ops,
];

/// The artifacts of these targets, sorted by path. `is_whole` says that the plan has all environments of the source:
/// only then can a patch that they share be said to match nothing.
pub fn emit(plan: &Plan, targets: &[&dyn Emitter], is_whole: bool) -> Emitted {
    let out = Emitted { unchosen: mounted(plan, targets), ..Emitted::default() };
    emit_into(out, plan, targets, is_whole, &|| true)
}

/// The same problems, with artifacts that have no text: the texts of a large system are most of what it takes. Targets
/// are left out once nobody wants to know any more.
pub fn rehearse(
    plan: &Plan,
    targets: &[&dyn Emitter],
    is_whole: bool,
    is_wanted: &dyn Fn() -> bool,
) -> Emitted {
    let out = Emitted { is_rehearsal: true, ..Emitted::default() };
    emit_into(out, plan, targets, is_whole, is_wanted)
}

fn emit_into(
    mut out: Emitted,
    plan: &Plan,
    targets: &[&dyn Emitter],
    is_whole: bool,
    is_wanted: &dyn Fn() -> bool,
) -> Emitted {
    let (first, then): (Vec<&dyn Emitter>, Vec<_>) =
        targets.iter().copied().partition(|target| target.is_mounted());
    for target in first.into_iter().chain(then).filter(|_| is_wanted()) {
        let before = out.artifacts.len();
        target.emit(plan, &mut out);
        for artifact in out.artifacts.iter_mut().skip(before) {
            artifact.fields = target.fields();
        }
    }
    patch::judge(plan, targets, is_whole, &mut out);
    out.diagnostics.extend(clashes::report(plan));
    out.artifacts.sort_by(|a, b| a.path.cmp(&b.path));
    report_collisions(&mut out);
    out
}

/// What containers mount of targets that are not among these.
fn mounted(plan: &Plan, targets: &[&dyn Emitter]) -> Vec<Artifact> {
    let is_chosen = |name: &str| targets.iter().any(|target| target.name() == name);
    let mut apart = Emitted::default();
    for target in EMITTERS.iter().filter(|target| target.is_mounted() && !is_chosen(target.name())) {
        target.emit(plan, &mut apart);
    }
    apart.artifacts
}

/// Two artifacts with one path would overwrite each other in silence.
fn report_collisions(out: &mut Emitted) {
    let pairs = out.artifacts.windows(2).filter_map(|pair| match pair {
        [a, b] if a.path == b.path => Some((a, b)),
        _ => None,
    });
    let problems: Vec<Diagnostic> = pairs
        .map(|(a, b)| {
            let message = format!("two declarations lead to the file `{}`", a.path);
            Diagnostic::error(codes::PATH_COLLISION, message)
                .at(b.origin, "this one")
                .also(a.origin, "and this one")
        })
        .collect();
    out.diagnostics.extend(problems);
}
