//! `stackc graph`: an environment as a picture for people. Must not compute edges: the plan has them.

mod draw;
mod picture;

use super::args::{Drawing, Graph, Output, Select};
use super::compiled::{Knowing, compiled};
use super::report::{self, exit};
use crate::diagnostic::has_errors;

use picture::Picture;

/// Prints the drawing.
pub(super) fn run(graph: &Graph, output: &Output) -> u8 {
    let environment = graph.environment.iter().cloned().collect();
    let select = Select { path: graph.path.clone(), environment, target: Vec::new() };
    let (workspace, compilation) = match compiled(&select, Knowing::Baseline, output) {
        Ok(done) => done,
        Err(code) => return code,
    };
    let Some(plan) = compilation.plan.filter(|_| !has_errors(&compilation.diagnostics)) else {
        report::diagnostics(&compilation.diagnostics, &workspace.seen(&compilation.sources), output);
        return exit::FINDINGS;
    };
    let Some(environment) = plan.environments.first() else { return exit::NO_INPUT };
    let picture = Picture::of(environment);
    report::print(&match graph.drawing {
        Drawing::Dot => draw::dot(&picture),
        Drawing::Mermaid => draw::mermaid(&picture),
    })
}
