//! Which declaration a part of a text stands for: emitters say it, printers note where it ended up. Must not know what
//! a declaration is: it is a place in a source.

use crate::source::Span;

/// A part of a text and the declaration behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mark {
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// The declaration.
    pub place: Span,
}

/// A text with its marks; a mark inside of another one comes before it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Printed {
    /// The text.
    pub text: String,
    /// What its parts stand for.
    pub marks: Vec<Mark>,
}

impl From<String> for Printed {
    fn from(text: String) -> Self {
        Self { text, marks: Vec::new() }
    }
}

impl Printed {
    /// Notes what the text from `start` to its end stands for.
    pub(super) fn mark(&mut self, start: usize, place: Option<Span>) {
        if let Some(place) = place {
            self.marks.push(Mark { start: start as u32, end: self.text.len() as u32, place });
        }
    }
}
