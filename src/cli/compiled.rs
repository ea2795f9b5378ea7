//! From arguments to a compilation of the project they name. Must not print artifacts or write them.

use std::collections::BTreeSet;

use super::args::{Output, Select};
use super::report::{self, exit};
use super::workspace::{self, Missing, Workspace};
use crate::diagnostic::{Baseline, has_errors};
use crate::emit::{EMITTERS, Emitter};
use crate::{Compilation, Request, compile};

/// Which findings were there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Knowing {
    /// Those of the project's baseline.
    Baseline,
    /// None: all are reported.
    Nothing,
}

/// Opens the project and compiles what was selected; the error is the exit code.
pub(super) fn compiled(
    select: &Select,
    knowing: Knowing,
    output: &Output,
) -> Result<(Workspace, Compilation), u8> {
    let mut workspace = match workspace::open(select.path.as_deref()) {
        Ok(workspace) => workspace,
        Err(Missing::NoInput(message)) => {
            report::missing(message, output);
            return Err(exit::NO_INPUT);
        }
        Err(Missing::Wrong(problems, sources)) => {
            report::diagnostics(&problems, &sources, output);
            return Err(exit::FAILURE);
        }
    };
    if knowing == Knowing::Nothing {
        workspace.project.known = Baseline::default();
    }
    let wanted = |emitter: &&&dyn Emitter| {
        select.target.is_empty() || select.target.iter().any(|name| name == emitter.name())
    };
    let targets: Vec<&dyn Emitter> = EMITTERS.iter().filter(wanted).copied().collect();
    let compilation = run(&workspace, &select.environment, &targets);
    Ok((workspace, compilation))
}

/// Compiles what was selected, for writing. A file that environments share, such as a workflow, is the same whatever
/// is selected: the selection says which files, the whole system says what is in them.
pub(super) fn compiled_for_writing(select: &Select, output: &Output) -> Result<(Workspace, Compilation), u8> {
    let (workspace, mut part) = compiled(select, Knowing::Baseline, output)?;
    if select.is_whole() || has_errors(&part.diagnostics) {
        return Ok((workspace, part));
    }
    let whole = run(&workspace, &[], EMITTERS);
    if has_errors(&whole.diagnostics) {
        return Ok((workspace, whole));
    }
    let selected: BTreeSet<&str> = part.artifacts.iter().map(|artifact| artifact.path.as_str()).collect();
    let artifacts =
        whole.artifacts.into_iter().filter(|artifact| selected.contains(artifact.path.as_str())).collect();
    part.artifacts = artifacts;
    Ok((workspace, part))
}

fn run(workspace: &Workspace, environments: &[String], targets: &[&dyn Emitter]) -> Compilation {
    let request = Request {
        entry: &workspace.entry,
        project: &workspace.project,
        lock: &workspace.lock,
        environments,
        targets,
    };
    compile(&request, &workspace.files)
}
