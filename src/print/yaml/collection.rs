//! Open sequences and mappings. Must not write anything before the first element: an empty one is `[]` or `{}`.

use std::fmt::{self, Write as _};

use serde::{Serialize, ser};

use super::error::Error;
use super::wrapper;
use super::writer::{INDENT, Place, Writer};
use crate::print::Mark;
use crate::source::SourceId;

/// What is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// `- item`.
    Sequence,
    /// `key: value`.
    Mapping,
    /// Not a mapping: a wrapper whose comment goes above.
    CommentAbove,
    /// Not a mapping: a wrapper whose comment goes beside.
    CommentBeside,
    /// Not a mapping: a wrapper that says which declaration its value stands for.
    Placed,
}

impl Shape {
    /// What a struct of this name is.
    pub(super) fn of_struct(name: &str) -> Self {
        match name {
            wrapper::ABOVE => Self::CommentAbove,
            wrapper::COMMENTED => Self::CommentBeside,
            wrapper::PLACED => Self::Placed,
            _ => Self::Mapping,
        }
    }

    fn brackets(self) -> (char, char, &'static str) {
        match self {
            Self::Sequence => ('[', ']', "[]"),
            _ => ('{', '}', "{}"),
        }
    }
}

/// A collection whose elements are being written.
#[derive(Debug)]
pub(super) struct Collection<'w> {
    pub(super) writer: &'w mut Writer,
    shape: Shape,
    /// Where it stands.
    place: Place,
    /// The column of its elements.
    indent: usize,
    is_empty: bool,
    /// Whether it stands in a mapping of its own below the name of an enum variant.
    is_variant: bool,
    /// Of [`Shape::Placed`].
    mark: Mark,
}

impl<'w> Collection<'w> {
    /// Opens a collection; writes nothing yet.
    pub(super) fn open(writer: &'w mut Writer, shape: Shape) -> Self {
        let place = writer.place;
        let indent = if place == Place::Document { 0 } else { writer.indent + INDENT };
        let mark = writer.open_mark();
        Self { writer, shape, place, indent, is_empty: true, is_variant: false, mark }
    }

    /// Opens a mapping with one key, the name of an enum variant.
    pub(super) fn open_variant(writer: &'w mut Writer, variant: &str) -> Result<Self, Error> {
        let mut outer = Self::open(writer, Shape::Mapping);
        outer.start_entry(variant)?;
        Ok(outer)
    }

    /// The collection below the name of an enum variant.
    pub(super) fn into_value(self, shape: Shape) -> Self {
        let inner = Self::open(self.writer, shape);
        Self { is_variant: true, ..inner }
    }

    /// Closes it.
    pub(super) fn close(self) {
        let (open, close, empty) = self.shape.brackets();
        if self.place != Place::Flow {
            if self.is_empty {
                self.writer.place = self.place;
                self.writer.write_token(empty);
            }
            return;
        }
        if self.is_empty {
            self.writer.out.push(open);
        }
        self.writer.out.push(close);
        if self.is_variant {
            self.writer.out.push('}');
        }
    }

    fn start_item(&mut self) {
        self.start_element();
        if self.place != Place::Flow {
            self.writer.out.push('-');
            self.writer.place = Place::Dash;
        }
    }

    fn start_entry(&mut self, key: &str) -> Result<(), Error> {
        self.start_element();
        self.writer.write_key(key)?;
        if self.place != Place::Flow {
            self.writer.place = Place::Key;
        }
        Ok(())
    }

    fn start_element(&mut self) {
        let is_first = std::mem::take(&mut self.is_empty);
        match self.place {
            Place::Flow if is_first => self.writer.out.push(self.shape.brackets().0),
            Place::Flow => self.writer.out.push_str(", "),
            Place::Dash if is_first => self.start_beside_dash(),
            Place::Key if is_first => {
                self.writer.push_comment_beside();
                self.writer.out.push('\n');
                self.writer.start_entry(self.indent, true);
            }
            Place::Document if is_first => self.start_above(),
            Place::Document | Place::Key | Place::Dash => self.writer.start_entry(self.indent, false),
        }
        self.writer.indent = self.indent;
    }

    /// The first element of a list item stands on the line of its dash, so comments go above the dash.
    fn start_beside_dash(&mut self) {
        self.start_above();
        self.writer.out.push(' ');
    }

    fn start_above(&mut self) {
        if let Some(comment) = self.writer.comment.take() {
            self.writer.comment_above(&comment);
        }
    }

    fn wrap<T: Serialize + ?Sized>(&mut self, part: &str, value: &T) -> Result<(), Error> {
        if part == "value" {
            return value.serialize(&mut *self.writer);
        }
        if self.shape == Shape::Placed {
            return self.place(part, value);
        }
        self.writer.require_lines()?;
        let comment = Text(value).to_string();
        match self.shape {
            Shape::CommentAbove => self.writer.comment_above(&comment),
            _ => self.writer.comment_beside(comment),
        }
        Ok(())
    }
}

impl Collection<'_> {
    /// Reads a number of the place of a declaration, without making a string for it.
    fn place<T: Serialize + ?Sized>(&mut self, part: &str, value: &T) -> Result<(), Error> {
        let mut text = std::mem::take(&mut self.writer.scratch);
        text.clear();
        write!(text, "{}", Text(value)).map_err(|_| Error::KeyNotScalar)?;
        let number: u32 = text.parse().unwrap_or_default();
        self.writer.scratch = text;
        let place = &mut self.mark.place;
        match part {
            "source" => place.source = SourceId(number),
            "start" => place.start = number,
            _ => place.end = number,
        }
        Ok(())
    }
}

/// A scalar as text: what a key or a comment is made of.
pub(super) struct Text<'a, T: ?Sized>(pub(super) &'a T);

impl<T: Serialize + ?Sized> fmt::Display for Text<'_, T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.serialize(out)
    }
}

impl ser::SerializeSeq for Collection<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.start_item();
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<(), Error> {
        self.close();
        Ok(())
    }
}

impl ser::SerializeTuple for Collection<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        ser::SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result<(), Error> {
        ser::SerializeSeq::end(self)
    }
}

impl ser::SerializeTupleStruct for Collection<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        ser::SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result<(), Error> {
        ser::SerializeSeq::end(self)
    }
}

impl ser::SerializeTupleVariant for Collection<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        ser::SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result<(), Error> {
        ser::SerializeSeq::end(self)
    }
}

impl ser::SerializeMap for Collection<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        let mut text = std::mem::take(&mut self.writer.scratch);
        text.clear();
        write!(text, "{}", Text(key)).map_err(|_| Error::KeyNotScalar)?;
        self.start_entry(&text)?;
        self.writer.scratch = text;
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<(), Error> {
        self.close();
        Ok(())
    }
}

impl ser::SerializeStruct for Collection<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        if !matches!(self.shape, Shape::Mapping | Shape::Sequence) {
            return self.wrap(key, value);
        }
        self.start_entry(key)?;
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<(), Error> {
        match self.shape {
            Shape::Mapping => self.close(),
            Shape::Placed => self.writer.close_mark(self.mark),
            Shape::Sequence | Shape::CommentAbove | Shape::CommentBeside => {}
        }
        Ok(())
    }
}

impl ser::SerializeStructVariant for Collection<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        ser::SerializeStruct::serialize_field(self, key, value)
    }

    fn end(self) -> Result<(), Error> {
        ser::SerializeStruct::end(self)
    }
}
