//! What a command says: diagnostics in the format that was asked for, a summary, an exit code. Must not compile.
#![expect(clippy::disallowed_methods, reason = "asks the environment how wide the terminal is")]

use std::io::Write;

use super::args::{Color, Format, Output};
use crate::diagnostic::render::{self, Style};
use crate::diagnostic::{Diagnostic, Severity, format};
use crate::source::SourceMap;

/// Exit codes: stable, part of the interface.
pub(super) mod exit {
    /// Nothing was found.
    pub(crate) const CLEAN: u8 = 0;
    /// Errors, or files that are out of date.
    pub(crate) const FINDINGS: u8 = 1;
    /// Usage, configuration or the system.
    pub(crate) const FAILURE: u8 = 2;
    /// There was nothing to read.
    pub(crate) const NO_INPUT: u8 = 3;
}

/// Diagnostics shown before the rest is only counted.
const SHOWN: usize = 20;

/// Below this many columns a snippet is not legible; the terminal wraps it instead.
const NARROWEST: usize = 40;

/// Writes to standard error, with or without colours.
pub(super) fn say(text: &str) {
    // A closed pipe is the reader's choice, not a failure.
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// Writes to standard output; the result is the exit code, because output that is lost is a failure.
pub(super) fn print(text: &str) -> u8 {
    let mut out = anstream::stdout();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(problem) if problem.kind() != std::io::ErrorKind::BrokenPipe => {
            say(&format!("error: cannot write to standard output: {problem}"));
            exit::FAILURE
        }
        _ => exit::CLEAN,
    }
}

/// Sets the colour choice for this process.
pub(super) fn set_color(color: Color) {
    match color {
        Color::Auto => {}
        Color::Always => anstream::ColorChoice::Always.write_global(),
        Color::Never => anstream::ColorChoice::Never.write_global(),
    }
}

/// Shows diagnostics, sorted by place: for people on standard error, for machines on standard output.
pub(super) fn diagnostics(found: &[Diagnostic], sources: &SourceMap, output: &Output) {
    match machine(&sorted(found), sources, output.format) {
        // What was found decides the exit code; that it could not be printed is said.
        Some(text) => drop(print(&text)),
        None => human(&sorted(found), sources, output),
    }
}

/// Shows diagnostics where standard output is taken by artifacts: all forms on standard error.
pub(super) fn diagnostics_beside(found: &[Diagnostic], sources: &SourceMap, output: &Output) {
    match machine(&sorted(found), sources, output.format) {
        Some(text) => {
            let _ = anstream::stderr().write_all(text.as_bytes());
        }
        None => human(&sorted(found), sources, output),
    }
}

fn sorted(found: &[Diagnostic]) -> Vec<Diagnostic> {
    let mut sorted = found.to_vec();
    sorted.sort_by_key(|problem| problem.primary.as_ref().map(|label| (label.span.source, label.span.start)));
    sorted.dedup();
    sorted
}

fn machine(sorted: &[Diagnostic], sources: &SourceMap, format: Format) -> Option<String> {
    match format {
        Format::Human => None,
        Format::Short => Some(format::short(sorted, sources)),
        Format::Json => Some(format::json(sorted, sources)),
        Format::Github => Some(format::github(sorted, sources)),
        Format::Sarif => Some(format::sarif(sorted, sources)),
    }
}

fn human(sorted: &[Diagnostic], sources: &SourceMap, output: &Output) {
    let shown = if output.all { sorted.len() } else { sorted.len().min(SHOWN) };
    let style = Style { color: colored(), width: terminal_width() };
    let text = render::human(sorted.get(..shown).unwrap_or_default(), sources, style);
    let _ = anstream::stderr().write_all(text.as_bytes());
    if shown < sorted.len() {
        say(&format!("… and {} more (--all)", sorted.len() - shown));
    }
}

/// Whether standard error takes colours: the choice on the command line, then the environment, then the terminal.
fn colored() -> bool {
    anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never
}

/// Columns of standard error: what `COLUMNS` says, else the terminal, else a hundred.
fn terminal_width() -> usize {
    let said = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    said.filter(|&columns| columns > 0).or_else(terminal_columns).unwrap_or(100).max(NARROWEST)
}

#[cfg(unix)]
fn terminal_columns() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(std::io::stderr()).ok()?;
    Some(usize::from(size.ws_col)).filter(|&columns| columns > 0)
}

#[cfg(not(unix))]
fn terminal_columns() -> Option<usize> {
    None
}

/// `2 errors, 1 warning`; empty when there is nothing.
pub(super) fn count(found: &[Diagnostic]) -> String {
    let number = |severity| found.iter().filter(|problem| problem.severity == severity).count();
    let plural = |n: usize, word: &str| match n {
        0 => None,
        1 => Some(format!("1 {word}")),
        n => Some(format!("{n} {word}s")),
    };
    let parts = [plural(number(Severity::Error), "error"), plural(number(Severity::Warning), "warning")];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
