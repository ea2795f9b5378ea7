//! A stack through all phases, as most tests want it: one environment after the other, without a lock. Must not judge
//! what comes out.

use stackc::emit::Emitter;
use stackc::lock::Lock;
use stackc::model::Project;
use stackc::project::Manifest;
use stackc::source::{MemoryFiles, SourceId};
use stackc::{Compilation, Request};

/// The project of a manifest, in a folder called `shop`.
pub(crate) fn project(manifest: &str) -> Project {
    Manifest::parse(SourceId(0), manifest).unwrap().project("shop")
}

/// What becomes of one text.
pub(crate) fn text(project: &Project, text: &str, targets: &[&dyn Emitter]) -> Compilation {
    files(project, &MemoryFiles::new([("main.stack", text)]), targets)
}

/// What becomes of `main.stack` among these files.
pub(crate) fn files(project: &Project, files: &MemoryFiles, targets: &[&dyn Emitter]) -> Compilation {
    let lock = Lock::default();
    let request = Request { entry: "main.stack", project, lock: &lock, environments: &[], targets };
    stackc::compile(&request, files)
}

/// The text of an artifact.
pub(crate) fn artifact<'a>(compilation: &'a Compilation, path: &str) -> &'a str {
    let found = compilation.artifacts.iter().find(|artifact| artifact.path == path);
    &found.unwrap_or_else(|| panic!("no {path}: {:?}", compilation.diagnostics)).text
}
