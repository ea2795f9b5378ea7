//! What a command says: diagnostics in the format that was asked for, a summary, an exit code. Must not compile.
#![expect(clippy::disallowed_methods, reason = "asks the environment how wide the terminal is")]

use std::io::Write;

use super::args::{Color, Format, Output};
use crate::diagnostic::format::{self, Style};
use crate::diagnostic::{Diagnostic, codes};
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

/// Shows diagnostics: for people on standard error, for machines on standard output.
pub(super) fn diagnostics(found: &[Diagnostic], sources: &SourceMap, output: &Output) {
    if output.format == Format::Human {
        return diagnostics_beside(found, sources, output);
    }
    // What was found decides the exit code; that it could not be printed is said.
    let _ = print(&rendered(found, sources, output));
}

/// Says that there is nothing to read: a line for people, a diagnostic for machines.
pub(super) fn missing(message: String, output: &Output) {
    match output.format {
        Format::Human => say(&format!("error: {message}")),
        _ => {
            diagnostics(&[Diagnostic::error(codes::UNREADABLE_FILE, message)], &SourceMap::default(), output);
        }
    }
}

/// Shows diagnostics where standard output is taken by artifacts: all forms on standard error.
pub(super) fn diagnostics_beside(found: &[Diagnostic], sources: &SourceMap, output: &Output) {
    let _ = anstream::stderr().write_all(rendered(found, sources, output).as_bytes());
}

fn rendered(found: &[Diagnostic], sources: &SourceMap, output: &Output) -> String {
    let limit = (!output.all).then_some(format::SHOWN);
    let style = Style { color: colored(), width: terminal_width(), limit, ..Style::default() };
    let format = match output.format {
        Format::Human => format::Format::Human,
        Format::Short => format::Format::Short,
        Format::Json => format::Format::Json,
        Format::Github => format::Format::Github,
        Format::Sarif => format::Format::Sarif,
    };
    format::render(format, found, sources, &style)
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
    format::summary(found)
}
