//! Hands artifacts to the publisher and says what it did. Must not write by itself, but for the folder of `--out`.
#![expect(clippy::disallowed_methods, reason = "makes the folder that `--out` names")]

use std::time::Instant;

use super::args::{Build, Output};
use super::report::{self, exit};
use super::workspace::Workspace;
use crate::diagnostic::{Diagnostic, codes};
use crate::emit;
use crate::output::{
    Artifact, ArtifactPath, Change, ChangeKind, Conflict, Extent, Mode, PublishError, Publisher, Reason,
    Report,
};

/// Why the folder is not what it should be.
pub(super) struct Failure {
    /// What became of it.
    pub(super) outcome: &'static str,
    pub(super) code: u8,
    pub(super) problems: Vec<Diagnostic>,
}

impl Failure {
    /// The system's refusal, or a path that no system would take.
    fn system(message: String) -> Self {
        let problems = vec![Diagnostic::error(codes::WRITE_FAILED, message)];
        Self { outcome: "", code: exit::FAILURE, problems }
    }

    /// What somebody else wrote is in the way, or was changed meanwhile.
    fn kept(outcome: &'static str, conflicts: &[Conflict]) -> Self {
        let problems = conflicts.iter().map(in_the_way).collect();
        Self { outcome, code: exit::FINDINGS, problems }
    }
}

/// Writes, or with `--check` compares. A selection leaves all other files alone.
pub(super) fn publish<F>(
    arguments: &Build,
    workspace: &Workspace<F>,
    artifacts: Vec<emit::Artifact>,
) -> Result<Report, Failure> {
    let artifacts: Vec<Artifact> = artifacts.into_iter().map(checked).collect::<Result<_, _>>()?;
    let manifest = path(&format!("{}/stackc.manifest.json", workspace.project.output))?;
    let mode = if arguments.check { Mode::Check } else { Mode::Write { force: arguments.force } };
    let extent = if arguments.select.is_whole() { Extent::Whole } else { Extent::Part };
    let root = arguments.out.as_deref().unwrap_or(&workspace.root);
    if let (Some(out), Mode::Write { .. }) = (&arguments.out, mode) {
        std::fs::create_dir_all(out).map_err(|problem| {
            Failure::system(format!("cannot create the folder `{}`: {problem}", out.display()))
        })?;
    }
    Publisher::new(root, &manifest).extent(extent).publish(&artifacts, mode).map_err(
        |problem| match problem {
            PublishError::Conflicts(conflicts) => Failure::kept("nothing was written", &conflicts),
            PublishError::Overtaken(conflicts) => Failure::kept("everything else was written", &conflicts),
            problem => Failure::system(problem.to_string()),
        },
    )
}

fn checked(artifact: emit::Artifact) -> Result<Artifact, Failure> {
    Ok(Artifact { path: path(&artifact.path)?, contents: artifact.text, executable: artifact.executable })
}

fn path(text: &str) -> Result<ArtifactPath, Failure> {
    ArtifactPath::parse(text).map_err(|problem| Failure::system(format!("cannot write `{text}`: {problem}")))
}

fn in_the_way(conflict: &Conflict) -> Diagnostic {
    let help = match conflict.reason {
        Reason::Edited => {
            "move the change into the `.stack` source, or run `stackc build --force` to replace the file"
        }
        Reason::Foreign => "move it away, or run `stackc build --force` to replace it",
        _ => "move it away: `--force` replaces regular files only",
    };
    Diagnostic::error(codes::EDITED_BY_HAND, conflict.to_string()).help(help)
}

fn describe(change: &Change) -> String {
    let word = match &change.kind {
        ChangeKind::Created => "created",
        ChangeKind::Updated => "updated",
        ChangeKind::Unchanged => "unchanged",
        ChangeKind::Removed => "removed",
        ChangeKind::Conflict(reason) => return format!("conflict   {} ({reason})", change.path),
    };
    format!("{word:<10} {}", change.path)
}

/// Lists what changed, or with `--check` would change, and counts the rest; the result is the exit code.
pub(super) fn told(published: &Report, check: bool, output: &Output, start: Instant) -> u8 {
    for change in &published.changes {
        if change.kind != ChangeKind::Unchanged && (!output.quiet || check) {
            report::say(&describe(change));
        }
    }
    let stale = check && !published.is_current();
    if !output.quiet || stale {
        report::say(&counted(published, check, start));
    }
    if stale { exit::FINDINGS } else { exit::CLEAN }
}

/// `1 created, 2 updated, 30 unchanged, 0 removed in 12 ms`
pub(super) fn counted(published: &Report, check: bool, start: Instant) -> String {
    let count = |kind| published.changes.iter().filter(|change| change.kind == kind).count();
    let [created, updated, unchanged, removed] =
        [ChangeKind::Created, ChangeKind::Updated, ChangeKind::Unchanged, ChangeKind::Removed].map(count);
    let milliseconds = start.elapsed().as_millis();
    let [new, other, old] =
        if check { ["missing", "out of date", "to remove"] } else { ["created", "updated", "removed"] };
    format!("{created} {new}, {updated} {other}, {unchanged} unchanged, {removed} {old} in {milliseconds} ms")
}
