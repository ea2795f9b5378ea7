//! The lines of a source that a diagnostic shows, made safe to print. Must not know how they are drawn.

use std::collections::BTreeSet;

use super::escape::push_visible;
use crate::source::{Source, Span};

/// Bytes of the longest line that is shown: nobody could read a longer one, and miette cannot underline beyond
/// 65535 columns.
const LONGEST_LINE: usize = 2000;

/// What stands for a written secret.
const MASK: &str = "***";

/// A few lines of a source as text of its own, in which hidden characters are spelt out and secrets masked.
/// Offsets in it are not offsets of the source: [`Excerpt::find`] translates.
pub(super) struct Excerpt {
    source: Source,
    masked: Vec<Span>,
    lines: Vec<Line>,
    text: String,
}

/// A shown line.
#[derive(Debug, Clone, Copy)]
struct Line {
    /// In the source, from 0.
    number: u32,
    /// First byte in the excerpt.
    start: usize,
    /// One past its last byte in the excerpt.
    end: usize,
}

/// Shown lines without a gap.
pub(super) struct Window<'a> {
    /// Line of the source, from 0.
    pub(super) line: u32,
    /// How many lines.
    pub(super) count: usize,
    /// First byte in the excerpt.
    pub(super) start: usize,
    /// The lines, with line feeds between them.
    pub(super) text: &'a str,
}

impl Excerpt {
    /// The lines on which `spans` start, and a neighbour on either side.
    pub(super) fn new(source: &Source, spans: &[Span], masked: &[Span]) -> Self {
        let of_source = |span: &&Span| span.source == source.id;
        let masked = masked.iter().filter(of_source).copied().collect();
        let mut excerpt = Self { source: source.clone(), masked, lines: Vec::new(), text: String::new() };
        let labelled: BTreeSet<u32> =
            spans.iter().filter(of_source).map(|span| source.lines.line(span.start)).collect();
        let wanted: BTreeSet<u32> =
            labelled.iter().flat_map(|line| line.saturating_sub(1)..=line.saturating_add(1)).collect();
        for number in wanted.into_iter().filter(|line| *line < source.lines.len()) {
            excerpt.push(number, labelled.contains(&number));
        }
        excerpt
    }

    fn push(&mut self, number: u32, labelled: bool) {
        let (from, to) = self.bounds(number);
        if to - from > LONGEST_LINE {
            return;
        }
        if !self.lines.is_empty() {
            self.text.push('\n');
        }
        let start = self.text.len();
        let drawn = self.drawn(from, to);
        self.text.push_str(&drawn);
        // An empty last line would not be drawn, and its label with it.
        if labelled && drawn.is_empty() {
            self.text.push(' ');
        }
        self.lines.push(Line { number, start, end: self.text.len() });
    }

    /// Byte range of a line in the source, without its line break.
    fn bounds(&self, line: u32) -> (usize, usize) {
        let (start, end) = self.source.lines.range(line);
        let text = self.source.text.get(start as usize..end as usize).unwrap_or_default();
        let text = text.strip_suffix('\n').unwrap_or(text);
        let text = text.strip_suffix('\r').unwrap_or(text);
        (start as usize, start as usize + text.len())
    }

    /// A range within one line as it is shown.
    fn drawn(&self, from: usize, to: usize) -> String {
        let mut out = String::new();
        let rest = self.source.text.get(from..).unwrap_or_default();
        for (at, character) in rest.char_indices().map(|(at, character)| (from + at, character)) {
            if at >= to {
                break;
            }
            let mask = self.masked.iter().find(|span| (span.start as usize..span.end as usize).contains(&at));
            match mask {
                Some(span) if at == from || at == span.start as usize => out.push_str(MASK),
                Some(_) => {}
                // Drawn as columns, not obeyed.
                None if character == '\t' => out.push('\t'),
                None => push_visible(&mut out, rest.get(at - from..).unwrap_or_default()),
            }
        }
        out
    }

    /// Offset and length in the excerpt of the part of `span` on its first line; `None` when it is not shown.
    pub(super) fn find(&self, span: Span) -> Option<(usize, usize)> {
        let number = self.source.lines.line(span.start);
        let line = self.lines.iter().find(|line| line.number == number)?;
        let (from, to) = self.bounds(number);
        let start = (span.start as usize).clamp(from, to);
        let end = (span.end as usize).clamp(start, to);
        let before = self.drawn(from, start).len();
        let all = self.drawn(from, end).len();
        Some((line.start + before, all.saturating_sub(before)))
    }

    /// The lines from `start` to `end`, offsets of the excerpt, with up to `around` neighbours on either side;
    /// `None` when lines between them are not shown.
    pub(super) fn window(&self, start: usize, end: usize, around: usize) -> Option<Window<'_>> {
        let at = |offset: usize| self.lines.partition_point(|line| line.start <= offset).checked_sub(1);
        let (first, last) = (at(start)?, at(end.max(start))?);
        let follows = |index: usize| {
            let pair = self.lines.get(index).zip(self.lines.get(index + 1));
            pair.is_some_and(|(line, next)| line.number + 1 == next.number)
        };
        if !(first..last).all(follows) {
            return None;
        }
        let above = (0..first).rev().take_while(|index| follows(*index)).take(around).count();
        let below = (last..self.lines.len()).take_while(|index| follows(*index)).take(around).count();
        let (first, last) = (first - above, last + below);
        let (top, bottom) = (self.lines.get(first)?, self.lines.get(last)?);
        let text = self.text.get(top.start..bottom.end)?;
        Some(Window { line: top.number, count: last - first + 1, start: top.start, text })
    }

    /// Path of the source.
    pub(super) fn path(&self) -> &str {
        &self.source.path
    }
}
