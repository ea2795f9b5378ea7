//! `stackc check`: looks for mistakes; with `--fix` repairs sources, with `--baseline` writes what is known. Must not
//! write anything else.
#![expect(clippy::disallowed_methods, reason = "replaces sources that were repaired, and the baseline")]

use std::io::Write;
use std::path::Path;
use std::time::Instant;

use super::args::{Check, Output};
use super::build::finish;
use super::compiled::{Knowing, compiled};
use super::report::{self, exit};
use super::workspace::Workspace;
use crate::Compilation;
use crate::diagnostic::repair::repair;
use crate::diagnostic::suggest::counted;
use crate::diagnostic::{Baseline, has_errors};
use crate::project::BASELINE;

/// A repair may uncover another one; this often at most.
const ROUNDS: usize = 8;

/// Looks for mistakes.
pub(super) fn check(arguments: &Check, output: &Output) -> u8 {
    let start = Instant::now();
    let mut repaired = 0;
    for _ in 0..ROUNDS {
        let knowing = if arguments.baseline { Knowing::Nothing } else { Knowing::Baseline };
        let (workspace, compilation) = match compiled(&arguments.select, knowing, output) {
            Ok(done) => done,
            Err(code) => return code,
        };
        let made = if arguments.fix { fixed(&workspace, &compilation) } else { Ok(0) };
        match made {
            Ok(0) => return done(arguments, &workspace, &compilation, repaired, output, start),
            Ok(count) => repaired += count,
            Err(problem) => {
                report::say(&format!("error: {problem}"));
                return exit::FAILURE;
            }
        }
    }
    report::say("error: repairs lead to more repairs; run `stackc check` to see them");
    exit::FAILURE
}

fn done(
    arguments: &Check,
    workspace: &Workspace,
    compilation: &Compilation,
    repaired: usize,
    output: &Output,
    start: Instant,
) -> u8 {
    if repaired > 0 && !output.quiet {
        report::say(&format!("made {}", counted(repaired, "repair")));
    }
    if arguments.baseline && !has_language_errors(compilation) {
        return baseline(workspace, compilation, output);
    }
    finish(workspace, compilation, output, start)
}

/// A baseline holds what rules find, and they are asked only where nothing else is wrong.
fn has_language_errors(compilation: &Compilation) -> bool {
    let of_language = compilation.diagnostics.iter().filter(|problem| !problem.code.has_level());
    has_errors(&of_language.cloned().collect::<Vec<_>>())
}

/// Writes the findings of now: what was known before and is repaired is forgotten.
fn baseline(workspace: &Workspace, compilation: &Compilation, output: &Output) -> u8 {
    let known = Baseline::of(&compilation.diagnostics, &compilation.sources);
    if let Err(problem) = replace(&workspace.root.join(BASELINE), &known.write()) {
        report::say(&format!("error: cannot write `{BASELINE}`: {problem}"));
        return exit::FAILURE;
    }
    if !output.quiet {
        report::say(&format!("wrote {} to `{BASELINE}`", counted(known.len(), "finding")));
    }
    exit::CLEAN
}

/// Makes the safe repairs in the sources of the project; says how many.
fn fixed(workspace: &Workspace, compilation: &Compilation) -> Result<usize, String> {
    let own = |path: &str| !path.starts_with("std/");
    let (sources, mut diagnostics) = (&compilation.sources, compilation.diagnostics.clone());
    for problem in &mut diagnostics {
        problem.fixes.retain(|fix| {
            fix.edits.iter().all(|edit| sources.get(edit.span.source).is_some_and(|source| own(&source.path)))
        });
    }
    let repaired = repair(&diagnostics, sources);
    for (id, text) in &repaired.texts {
        let Some(source) = sources.get(*id) else { continue };
        replace(&workspace.root.join(&*source.path), text)
            .map_err(|problem| format!("cannot write `{}`: {problem}", source.path))?;
    }
    Ok(repaired.count)
}

/// Replaces a file in one step: a reader sees the old text or the new one.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let mut beside = real.clone().into_os_string();
    beside.push(".new");
    let beside = std::path::PathBuf::from(beside);
    let mut file = std::fs::File::create(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    if let Ok(before) = std::fs::metadata(&real) {
        std::fs::set_permissions(&beside, before.permissions())?;
    }
    std::fs::rename(beside, real)
}
