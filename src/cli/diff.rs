//! `stackc diff`: what changes in the emitted files, between the tree and the sources or between two revisions. Must not
//! compare: `diff` does.

use super::args::{Build, Diff, Format, Output, Rendering, Select};
use super::compiled::{for_writing, told};
use super::git::Revision;
use super::publish::publish;
use super::report::{self, exit};
use super::workspace::{self, Workspace};
use crate::Compilation;
use crate::diagnostic::has_errors;
use crate::diff::{self, FileDifference, Files};
use crate::output::ChangeKind;
use crate::source::Files as Source;

/// Prints the differences; the result is the exit code.
pub(super) fn run(asked: &Diff, output: &Output) -> u8 {
    let select = Select {
        path: asked.project.clone(),
        environment: asked.environment.clone(),
        target: asked.target.clone(),
    };
    match sides(asked, &select, output) {
        Ok((before, after)) => said(&diff::compare(&before, &after), asked, output),
        Err(code) => code,
    }
}

fn said(found: &[FileDifference], asked: &Diff, output: &Output) -> u8 {
    let text = match (output.format, asked.rendering) {
        (Format::Json, _) => format!("{:#}\n", diff::json(found)),
        (_, Rendering::Markdown) => diff::markdown(found),
        (_, Rendering::Text) => diff::text(found),
    };
    match report::print(&text) {
        exit::CLEAN if !found.is_empty() => exit::FINDINGS,
        code => code,
    }
}

/// The files on both sides.
fn sides(asked: &Diff, select: &Select, output: &Output) -> Result<(Files, Files), u8> {
    let workspace = workspace::open(select.path.as_deref()).map_err(|missing| told(missing, output))?;
    let at = |name: &str| at_revision(&workspace, name, select, output);
    match (asked.before.as_deref(), asked.after.as_deref()) {
        (Some(before), Some(after)) => Ok((at(before)?, at(after)?)),
        (Some(before), None) => {
            Ok((at(before)?, emitted(&workspace, for_writing(&workspace, select), output)?))
        }
        (None, _) => {
            let compilation = for_writing(&workspace, select);
            let written = written(&workspace, &compilation, select, output)?;
            Ok((written, emitted(&workspace, compilation, output)?))
        }
    }
}

/// What is emitted; diagnostics are shown when nothing is.
fn emitted<F>(workspace: &Workspace<F>, compilation: Compilation, output: &Output) -> Result<Files, u8> {
    if has_errors(&compilation.diagnostics) {
        report::diagnostics_beside(&compilation.diagnostics, &workspace.seen(&compilation.sources), output);
        return Err(exit::FAILURE);
    }
    Ok(compilation.artifacts.into_iter().map(|artifact| (artifact.path, artifact.text)).collect())
}

fn at_revision(workspace: &Workspace, name: &str, select: &Select, output: &Output) -> Result<Files, u8> {
    let revision = Revision::open(&workspace.root, name).map_err(|problem| {
        report::say(&format!("error: {problem}"));
        exit::FAILURE
    })?;
    // The entry may have another name there: its own manifest says so.
    let entry = select.path.as_ref().filter(|path| path.is_file()).map(|_| workspace.entry.clone());
    let there = workspace::elsewhere(workspace, entry, revision).map_err(|missing| {
        report::say(&format!("in {name}:"));
        told(missing, output)
    })?;
    let compilation = for_writing(&there, select);
    if has_errors(&compilation.diagnostics) {
        report::say(&format!("in {name}:"));
    }
    emitted(&there, compilation, output)
}

/// What is written now: the emitted files that are there, and those that would be removed.
fn written(
    workspace: &Workspace,
    compilation: &Compilation,
    select: &Select,
    output: &Output,
) -> Result<Files, u8> {
    let build =
        Build { select: select.clone(), out: None, check: true, stdout: false, force: false, watch: false };
    let survey = publish(&build, workspace, compilation.artifacts.clone()).map_err(|failure| {
        report::diagnostics_beside(&failure.problems, &workspace.seen(&compilation.sources), output);
        exit::FAILURE
    })?;
    let manifest = format!("{}/stackc.manifest.json", workspace.project.output);
    let there = survey.changes.iter().filter(|change| change.kind != ChangeKind::Created);
    let paths = there.map(|change| change.path.to_string()).filter(|path| *path != manifest);
    let read = |path: String| {
        let text = String::from_utf8_lossy(&workspace.files.read(&path).ok()?).into_owned();
        Some((path, text))
    };
    Ok(paths.filter_map(read).collect())
}
