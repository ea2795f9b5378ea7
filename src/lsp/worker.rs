//! What takes longer than a key, on a thread: planning and emitting, for the warnings that only they find, and whole
//! checks of large systems. Must not touch the server's state.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crossbeam_channel::{Receiver, Sender, unbounded};

use super::document::Overlay;
use crate::Request;
use crate::diagnostic::Diagnostic;
use crate::emit::EMITTERS;
use crate::ide::{Analysis, Memory};
use crate::load::{Loaded, Program};
use crate::lock::Lock;
use crate::model::Project;
use crate::source::SourceMap;

/// The thread: one job after the other, because each takes as much memory as all that the server remembers.
pub(super) struct Worker {
    jobs: Sender<Job>,
    pub(super) done: Receiver<Done>,
    /// Which state of the texts is the last one.
    latest: Arc<AtomicU64>,
}

/// The two kinds of job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// What all phases find. Once the texts are others nobody wants to know.
    Compiled,
    /// What a whole check hears. It serves after further changes too.
    Checked,
}

/// What to look at.
pub(super) struct Job {
    pub(super) wanted: Wanted,
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

impl Worker {
    pub(super) fn new() -> Self {
        let (jobs, waiting) = unbounded::<Job>();
        let (report, done) = unbounded();
        let latest = Arc::new(AtomicU64::new(0));
        let now = latest.clone();
        std::thread::spawn(move || {
            for job in waiting {
                let is_wanted = || now.load(Ordering::Relaxed) == job.generation;
                let result = match job.wanted {
                    Wanted::Compiled => compile(&job, &is_wanted),
                    Wanted::Checked => {
                        Result::Checked(Analysis::heard(&job.program, &job.project, &job.files))
                    }
                };
                // The server may be gone.
                let _ = report.send(Done {
                    generation: job.generation,
                    project_index: job.project_index,
                    result,
                });
            }
        });
        Self { jobs, done, latest }
    }

    /// Takes a job; what it finds comes out of `done`.
    pub(super) fn take(&self, job: Job) {
        // The thread waits as long as the server is there.
        let _ = self.jobs.send(job);
    }

    /// Says that the texts are others now.
    pub(super) fn outdate(&self, generation: u64) {
        self.latest.store(generation, Ordering::Relaxed);
    }
}

fn compile(job: &Job, is_wanted: &dyn Fn() -> bool) -> Result {
    // What loading found is told already.
    let loaded = Loaded { program: job.program.clone(), diagnostics: Vec::new() };
    let request = Request {
        entry: &job.entry,
        project: &job.project,
        lock: &job.lock,
        environments: &[],
        targets: EMITTERS,
    };
    let compilation = crate::rehearse_loaded(loaded, &request, &job.files, is_wanted).unwrap_or_default();
    Result::Compiled(compilation.diagnostics, compilation.sources)
}
