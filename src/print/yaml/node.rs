//! A document as a tree, for whoever changes documents whose type it does not know. Must not lose presentation: a
//! tree that nobody changed prints like the document that it was made from.

use indexmap::IndexMap;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::wrapper;
use crate::source::Span;

/// A value of any document.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// `null`
    Null,
    /// `true`
    Bool(bool),
    /// `-3`
    Int(i64),
    /// A number above the range of [`Node::Int`].
    Unsigned(u64),
    /// `0.5`
    Float(f64),
    /// A string.
    Text(String),
    /// Values in a row.
    List(Vec<Node>),
    /// Values by key, in the order in which they are printed.
    Map(IndexMap<String, Node>),
    /// A value and how it is presented.
    Presented(Presentation, Box<Node>),
}

/// What the wrappers of this module say about a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presentation {
    /// A comment at the end of its line.
    Commented(String),
    /// Comment lines above it.
    Above(String),
    /// After an empty line.
    Spaced,
    /// On one line.
    Flow,
    /// In single quotes.
    SingleQuoted,
    /// Of a declaration.
    Placed(Span),
}

impl Node {
    /// The value without its presentation.
    pub fn content(&self) -> &Self {
        match self {
            Self::Presented(_, inner) => inner.content(),
            plain => plain,
        }
    }

    /// The value without its presentation, to be changed.
    pub fn content_mut(&mut self) -> &mut Self {
        match self {
            Self::Presented(_, inner) => inner.content_mut(),
            plain => plain,
        }
    }

    /// The value below a key.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self.content() {
            Self::Map(entries) => entries.get(key),
            _ => None,
        }
    }

    /// The value below a key or the number of an item, to be changed.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Self> {
        match self.content_mut() {
            Self::Map(entries) => entries.get_mut(name),
            Self::List(items) => items.get_mut(name.parse::<usize>().ok()?),
            _ => None,
        }
    }

    /// The keys of a map.
    pub fn keys(&self) -> Vec<String> {
        match self.content() {
            Self::Map(entries) => entries.keys().cloned().collect(),
            _ => Vec::new(),
        }
    }

    /// The characters of a string.
    pub fn as_text(&self) -> Option<&str> {
        match self.content() {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether a reader gets the same value, whatever the order of keys and the presentation.
    pub fn means(&self, other: &Self) -> bool {
        match (self.content(), other.content()) {
            (Self::List(a), Self::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.means(b)),
            (Self::Map(a), Self::Map(b)) => {
                a.len() == b.len()
                    && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| value.means(other)))
            }
            (a, b) => a == b,
        }
    }

    /// Puts another value in its place. What stands above it stays; a comment beside it spoke of the old value.
    pub fn replace(&mut self, value: Self) {
        if let Self::Presented(presentation, inner) = self {
            let stays = match presentation {
                Presentation::Above(_) | Presentation::Spaced => true,
                Presentation::Flow => matches!(value.content(), Self::List(_) | Self::Map(_)),
                Presentation::SingleQuoted => matches!(value.content(), Self::Text(_)),
                Presentation::Commented(_) | Presentation::Placed(_) => false,
            };
            if stays {
                return inner.replace(value);
            }
        }
        *self = value;
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Int(value) => serializer.serialize_i64(*value),
            Self::Unsigned(value) => serializer.serialize_u64(*value),
            Self::Float(value) => serializer.serialize_f64(*value),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => items.serialize(serializer),
            Self::Map(entries) => entries.serialize(serializer),
            Self::Presented(presentation, value) => present(presentation, value, serializer),
        }
    }
}

/// The value in the wrapper that the printer knows.
fn present<S: Serializer>(
    presentation: &Presentation,
    value: &Node,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let (name, comment) = match presentation {
        Presentation::Commented(comment) => (wrapper::COMMENTED, comment),
        Presentation::Above(comment) => (wrapper::ABOVE, comment),
        Presentation::Placed(place) => return wrapper::Placed::new(*place, value).serialize(serializer),
        Presentation::Spaced => return serializer.serialize_newtype_struct(wrapper::SPACED, value),
        Presentation::Flow => return serializer.serialize_newtype_struct(wrapper::FLOW, value),
        Presentation::SingleQuoted => {
            return serializer.serialize_newtype_struct(wrapper::SINGLE_QUOTED, value);
        }
    };
    let mut fields = serializer.serialize_struct(name, 2)?;
    fields.serialize_field("comment", comment)?;
    fields.serialize_field("value", value)?;
    fields.end()
}
