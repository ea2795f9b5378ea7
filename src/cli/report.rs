//! What a command says: diagnostics in the format that was asked for, a summary, an exit code. Must not compile.

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

/// Writes to standard error, with or without colours.
pub(super) fn say(text: &str) {
    // A closed pipe is the reader's choice, not a failure.
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// Writes to standard output.
pub(super) fn print(text: &str) {
    let _ = anstream::stdout().write_all(text.as_bytes());
}

/// Sets the colour choice for this process.
pub(super) fn set_color(color: Color) {
    match color {
        Color::Auto => {}
        Color::Always => anstream::ColorChoice::Always.write_global(),
        Color::Never => anstream::ColorChoice::Never.write_global(),
    }
}

/// Shows diagnostics; errors and warnings are sorted by place.
pub(super) fn diagnostics(found: &[Diagnostic], sources: &SourceMap, output: &Output) {
    let mut sorted: Vec<Diagnostic> = found.to_vec();
    sorted.sort_by_key(|problem| problem.primary.as_ref().map(|label| (label.span.source, label.span.start)));
    sorted.dedup();
    match output.format {
        Format::Human => {
            let shown = if output.all { sorted.len() } else { sorted.len().min(SHOWN) };
            let width = terminal_width();
            let style = Style { color: colored(), width };
            let text = render::human(sorted.get(..shown).unwrap_or_default(), sources, style);
            let _ = anstream::stderr().write_all(text.as_bytes());
            if shown < sorted.len() {
                say(&format!("… and {} more (--all)", sorted.len() - shown));
            }
        }
        Format::Short => print(&format::short(&sorted, sources)),
        Format::Json => print(&format::json(&sorted, sources)),
        Format::Github => print(&format::github(&sorted, sources)),
        Format::Sarif => print(&format::sarif(&sorted, sources)),
    }
}

fn colored() -> bool {
    anstream::stderr().is_terminal()
        && anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never
        || anstream::AutoStream::choice(&std::io::stderr()) == anstream::ColorChoice::Always
}

fn terminal_width() -> usize {
    100
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
