//! The human form of diagnostics, drawn by miette. The only file that knows miette; must not choose what is shown.

use std::fmt;
use std::sync::Arc;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, Severity as Level,
    SourceCode, SourceSpan, SpanContents,
};

use super::{Diagnostic, Severity};
use crate::source::{Source, SourceMap, Span};

/// How the human form looks.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Whether it has colours.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
}

/// All diagnostics, drawn one after another.
pub fn human(diagnostics: &[Diagnostic], sources: &SourceMap, style: Style) -> String {
    let theme = if style.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_links(false)
        .with_width(style.width)
        .with_context_lines(1);
    let mut out = String::new();
    for diagnostic in diagnostics {
        let report = Report::new(diagnostic, sources);
        if handler.render_report(&mut out, &report).is_err() {
            out.push_str(&diagnostic.message);
        }
        out.push('\n');
    }
    out
}

/// Text from a source, safe for a terminal: control and direction characters are shown, not obeyed.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let direction = matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
        if (c.is_control() && c != '\n') || direction {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// Bytes of the longest line that is drawn.
const LONGEST_LINE: u32 = 2000;

/// Characters of the longest message, label or advice that is drawn whole.
const LONGEST_TEXT: usize = 1000;

/// A diagnostic as miette sees it.
struct Report<'a> {
    diagnostic: &'a Diagnostic,
    text: Option<Arc<Text>>,
    labels: Vec<LabeledSpan>,
    elsewhere: Vec<Report<'a>>,
    message: String,
    help: Option<String>,
    code: String,
}

impl<'a> Report<'a> {
    fn new(diagnostic: &'a Diagnostic, sources: &SourceMap) -> Self {
        let primary = diagnostic.primary.as_ref();
        let source = primary.and_then(|label| sources.get(label.span.source));
        let text = source.map(|source| Arc::new(Text(source.clone())));
        let mut labels = Vec::new();
        let mut message = clipped(&diagnostic.message);
        if let (Some(label), Some(source)) = (primary, source) {
            if is_long(source, source.lines.line(label.span.start)) {
                message = format!("{}: {message}", place(source, label.span));
            } else {
                let (at, length) = one_line(source, label.span);
                labels.push(LabeledSpan::new_primary_with_span(words(&label.text), (at, length)));
            }
        }
        let mut elsewhere = Vec::new();
        for label in &diagnostic.secondary {
            let Some(home) = sources.get(label.span.source) else { continue };
            if is_long(home, home.lines.line(label.span.start)) {
                continue;
            }
            let (at, length) = one_line(home, label.span);
            let drawn = LabeledSpan::new_with_span(words(&label.text), (at, length));
            if source.is_some_and(|source| source.id == home.id) {
                labels.push(drawn);
            } else {
                elsewhere.push(Self::note(diagnostic, home, drawn));
            }
        }
        Self {
            diagnostic,
            text,
            labels,
            elsewhere,
            message,
            help: help(diagnostic),
            code: format!("{} {}", diagnostic.code.id, diagnostic.code.name),
        }
    }

    /// A label in another file, with a snippet of its own.
    fn note(diagnostic: &'a Diagnostic, home: &Source, label: LabeledSpan) -> Self {
        let message = label.label().unwrap_or("see here").to_owned();
        Self {
            diagnostic,
            text: Some(Arc::new(Text(home.clone()))),
            labels: vec![label],
            elsewhere: Vec::new(),
            message,
            help: None,
            code: String::new(),
        }
    }
}

fn words(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| clipped(text))
}

/// Visible text of a bounded length: a quoted name can be as long as the source.
fn clipped(text: &str) -> String {
    match text.char_indices().nth(LONGEST_TEXT) {
        Some((end, _)) => visible(text.get(..end).unwrap_or_default()) + "…",
        None => visible(text),
    }
}

/// The advice, and the first fix where the advice does not say it already.
fn help(diagnostic: &Diagnostic) -> Option<String> {
    let advice = diagnostic.help.as_deref().map(clipped);
    let fix = diagnostic.fixes.first().map(|fix| clipped(&fix.title));
    match (advice, fix) {
        (Some(advice), Some(fix)) => {
            let told = fix.split('`').nth(1).is_some_and(|word| advice.contains(word));
            Some(if told { advice } else { format!("{advice}\nfix: {fix}") })
        }
        (advice, fix) => advice.or(fix.map(|fix| format!("fix: {fix}"))),
    }
}

/// Whether a line is too long to be drawn: nobody could read it, and miette cannot underline beyond 65535 columns.
fn is_long(source: &Source, line: u32) -> bool {
    let (start, end) = source.lines.range(line);
    end.saturating_sub(start) > LONGEST_LINE
}

/// Where a span starts, for people, when it cannot be drawn.
fn place(source: &Source, span: Span) -> String {
    let at = source.lines.chars(&source.text, span.start);
    format!("{}:{}:{}", visible(&source.path), at.line + 1, at.column + 1)
}

/// The part of a span on its first line: a label over many lines hides what it means.
fn one_line(source: &Source, span: Span) -> (usize, usize) {
    let (_, end) = source.lines.range(source.lines.line(span.start));
    let line_end = source
        .text
        .get(..end as usize)
        .map_or(end as usize, |text| text.trim_end_matches(['\n', '\r']).len());
    let start = (span.start as usize).min(source.text.len());
    let stop = (span.end as usize).min(line_end).max(start);
    (start, stop - start)
}

impl fmt::Debug for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Report<'_> {}

impl miette::Diagnostic for Report<'_> {
    fn code<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        (!self.code.is_empty()).then(|| Box::new(&self.code) as Box<dyn fmt::Display + 'b>)
    }

    fn severity(&self) -> Option<Level> {
        Some(match self.diagnostic.severity {
            _ if self.code.is_empty() => Level::Advice,
            Severity::Error => Level::Error,
            Severity::Warning => Level::Warning,
            Severity::Note => Level::Advice,
        })
    }

    fn help<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display + 'b>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.text.as_deref().map(|text| text as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }

    fn related<'b>(&'b self) -> Option<Box<dyn Iterator<Item = &'b dyn miette::Diagnostic> + 'b>> {
        let related = self.elsewhere.iter().map(|report| report as &dyn miette::Diagnostic);
        (!self.elsewhere.is_empty()).then(|| Box::new(related) as Box<dyn Iterator<Item = _>>)
    }
}

/// A source with its line table, so that drawing costs by what is shown and not by the length of the file.
struct Text(Source);

impl SourceCode for Text {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let lines = &self.0.lines;
        let length = self.0.text.len();
        let start = span.offset().min(length) as u32;
        let end = (span.offset() + span.len()).min(length) as u32;
        let (top, bottom) = (lines.line(start), lines.line(end.max(start + 1) - 1));
        let first = top.saturating_sub(before as u32);
        let last = (bottom + after as u32).min(lines.len() - 1);
        // A neighbour that is too long is left out.
        let first = if is_long(&self.0, first) { top } else { first };
        let last = if is_long(&self.0, last) { bottom } else { last };
        let (from, to) = (lines.range(first).0 as usize, lines.range(last).1 as usize);
        let bytes = self.0.text.as_bytes().get(from..to).unwrap_or_default();
        let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        let contents = MietteSpanContents::new_named(
            visible(&self.0.path),
            bytes,
            (from, bytes.len()).into(),
            first as usize,
            0,
            (last - first + 1) as usize,
        );
        Ok(Box::new(contents))
    }
}
