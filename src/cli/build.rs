//! `stackc check` and `stackc build`. Must not know what is inside an artifact.

use std::time::Instant;

use super::args::{Build, Output, Select};
use super::report::{self, exit};
use super::workspace::{self, Missing, Workspace};
use crate::diagnostic::{Diagnostic, codes, has_errors};
use crate::emit::{self, EMITTERS, Emitter};
use crate::output::{self, ArtifactPath, ChangeKind, Mode, PublishError, Reason};
use crate::plan::Plan;
use crate::source::SourceMap;
use crate::{Compilation, Request, compile};

/// Looks for mistakes and writes nothing.
pub(super) fn check(select: &Select, output: &Output) -> u8 {
    let start = Instant::now();
    let (workspace, compilation) = match compiled(select, output) {
        Ok(done) => done,
        Err(code) => return code,
    };
    drop(workspace);
    let code = finish(&compilation, output, "checked", start);
    end(compilation.plan);
    code
}

/// Leaves a plan to the end of the process: taking it apart piece by piece is a tenth of the time of a large build.
fn end(plan: Option<Plan>) {
    std::mem::forget(plan);
}

fn finish(compilation: &Compilation, output: &Output, verb: &str, start: Instant) -> u8 {
    report::diagnostics(&compilation.diagnostics, &compilation.sources, output);
    let files = compilation.sources.iter().filter(|source| !source.path.starts_with("std/")).count();
    let found = report::count(&compilation.diagnostics);
    let found = if found.is_empty() { "no problems".to_owned() } else { found };
    if !output.quiet {
        let milliseconds = start.elapsed().as_millis();
        let word = if files == 1 { "file" } else { "files" };
        report::say(&format!("{found} ({verb} {files} {word} in {milliseconds} ms)"));
    }
    if has_errors(&compilation.diagnostics) { exit::FINDINGS } else { exit::CLEAN }
}

/// Opens the project and compiles it; the error is the exit code.
pub(super) fn compiled(select: &Select, output: &Output) -> Result<(Workspace, Compilation), u8> {
    let workspace = match workspace::open(select.path.as_deref()) {
        Ok(workspace) => workspace,
        Err(Missing::NoInput(message)) => {
            report::say(&format!("error: {message}"));
            return Err(exit::NO_INPUT);
        }
        Err(Missing::Wrong(problems, sources)) => {
            report::diagnostics(&problems, &sources, output);
            return Err(exit::FAILURE);
        }
    };
    let wanted = |emitter: &&&dyn Emitter| {
        select.target.is_empty() || select.target.iter().any(|name| name == emitter.name())
    };
    let targets: Vec<&dyn Emitter> = EMITTERS.iter().filter(wanted).copied().collect();
    let request = Request {
        entry: &workspace.entry,
        project: &workspace.project,
        lock: &workspace.lock,
        environments: &select.environment,
        targets: &targets,
    };
    let compilation = compile(&request, &workspace.files);
    Ok((workspace, compilation))
}

/// Writes the artifacts, or says what would change.
pub(super) fn build(arguments: &Build, output: &Output) -> u8 {
    let start = Instant::now();
    let (workspace, compilation) = match compiled(&arguments.select, output) {
        Ok(done) => done,
        Err(code) => return code,
    };
    if has_errors(&compilation.diagnostics) {
        return finish(&compilation, output, "checked", start);
    }
    report::diagnostics(&compilation.diagnostics, &compilation.sources, output);
    if arguments.stdout {
        for artifact in &compilation.artifacts {
            report::print(&format!("# --- {}\n{}", artifact.path, artifact.text));
        }
        return exit::CLEAN;
    }
    end(compilation.plan);
    publish(arguments, output, &workspace, compilation.artifacts, start)
}

