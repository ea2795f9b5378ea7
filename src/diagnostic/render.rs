//! The human form of diagnostics, drawn by miette. The only file that knows miette; must not choose what is shown
//! beyond cutting what nobody could read.

use std::collections::BTreeMap;
use std::fmt;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, Severity as Level,
    SourceCode, SourceSpan, SpanContents, ThemeCharacters, ThemeStyles,
};

use super::escape::{plain_lines, visible, visible_line};
use super::excerpt::Excerpt;
use super::format::Style;
use super::place::Place;
use super::{Diagnostic, Label, Severity, codes};
use crate::source::{SourceId, SourceMap, Span};

/// Characters of the longest message, label or advice that is drawn whole: a quoted name can be as long as the
/// source.
const LONGEST_TEXT: usize = 1000;

/// Diagnostics drawn one after another, and how many there are beyond the limit.
pub(super) fn human(diagnostics: &[&Diagnostic], sources: &SourceMap, style: &Style) -> String {
    let handler = handler(style);
    let secrets = written_secrets(diagnostics);
    let shown = style.limit.unwrap_or(usize::MAX).min(diagnostics.len());
    let mut out = String::new();
    for diagnostic in diagnostics.iter().take(shown) {
        let report = Report::new(diagnostic, sources, &secrets);
        if handler.render_report(&mut out, &report).is_err() {
            out.push_str(&report.message);
        }
        out.push('\n');
    }
    if shown < diagnostics.len() {
        let dots = if style.unicode { "…" } else { "..." };
        let more = (diagnostics.len() - shown).to_string();
        out.extend([dots, " and ", &more, " more (--all)\n"]);
    }
    plain_lines(&out)
}

fn handler(style: &Style) -> GraphicalReportHandler {
    let characters = if style.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() };
    let styles = if style.color { ThemeStyles::ansi() } else { ThemeStyles::none() };
    GraphicalReportHandler::new_themed(GraphicalTheme { characters, styles })
        .with_links(false)
        .with_width(style.width)
        .with_context_lines(1)
}

/// Values that someone wrote where a secret is named: no snippet may repeat them, whatever it is about.
fn written_secrets(diagnostics: &[&Diagnostic]) -> Vec<Span> {
    let literals = diagnostics.iter().filter(|problem| problem.code == codes::SECRET_LITERAL);
    literals.filter_map(|problem| problem.primary.as_ref()).map(|label| label.span).collect()
}

/// A diagnostic as miette sees it.
struct Report {
    code: Option<String>,
    level: Level,
    message: String,
    snippet: Option<Snippet>,
    labels: Vec<LabeledSpan>,
    help: Option<String>,
    elsewhere: Vec<Report>,
}

impl Report {
    fn new(diagnostic: &Diagnostic, sources: &SourceMap, secrets: &[Span]) -> Self {
        let primary = diagnostic.primary.as_ref();
        let home = primary.map(|label| label.span.source);
        let (here, elsewhere): (Vec<&Label>, Vec<&Label>) =
            diagnostic.secondary.iter().partition(|label| Some(label.span.source) == home);
        let shown: Vec<&Label> = primary.into_iter().chain(here).collect();
        let mut snippet = home.and_then(|home| Snippet::new(home, &shown, sources, secrets));
        let mut labels = Vec::new();
        for (index, label) in shown.iter().enumerate() {
            let Some(at) = snippet.as_mut().and_then(|snippet| snippet.mark(label.span, sources)) else {
                continue;
            };
            labels.push(match index {
                0 => LabeledSpan::new_primary_with_span(words(&label.text), at),
                _ => LabeledSpan::new_with_span(words(&label.text), at),
            });
        }
        let drawn = labels.first().is_some_and(LabeledSpan::primary);
        Self {
            code: Some(format!("{} {}", diagnostic.code.id, diagnostic.code.name)),
            level: level(diagnostic.severity),
            message: message(diagnostic, drawn, sources),
            snippet,
            labels,
            help: help(diagnostic),
            elsewhere: elsewhere
                .into_iter()
                .filter_map(|label| Self::note(label, sources, secrets))
                .collect(),
        }
    }

