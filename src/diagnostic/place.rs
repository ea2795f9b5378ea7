//! Places as the machine forms write them. Must not hold a default: what has no source has no place.

use crate::source::{LineColumn, SourceMap, Span};

/// A span with its path, lines and columns; all numbers from 0.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    /// Path as the author knows it.
    pub(super) path: &'a str,
    /// Where it starts.
    pub(super) start: LineColumn,
    /// Where it ends; never before the start.
    pub(super) end: LineColumn,
}

impl<'a> Place<'a> {
    /// Columns in characters, as people count.
    pub(super) fn in_characters(sources: &'a SourceMap, span: Span) -> Option<Self> {
        let source = sources.get(span.source)?;
        let at = |offset| source.lines.chars(&source.text, offset);
        Some(Self { path: &source.path, start: at(span.start), end: at(span.end.max(span.start)) })
    }

    /// Columns in UTF-16 code units, as editors count.
    pub(super) fn in_utf16(sources: &'a SourceMap, span: Span) -> Option<Self> {
        let source = sources.get(span.source)?;
        let at = |offset| source.lines.utf16(&source.text, offset);
        Some(Self { path: &source.path, start: at(span.start), end: at(span.end.max(span.start)) })
    }
}
