//! From arguments to a compilation of the project they name. Must not print artifacts or write them.

use std::collections::BTreeSet;

use super::args::{Output, Select};
use super::report::{self, exit};
use super::workspace::{self, Missing, Workspace};
use crate::diagnostic::{Baseline, has_errors};
use crate::emit::{EMITTERS, Emitter};
use crate::source::Files;
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
    let mut workspace = workspace::open(select.path.as_deref()).map_err(|missing| told(missing, output))?;
    if knowing == Knowing::Nothing {
        workspace.project.known = Baseline::default();
    }
    let compilation = part(&workspace, select);
    Ok((workspace, compilation))
}

/// Says why there is no project; the result is the exit code.
pub(super) fn told(missing: Missing, output: &Output) -> u8 {
    match missing {
        Missing::NoInput(message) => {
            report::missing(message, output);
            exit::NO_INPUT
        }
        Missing::Wrong(problems, sources) => {
            report::diagnostics(&problems, &sources, output);
            exit::FAILURE
        }
    }
}

/// Opens the project and compiles what was selected, for writing.
pub(super) fn compiled_for_writing(select: &Select, output: &Output) -> Result<(Workspace, Compilation), u8> {
    let workspace = workspace::open(select.path.as_deref()).map_err(|missing| told(missing, output))?;
    let compilation = for_writing(&workspace, select);
    Ok((workspace, compilation))
}

/// Compiles what was selected, for writing. A file that environments share, such as a workflow, is the same whatever
/// is selected: the selection says which files, the whole system says what is in them.
pub(super) fn for_writing<F: Files>(workspace: &Workspace<F>, select: &Select) -> Compilation {
    let mut part = part(workspace, select);
    if select.is_whole() || has_errors(&part.diagnostics) {
        return part;
    }
    let whole = run(workspace, &[], EMITTERS);
    if has_errors(&whole.diagnostics) {
        return whole;
    }
    let selected: BTreeSet<&str> = part.artifacts.iter().map(|artifact| artifact.path.as_str()).collect();
    let artifacts =
        whole.artifacts.into_iter().filter(|artifact| selected.contains(artifact.path.as_str())).collect();
    part.artifacts = artifacts;
    part
}

fn part<F: Files>(workspace: &Workspace<F>, select: &Select) -> Compilation {
    let wanted = |emitter: &&&dyn Emitter| {
        select.target.is_empty() || select.target.iter().any(|name| name == emitter.name())
    };
    let targets: Vec<&dyn Emitter> = EMITTERS.iter().filter(wanted).copied().collect();
    run(workspace, &select.environment, &targets)
}

fn run<F: Files>(workspace: &Workspace<F>, environments: &[String], targets: &[&dyn Emitter]) -> Compilation {
    let request = Request {
        entry: &workspace.entry,
        project: &workspace.project,
        lock: &workspace.lock,
        environments,
        targets,
    };
    compile(&request, &workspace.files)
}