    /// A label in another file, with a snippet of its own; its words are the message.
    fn note(label: &Label, sources: &SourceMap, secrets: &[Span]) -> Option<Self> {
        let mut snippet = Snippet::new(label.span.source, &[label], sources, secrets)?;
        let at = snippet.mark(label.span, sources)?;
        Some(Self {
            code: None,
            level: Level::Advice,
            message: words(&label.text).unwrap_or_else(|| "see here".to_owned()),
            snippet: Some(snippet),
            labels: vec![LabeledSpan::new_primary_with_span(None, at)],
            help: None,
            elsewhere: Vec::new(),
        })
    }
}

fn level(severity: Severity) -> Level {
    match severity {
        Severity::Error => Level::Error,
        Severity::Warning => Level::Warning,
        Severity::Note => Level::Advice,
    }
}

/// The message, with its place when the snippet cannot show it.
fn message(diagnostic: &Diagnostic, drawn: bool, sources: &SourceMap) -> String {
    let message = clipped(&diagnostic.message);
    let place = diagnostic.primary.as_ref().and_then(|label| Place::in_characters(sources, label.span));
    match place.filter(|_| !drawn) {
        Some(place) => {
            let (line, column) = (place.start.line + 1, place.start.column + 1);
            format!("{}:{line}:{column}: {message}", visible_line(place.path))
        }
        None => message,
    }
}

fn words(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| clipped(text))
}

/// Visible text of a bounded length.
fn clipped(text: &str) -> String {
    match text.char_indices().nth(LONGEST_TEXT) {
        Some((end, _)) => visible(text.get(..end).unwrap_or_default()) + "…",
        None => visible(text),
    }
}

/// The advice, and the fixes that it does not name already.
fn help(diagnostic: &Diagnostic) -> Option<String> {
    let advice = diagnostic.help.as_deref().unwrap_or_default();
    let told = |title: &str| advice.contains(title.split('`').nth(1).unwrap_or(title));
    let fixes = diagnostic.fixes.iter().map(|fix| &*fix.title).filter(|title| !told(title));
    let lines: Vec<String> = diagnostic
        .help
        .as_deref()
        .map(clipped)
        .into_iter()
        .chain(fixes.map(|title| format!("fix: {}", clipped(title))))
        .collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Report {}

impl miette::Diagnostic for Report {
    fn code<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        self.code.as_ref().map(|code| Box::new(code) as Box<dyn fmt::Display + 'b>)
    }

    fn severity(&self) -> Option<Level> {
        Some(self.level)
    }

    fn help<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display + 'b>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.snippet.as_ref().map(|snippet| snippet as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }

    fn related<'b>(&'b self) -> Option<Box<dyn Iterator<Item = &'b dyn miette::Diagnostic> + 'b>> {
        let related = self.elsewhere.iter().map(|report| report as &dyn miette::Diagnostic);
        (!self.elsewhere.is_empty()).then(|| Box::new(related) as Box<dyn Iterator<Item = _>>)
    }
}

/// What miette reads instead of the source: it would scan the whole file for each label, print what a terminal
/// obeys, and give up on a span out of range.
struct Snippet {
    excerpt: Excerpt,
    /// Columns of labels in the source, from 0, by their offset in the excerpt.
    columns: BTreeMap<usize, u32>,
}

impl Snippet {
    fn new(id: SourceId, labels: &[&Label], sources: &SourceMap, secrets: &[Span]) -> Option<Self> {
        let spans: Vec<Span> = labels.iter().map(|label| label.span).collect();
        let excerpt = Excerpt::new(sources.get(id)?, &spans, secrets);
        Some(Self { excerpt, columns: BTreeMap::new() })
    }

    /// Where the first line of `span` is in the excerpt: a label over many lines hides what it means.
    fn mark(&mut self, span: Span, sources: &SourceMap) -> Option<SourceSpan> {
        let (start, length) = self.excerpt.find(span)?;
        let place = Place::in_characters(sources, span)?;
        self.columns.insert(start, place.start.column);
        Some((start, length).into())
    }
}

impl SourceCode for Snippet {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let start = span.offset();
        let end = start + span.len().saturating_sub(1);
        let window = self.excerpt.window(start, end, before.max(after)).ok_or(MietteError::OutOfBounds)?;
        // Without neighbours only the heading is wanted: the line and column of a label.
        let column = if before == 0 { self.columns.get(&start).copied().unwrap_or(0) } else { 0 };
        let contents = MietteSpanContents::new_named(
            visible_line(self.excerpt.path()),
            window.text.as_bytes(),
            (window.start, window.text.len()).into(),
            window.line as usize,
            column as usize,
            window.count,
        );
        Ok(Box::new(contents))
    }
}
