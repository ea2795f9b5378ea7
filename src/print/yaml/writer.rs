//! The page: lines, indentation, comments, and the place where the next value goes. Must not know serde.
//!
//! A key is written before its value is known, and the value may carry a comment that belongs above the key. So the
//! writer keeps where the current entry starts and inserts there: only the key itself moves.

use super::error::Error;
use super::scalar;
use crate::print::comment::{self, push_indent};
use crate::print::{Mark, Printed};

/// Characters that readers look ahead for the colon behind a key on its line (YAML 1.2 §7.4.2).
const LONGEST_KEY: usize = 1024;

/// Columns per level.
pub(super) const INDENT: usize = 2;

/// Where the next value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Place {
    /// At the start of a document.
    #[default]
    Document,
    /// After `key:`.
    Key,
    /// After `-`.
    Dash,
    /// Inside brackets.
    Flow,
}

/// How strings inside brackets are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum FlowStrings {
    /// Bare; gives up at the first one that needs quotes.
    #[default]
    Bare,
    /// One needs quotes, so all get them.
    Quoted,
}

/// The map entry or list item whose value comes next.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Entry {
    /// Offset at which an empty line goes.
    gap: usize,
    /// Offset of its first character, indentation included: where comment lines go.
    start: usize,
    /// Its indentation.
    column: usize,
    /// Whether nothing comes before it in its collection, or it has its empty line already.
    is_spaced: bool,
}

/// Text so far, and the state that values need.
#[derive(Debug, Default)]
pub(super) struct Writer {
    pub(super) out: String,
    pub(super) marks: Vec<Mark>,
    pub(super) place: Place,
    pub(super) entry: Entry,
    /// Indentation of the entries of the innermost open collection.
    pub(super) indent: usize,
    /// The comment for the end of the line of the next value.
    pub(super) comment: Option<String>,
    pub(super) single_quotes: bool,
    pub(super) flow_strings: FlowStrings,
    /// The text of the map key being written; kept for its allocation.
    pub(super) scratch: String,
    /// Whether only errors are asked for: what is written is given up with each entry of the upper levels.
    pub(super) is_rehearsal: bool,
}

impl Writer {
    pub(super) fn start_document(&mut self) {
        self.out.push_str("---\n");
        self.place = Place::Document;
        self.indent = 0;
        self.start_entry(0, true);
    }

    /// The text, without the room that it had for growing: thousands of files are held at once.
    pub(super) fn finish(mut self) -> Printed {
        self.out.shrink_to_fit();
        Printed { text: self.out, marks: self.marks }
    }

    /// Begins an entry on a new line.
    pub(super) fn start_entry(&mut self, column: usize, is_first: bool) {
        if self.is_rehearsal && column <= INDENT {
            self.out.clear();
            self.marks.clear();
        }
        let start = self.out.len();
        self.entry = Entry { gap: start, start, column, is_spaced: is_first };
        push_indent(&mut self.out, column);
    }

    /// Puts comment lines above the current entry; nothing for an empty text.
    pub(super) fn comment_above(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        let mut lines = String::new();
        comment::push_lines(&mut lines, self.entry.column, text);
        self.out.insert_str(self.entry.start, &lines);
        self.entry.start += lines.len();
    }

    /// Puts an empty line above the current entry and its comments.
    pub(super) fn space_above(&mut self) {
        if !self.entry.is_spaced {
            self.out.insert(self.entry.gap, '\n');
            self.entry.start += 1;
            self.entry.is_spaced = true;
        }
    }

    /// What the current entry stands for; its end is not known yet.
    pub(super) fn open_mark(&self) -> Mark {
        Mark { start: self.entry.start as u32, ..Mark::default() }
    }

    /// Notes a mark whose end is here. Text inside brackets has no lines of its own.
    pub(super) fn close_mark(&mut self, mark: Mark) {
        if self.place != Place::Flow {
            self.marks.push(Mark { end: self.out.len() as u32, ..mark });
        }
    }

    /// Keeps a comment for the end of the line; above the entry when it has several lines.
    pub(super) fn comment_beside(&mut self, comment: String) {
        if comment.contains(['\n', '\r']) || self.comment.is_some() {
            self.comment_above(&comment);
        } else {
            self.comment = Some(comment);
        }
    }

    /// Refuses presentation that needs lines of its own inside brackets.
    pub(super) fn require_lines(&self) -> Result<(), Error> {
        if self.place == Place::Flow { Err(Error::CommentInFlow) } else { Ok(()) }
    }

    /// Separates a value from its key or dash.
    pub(super) fn start_inline(&mut self) {
        if matches!(self.place, Place::Key | Place::Dash) {
            self.out.push(' ');
        }
    }

    /// Ends the line of an inline value, with its comment.
    pub(super) fn end_line(&mut self) {
        if self.place != Place::Flow {
            self.push_comment_beside();
            self.out.push('\n');
        }
    }

    /// Writes a number, a boolean, a null or an empty collection.
    pub(super) fn write_token(&mut self, token: &str) {
        self.start_inline();
        self.out.push_str(token);
        self.end_line();
    }

    /// Writes a string in the style that keeps it one.
    pub(super) fn write_str(&mut self, text: &str) {
        self.start_inline();
        let single_quotes = std::mem::take(&mut self.single_quotes);
        if single_quotes && scalar::is_single_quotable(text) {
            scalar::write_single_quoted(text, &mut self.out);
        } else if self.place == Place::Flow {
            self.write_flow_str(text);
        } else if !single_quotes && scalar::is_plain(text) {
            self.out.push_str(text);
        } else if !single_quotes && scalar::is_literal(text) {
            return self.write_literal(text);
        } else {
            scalar::write_double_quoted(text, &mut self.out);
        }
        self.end_line();
    }

    /// Writes `key:`.
    pub(super) fn write_key(&mut self, key: &str) -> Result<(), Error> {
        let start = self.out.len();
        let is_flow = self.place == Place::Flow;
        let is_bare = if is_flow { scalar::is_plain_in_flow(key) } else { scalar::is_plain(key) };
        if is_bare {
            self.out.push_str(key);
        } else {
            scalar::write_double_quoted(key, &mut self.out);
        }
        // What counts is the key as it stands there, quotes and escapes included.
        let written = self.out.get(start..).unwrap_or_default();
        if written.len() > LONGEST_KEY && written.chars().count() > LONGEST_KEY {
            return Err(Error::LongKey);
        }
        self.out.push_str(if is_flow { ": " } else { ":" });
        Ok(())
    }

    /// Appends the comment that waits for the end of this line.
    pub(super) fn push_comment_beside(&mut self) {
        if let Some(text) = self.comment.take() {
            self.out.push_str("  ");
            comment::push(&mut self.out, &text);
        }
    }

    fn write_flow_str(&mut self, text: &str) {
        if self.flow_strings == FlowStrings::Bare && scalar::is_plain_in_flow(text) {
            self.out.push_str(text);
        } else {
            self.flow_strings = FlowStrings::Quoted;
            scalar::write_double_quoted(text, &mut self.out);
        }
    }

    fn write_literal(&mut self, text: &str) {
        self.out.push_str(if text.ends_with('\n') { "|" } else { "|-" });
        self.push_comment_beside();
        scalar::write_literal_lines(text, self.indent + INDENT, &mut self.out);
        self.out.push('\n');
    }
}
