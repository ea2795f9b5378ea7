//! The slow half of checking on a thread of its own: planning and emitting, for the warnings that only they find.
//! Must not touch the server's state.

use crossbeam_channel::Sender;

use super::document::Overlay;
use crate::diagnostic::Diagnostic;
use crate::emit::EMITTERS;
use crate::lock::Lock;
use crate::model::Project;
use crate::source::SourceMap;
use crate::{Request, compile};

/// What to compile.
pub(super) struct Job {
    /// Which state of the texts it is about.
    pub(super) generation: u64,
    /// Which project.
    pub(super) project_index: usize,
    pub(super) entry: String,
    pub(super) project: Project,
    pub(super) lock: Lock,
    pub(super) files: Overlay,
}

/// What was found.
pub(super) struct Done {
    pub(super) generation: u64,
    pub(super) project_index: usize,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) sources: SourceMap,
}

/// Compiles on a thread and reports to `done`.
pub(super) fn start(job: Job, done: Sender<Done>) {
    std::thread::spawn(move || {
        let request = Request {
            entry: &job.entry,
            project: &job.project,
            lock: &job.lock,
            environments: &[],
            targets: EMITTERS,
        };
        let compilation = compile(&request, &job.files);
        // The server may be gone.
        let _ = done.send(Done {
            generation: job.generation,
            project_index: job.project_index,
            diagnostics: compilation.diagnostics,
            sources: compilation.sources,
        });
    });
}
