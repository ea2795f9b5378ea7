//! What takes longer than a key, on threads: planning and emitting, for the warnings that only they find, and whole
//! checks of large systems. Must not touch the server's state.

use crossbeam_channel::Sender;

use super::document::Overlay;
use crate::Request;
use crate::diagnostic::Diagnostic;
use crate::emit::EMITTERS;
use crate::ide::{Analysis, Memory};
use crate::load::{Loaded, Program};
use crate::lock::Lock;
use crate::model::Project;
use crate::source::SourceMap;

/// What to look at.
pub(super) struct Job {
    /// Which state of the texts it is about.
    pub(super) generation: u64,
    /// Which project.
    pub(super) project_index: usize,
    pub(super) entry: String,
    pub(super) project: Project,
    pub(super) lock: Lock,
    pub(super) files: Overlay,
    /// The program as it is loaded; trees are shared with the server.
    pub(super) program: Program,
}

/// What was found.
pub(super) struct Done {
    pub(super) generation: u64,
    pub(super) project_index: usize,
    pub(super) result: Result,
}

/// The results of the two kinds of job.
pub(super) enum Result {
    /// What all phases found.
    Compiled(Vec<Diagnostic>, SourceMap),
    /// What a whole check heard, so that those after it need not be whole.
    Checked(Memory),
}

/// Compiles on a thread and reports to `done`.
pub(super) fn compile(job: Job, done: Sender<Done>) {
    run(job, done, |job| {
        // What loading found is told already.
        let loaded = Loaded { program: job.program.clone(), diagnostics: Vec::new() };
        let request = Request {
            entry: &job.entry,
            project: &job.project,
            lock: &job.lock,
            environments: &[],
            targets: EMITTERS,
        };
        let compilation = crate::rehearse_loaded(loaded, &request, &job.files);
        Result::Compiled(compilation.diagnostics, compilation.sources)
    });
}

/// Checks on a thread and reports what it heard to `done`.
pub(super) fn check(job: Job, done: Sender<Done>) {
    run(job, done, |job| Result::Checked(Analysis::heard(&job.program, &job.project, &job.files)));
}

fn run(job: Job, done: Sender<Done>, look: impl FnOnce(&Job) -> Result + Send + 'static) {
    std::thread::spawn(move || {
        let result = look(&job);
        // The server may be gone.
        let _ = done.send(Done { generation: job.generation, project_index: job.project_index, result });
    });
}