fn publish(
    arguments: &Build,
    output: &Output,
    workspace: &Workspace,
    artifacts: Vec<emit::Artifact>,
    start: Instant,
) -> u8 {
    let artifacts: Result<Vec<output::Artifact>, String> = artifacts
        .into_iter()
        .map(|artifact| match ArtifactPath::parse(&artifact.path) {
            Ok(path) => {
                Ok(output::Artifact { path, contents: artifact.text, executable: artifact.executable })
            }
            Err(problem) => Err(format!("`{}`: {problem}", artifact.path)),
        })
        .collect();
    let manifest = ArtifactPath::parse(&format!("{}/stackc.manifest.json", workspace.project.output));
    let (artifacts, manifest) = match (artifacts, manifest) {
        (Ok(artifacts), Ok(manifest)) => (artifacts, manifest),
        (Err(problem), _) => return failed(&problem),
        (_, Err(problem)) => return failed(&problem.to_string()),
    };
    let root = arguments.out.as_deref().unwrap_or(&workspace.root);
    let mode = if arguments.check { Mode::Check } else { Mode::Write { force: arguments.force } };
    match output::publish(root, &manifest, &artifacts, mode) {
        Ok(published) => told(&published, arguments.check, output, start),
        Err(PublishError::Conflicts(conflicts)) => {
            let problems: Vec<Diagnostic> = conflicts.iter().map(in_the_way).collect();
            report::diagnostics(&problems, &SourceMap::default(), output);
            report::say("nothing was written");
            exit::FINDINGS
        }
        Err(problem) => {
            let problem = Diagnostic::error(codes::WRITE_FAILED, problem.to_string());
            report::diagnostics(&[problem], &SourceMap::default(), output);
            exit::FAILURE
        }
    }
}

fn in_the_way(conflict: &output::Conflict) -> Diagnostic {
    let help = match conflict.reason {
        Reason::Edited => {
            "move the change into the `.stack` source, or run `stackc build --force` to replace the file"
        }
        Reason::Foreign => "move it away, or run `stackc build --force` to replace it",
        _ => "move it away: `--force` replaces regular files only",
    };
    Diagnostic::error(codes::EDITED_BY_HAND, conflict.to_string()).help(help)
}

fn failed(problem: &str) -> u8 {
    report::say(&format!("error: {problem}"));
    exit::FAILURE
}

fn describe(change: &output::Change) -> String {
    let word = match &change.kind {
        ChangeKind::Created => "created",
        ChangeKind::Updated => "updated",
        ChangeKind::Unchanged => "unchanged",
        ChangeKind::Removed => "removed",
        ChangeKind::Conflict(reason) => return format!("conflict   {} ({reason})", change.path),
    };
    format!("{word:<10} {}", change.path)
}

/// Lists what changed and counts the rest.
fn told(published: &output::Report, check: bool, output: &Output, start: Instant) -> u8 {
    let mut counts = [0usize; 5];
    let mut lines: Vec<String> = Vec::new();
    for change in &published.changes {
        let index = match change.kind {
            ChangeKind::Created => 0,
            ChangeKind::Updated => 1,
            ChangeKind::Unchanged => 2,
            ChangeKind::Removed => 3,
            ChangeKind::Conflict(_) => 4,
        };
        if let Some(count) = counts.get_mut(index) {
            *count += 1;
        }
        if change.kind != ChangeKind::Unchanged && (!output.quiet || check) {
            lines.push(describe(change));
        }
    }
    if !lines.is_empty() {
        report::say(&lines.join("\n"));
    }
    let [created, updated, unchanged, removed, conflicts] = counts;
    let stale = check && created + updated + removed + conflicts > 0;
    if !output.quiet || stale {
        let milliseconds = start.elapsed().as_millis();
        let words =
            if check { ["missing", "out of date", "to remove"] } else { ["created", "updated", "removed"] };
        report::say(&format!(
            "{created} {}, {updated} {}, {unchanged} unchanged, {removed} {} in {milliseconds} ms",
            words[0], words[1], words[2]
        ));
    }
    if stale { exit::FINDINGS } else { exit::CLEAN }
}
