//! Presentation inside typed documents: comments, empty lines, one-line collections, quotes. Must not change what a
//! reader gets: each wrapper is transparent to the value it holds.

use serde::Serialize;

use crate::source::Span;

pub(super) const COMMENTED: &str = "$yaml::Commented";
pub(super) const ABOVE: &str = "$yaml::Above";
pub(super) const SPACED: &str = "$yaml::Spaced";
pub(super) const FLOW: &str = "$yaml::Flow";
pub(super) const PLACED: &str = "$yaml::Placed";
pub(super) const SINGLE_QUOTED: &str = "$yaml::SingleQuoted";

/// A value with a comment at the end of its line: `uses: owner/action@sha  # v4.2.2`.
///
/// A comment of several lines goes above the entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename = "$yaml::Commented")]
pub struct Commented<T> {
    comment: String,
    value: T,
}

impl<T> Commented<T> {
    /// The value with its comment.
    pub fn new(comment: impl Into<String>, value: T) -> Self {
        let comment = comment.into();
        Self { comment, value }
    }
}

/// A map entry or list item with comment lines above it, at its own indentation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename = "$yaml::Above")]
pub struct Above<T> {
    comment: String,
    value: T,
}

impl<T> Above<T> {
    /// The value with its comment lines.
    pub fn new(comment: impl Into<String>, value: T) -> Self {
        let comment = comment.into();
        Self { comment, value }
    }
}

/// A map entry or list item after an empty line; the first one of its collection gets none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename = "$yaml::Spaced")]
pub struct Spaced<T>(pub T);

/// A collection on one line: `[build, test]`, and with quotes on every string when one needs them: `["CMD", "-q"]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename = "$yaml::Flow")]
pub struct Flow<T>(pub T);

/// A string in single quotes: `'8080:80'`; in double quotes when it has a character that single quotes cannot hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename = "$yaml::SingleQuoted")]
pub struct SingleQuoted(pub String);

/// A map entry, list item or document that stands for a declaration: the text of it gets a [`crate::print::Mark`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename = "$yaml::Placed")]
pub struct Placed<T> {
    source: u32,
    start: u32,
    end: u32,
    value: T,
}

impl<T> Placed<T> {
    /// The value of a declaration.
    pub fn new(place: Span, value: T) -> Self {
        Self { source: place.source.0, start: place.start, end: place.end, value }
    }
}
