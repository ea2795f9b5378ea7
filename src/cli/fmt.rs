//! `stackc fmt`: which files, and what is said about them. Must not know the layout.
#![expect(clippy::disallowed_methods, reason = "formats the files of people in place")]

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use similar::TextDiff;

use super::args::{Fmt, Output};
use super::here;
use super::report::{self, exit};
use super::workspace::project_above;
use crate::fmt::format;
use crate::source::MAX_SOURCE_BYTES;

/// Formats files in place, or says which ones would change.
pub(super) fn run(arguments: &Fmt, output: &Output) -> u8 {
    if arguments.paths.iter().any(|path| path.as_os_str() == "-") {
        return standard_input(arguments);
    }
    let mut files = BTreeSet::new();
    let here = [project_above(Path::new(".")).map_or_else(|| ".".into(), here::named)];
    let paths = if arguments.paths.is_empty() { &here[..] } else { &arguments.paths };
    for path in paths {
        if let Err(problem) = collect(path, true, &mut files) {
            report::say(&format!("error: cannot read `{}`: {problem}", path.display()));
            return exit::FAILURE;
        }
    }
    if files.is_empty() {
        report::say("error: there is no `.stack` file here");
        return exit::NO_INPUT;
    }
    all(&files, arguments, output)
}

fn all(files: &BTreeSet<PathBuf>, arguments: &Fmt, output: &Output) -> u8 {
    let mut code = exit::CLEAN;
    let mut changed = 0;
    for path in files {
        match one(path, arguments) {
            Ok(done) => changed += usize::from(done),
            Err(problem) => {
                report::say(&format!("error: `{}`: {problem}", path.display()));
                code = exit::FAILURE;
            }
        }
    }
    if !output.quiet {
        let same = files.len() - changed;
        let done = if writes(arguments) { "formatted" } else { "would change" };
        report::say(&format!("{changed} {done}, {same} unchanged"));
    }
    if code == exit::CLEAN && changed > 0 && !writes(arguments) { exit::FINDINGS } else { code }
}

fn writes(arguments: &Fmt) -> bool {
    !arguments.check && !arguments.diff
}

/// Formats one file; whether that changes it.
fn one(path: &Path, arguments: &Fmt) -> io::Result<bool> {
    let before = text(fs::File::open(path)?)?;
    let after = format(&before);
    if before == after {
        return Ok(false);
    }
    if writes(arguments) {
        replace(path, &after)?;
    } else {
        tell(&path.display().to_string(), &before, &after, arguments);
    }
    Ok(true)
}

fn standard_input(arguments: &Fmt) -> u8 {
    if arguments.paths.len() > 1 {
        report::say("error: `-` stands alone: standard input cannot be formatted together with files");
        return exit::FAILURE;
    }
    let before = match text(io::stdin().lock()) {
        Ok(before) => before,
        Err(problem) => {
            report::say(&format!("error: cannot read standard input: {problem}"));
            return exit::FAILURE;
        }
    };
    let after = format(&before);
    if writes(arguments) {
        return report::print(&after);
    }
    if before == after {
        return exit::CLEAN;
    }
    tell("standard input", &before, &after, arguments);
    exit::FINDINGS
}

fn tell(name: &str, before: &str, after: &str, arguments: &Fmt) {
    if arguments.diff {
        let diff = TextDiff::from_lines(before, after);
        let _ = report::print(&diff.unified_diff().header(name, &format!("{name} (formatted)")).to_string());
    } else {
        report::say(&format!("would change: {name}"));
    }
}

fn text(from: impl Read) -> io::Result<String> {
    let wrong = |message: &str| io::Error::new(io::ErrorKind::InvalidData, message);
    let mut bytes = Vec::new();
    from.take(MAX_SOURCE_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > MAX_SOURCE_BYTES {
        return Err(wrong("it is too large"));
    }
    String::from_utf8(bytes).map_err(|_| wrong("it is not UTF-8 text"))
}

/// Puts a text in the place of a file: first beside it, so that no half of it is ever there.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let real = path.canonicalize()?;
    let mut name = real.file_name().unwrap_or_default().to_owned();
    name.push(".stackc-new");
    let beside = real.with_file_name(name);
    fs::write(&beside, text)?;
    let done = fs::set_permissions(&beside, fs::metadata(&real)?.permissions())
        .and_then(|()| fs::rename(&beside, &real));
    if done.is_err() {
        let _ = fs::remove_file(&beside);
    }
    done
}

/// A file, or the sources below a folder, without those that a build or a package manager put there.
fn collect(path: &Path, named: bool, files: &mut BTreeSet<PathBuf>) -> io::Result<()> {
    let about = if named { fs::metadata(path)? } else { fs::symlink_metadata(path)? };
    if about.is_dir() {
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            let name = entry.file_name();
            let skipped = name.to_str().is_none_or(|name| name.starts_with('.') || SKIPPED.contains(&name));
            if !skipped {
                collect(&path.join(name), false, files)?;
            }
        }
    } else if named || path.extension().is_some_and(|extension| extension == "stack") {
        files.insert(path.strip_prefix("./").unwrap_or(path).to_owned());
    }
    Ok(())
}

/// Folders that hold nobody's sources.
const SKIPPED: [&str; 2] = ["node_modules", "target"];
