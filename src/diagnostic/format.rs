//! Diagnostics as text: which are shown, in which order, and how they are counted. Must not know how any one
//! form is written.

use super::render::human;
use super::suggest::counted;
use super::{Diagnostic, Severity, github, json, sarif, short};
use crate::source::SourceMap;

/// Diagnostics that a terminal shows before the rest is only counted.
pub const SHOWN: usize = 20;

/// The forms of diagnostics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// With snippets, for people.
    Human,
    /// One line each.
    Short,
    /// One JSON document, versioned.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Workflow commands of GitHub Actions.
    Github,
}

/// How the human form looks; the others always look the same.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Whether it has colours.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// Whether lines are drawn with more than ASCII.
    pub unicode: bool,
    /// How many are shown before the rest is only counted; all when `None`.
    pub limit: Option<usize>,
}

impl Default for Style {
    fn default() -> Self {
        Self { color: false, width: 100, unicode: true, limit: Some(SHOWN) }
    }
}

/// All diagnostics in one form, sorted by place, each once; empty only when a form has nothing to say.
pub fn render(format: Format, diagnostics: &[Diagnostic], sources: &SourceMap, style: &Style) -> String {
    let sorted = sorted(diagnostics);
    match format {
        Format::Human => human(&sorted, sources, style),
        Format::Short => short::short(&sorted, sources),
        Format::Json => json::json(&sorted, sources),
        Format::Sarif => sarif::sarif(&sorted, sources),
        Format::Github => github::github(&sorted, sources),
    }
}

/// `7 errors, 2 warnings`, of what is shown; empty when there is neither.
pub fn summary(diagnostics: &[Diagnostic]) -> String {
    let sorted = sorted(diagnostics);
    let number = |severity| sorted.iter().filter(|problem| problem.severity == severity).count();
    let counts = [(number(Severity::Error), "error"), (number(Severity::Warning), "warning")];
    let told = counts.iter().filter(|(number, _)| *number > 0).map(|(number, word)| counted(*number, word));
    told.collect::<Vec<_>>().join(", ")
}

/// By load order of the source, start and code; what has no place comes first. Of equal ones the first stays.
fn sorted(diagnostics: &[Diagnostic]) -> Vec<&Diagnostic> {
    let key = |problem: &Diagnostic| {
        let place = problem.primary.as_ref().map(|label| (label.span.source, label.span.start));
        (place, problem.code.id)
    };
    let mut all: Vec<&Diagnostic> = diagnostics.iter().collect();
    all.sort_by_key(|problem| key(problem));
    let mut kept: Vec<&Diagnostic> = Vec::with_capacity(all.len());
    for problem in all {
        let mut beside = kept.iter().rev().take_while(|known| key(known) == key(problem));
        if !beside.any(|known| *known == problem) {
            kept.push(problem);
        }
    }
    kept
}
