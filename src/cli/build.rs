//! `stackc build`. Must not know what is inside an artifact.

use std::time::Instant;

use super::args::{Build, Output};
use super::compiled::compiled_for_writing;
use super::publish::{publish, told};
use super::report::{self, exit};
use super::workspace::Workspace;
use crate::Compilation;
use crate::diagnostic::has_errors;

/// Reports what was found and counts it; the result is the exit code.
pub(super) fn finish<F>(
    workspace: &Workspace<F>,
    compilation: &Compilation,
    output: &Output,
    start: Instant,
) -> u8 {
    report::diagnostics(&compilation.diagnostics, &workspace.seen(&compilation.sources), output);
    let files = compilation.sources.iter().filter(|source| !source.path.starts_with("std/")).count();
    let found = report::count(&compilation.diagnostics);
    let found = if found.is_empty() { "no problems".to_owned() } else { found };
    if !output.quiet {
        let milliseconds = start.elapsed().as_millis();
        let word = if files == 1 { "file" } else { "files" };
        let checked =
            if files == 0 { "nothing could be read".to_owned() } else { format!("checked {files} {word}") };
        report::say(&format!("{found} ({checked} in {milliseconds} ms)"));
    }
    if has_errors(&compilation.diagnostics) { exit::FINDINGS } else { exit::CLEAN }
}

/// Writes the artifacts, or says what would change.
pub(super) fn build(arguments: &Build, output: &Output) -> u8 {
    let start = Instant::now();
    let (workspace, mut compilation) = match compiled_for_writing(&arguments.select, output) {
        Ok(done) => done,
        Err(code) => return code,
    };
    if has_errors(&compilation.diagnostics) {
        return finish(&workspace, &compilation, output, start);
    }
    if arguments.stdout {
        report::diagnostics_beside(&compilation.diagnostics, &workspace.seen(&compilation.sources), output);
        let parts = compilation.artifacts.iter();
        let parts = parts.map(|artifact| format!("# --- {}\n{}", artifact.path, artifact.text));
        return report::print(&parts.collect::<String>());
    }
    let artifacts = std::mem::take(&mut compilation.artifacts);
    let published = publish(arguments, &workspace, artifacts);
    if let Err(failure) = &published {
        compilation.diagnostics.extend(failure.problems.iter().cloned());
    }
    // All at once: the machine formats are one document.
    report::diagnostics(&compilation.diagnostics, &workspace.seen(&compilation.sources), output);
    match published {
        Ok(published) => told(&published, arguments.check, output, start),
        Err(failure) => {
            if !failure.outcome.is_empty() {
                report::say(failure.outcome);
            }
            failure.code
        }
    }
}
