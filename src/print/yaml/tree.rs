//! Typed documents to trees. Must not decide how anything is printed: wrappers stay as they are.

use std::fmt::Write as _;

use indexmap::IndexMap;
use serde::{Serialize, Serializer, ser};

use super::collection::Text;
use super::error::Error;
use super::node::{Node, Presentation};
use super::wrapper;
use crate::source::{SourceId, Span};

/// The tree of a document.
pub fn to_tree<T: Serialize + ?Sized>(document: &T) -> Result<Node, Error> {
    document.serialize(Tree)
}

struct Tree;

impl Serializer for Tree {
    type Ok = Node;
    type Error = Error;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Items;
    type SerializeTupleVariant = Items;
    type SerializeMap = Entries;
    type SerializeStruct = Entries;
    type SerializeStructVariant = Entries;

    fn serialize_bool(self, value: bool) -> Result<Node, Error> {
        Ok(Node::Bool(value))
    }

    fn serialize_i8(self, value: i8) -> Result<Node, Error> {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Result<Node, Error> {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Result<Node, Error> {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(self, value: i64) -> Result<Node, Error> {
        Ok(Node::Int(value))
    }

    fn serialize_u8(self, value: u8) -> Result<Node, Error> {
        self.serialize_u64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result<Node, Error> {
        self.serialize_u64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<Node, Error> {
        self.serialize_u64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Result<Node, Error> {
        Ok(i64::try_from(value).map_or(Node::Unsigned(value), Node::Int))
    }

    fn serialize_f32(self, value: f32) -> Result<Node, Error> {
        // The shortest digits that mean this number: widening it would print more.
        Ok(Node::Float(value.to_string().parse().unwrap_or_else(|_| value.into())))
    }

    fn serialize_f64(self, value: f64) -> Result<Node, Error> {
        Ok(Node::Float(value))
    }

    fn serialize_char(self, value: char) -> Result<Node, Error> {
        Ok(Node::Text(value.into()))
    }

    fn serialize_str(self, value: &str) -> Result<Node, Error> {
        Ok(Node::Text(value.to_owned()))
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<Node, Error> {
        Err(Error::Bytes)
    }

    fn serialize_none(self) -> Result<Node, Error> {
        Ok(Node::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Node, Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Node, Error> {
        Ok(Node::Null)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Node, Error> {
        Ok(Node::Null)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<Node, Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<Node, Error> {
        let presentation = match name {
            wrapper::SPACED => Presentation::Spaced,
            wrapper::FLOW => Presentation::Flow,
            wrapper::SINGLE_QUOTED => Presentation::SingleQuoted,
            _ => return value.serialize(self),
        };
        Ok(Node::Presented(presentation, Box::new(value.serialize(self)?)))
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Node, Error> {
        Ok(below(Some(variant), value.serialize(self)?))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Items, Error> {
        Ok(Items::default())
    }

    fn serialize_tuple(self, _: usize) -> Result<Items, Error> {
        Ok(Items::default())
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Items, Error> {
        Ok(Items::default())
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Items, Error> {
        Ok(Items { variant: Some(variant), ..Items::default() })
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Entries, Error> {
        Ok(Entries::default())
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Entries, Error> {
        Ok(Entries { name, ..Entries::default() })
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Entries, Error> {
        Ok(Entries { variant: Some(variant), ..Entries::default() })
    }
}

/// A value in a map of its own below the name of an enum variant.
fn below(variant: Option<&'static str>, value: Node) -> Node {
    match variant {
        Some(name) => Node::Map(IndexMap::from([(name.to_owned(), value)])),
        None => value,
    }
}

/// A list that is being collected.
#[derive(Default)]
struct Items {
    items: Vec<Node>,
    variant: Option<&'static str>,
}

/// A map that is being collected.
#[derive(Default)]
struct Entries {
    /// Name of the struct: a wrapper's says that this is no map.
    name: &'static str,
    map: IndexMap<String, Node>,
    key: String,
    variant: Option<&'static str>,
}

impl Entries {
    fn close(mut self) -> Node {
        let presentation = match self.name {
            wrapper::ABOVE => Presentation::Above,
            wrapper::COMMENTED => Presentation::Commented,
            wrapper::PLACED => return self.placed(),
            _ => return below(self.variant, Node::Map(self.map)),
        };
        let comment = self.map.get("comment").and_then(Node::as_text).unwrap_or_default().to_owned();
        let value = self.map.swap_remove("value").unwrap_or(Node::Null);
        Node::Presented(presentation(comment), Box::new(value))
    }
}

impl Entries {
    fn placed(mut self) -> Node {
        let number = |key: &str| match self.map.get(key) {
            Some(Node::Int(number)) => u32::try_from(*number).unwrap_or_default(),
            _ => 0,
        };
        let place = Span::new(SourceId(number("source")), number("start"), number("end"));
        let value = self.map.swap_remove("value").unwrap_or(Node::Null);
        Node::Presented(Presentation::Placed(place), Box::new(value))
    }
}

impl ser::SerializeSeq for Items {
    type Ok = Node;
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.items.push(value.serialize(Tree)?);
        Ok(())
    }

    fn end(self) -> Result<Node, Error> {
        Ok(below(self.variant, Node::List(self.items)))
    }
}

impl ser::SerializeTuple for Items {
    type Ok = Node;
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        ser::SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result<Node, Error> {
        ser::SerializeSeq::end(self)
    }
}

impl ser::SerializeTupleStruct for Items {
    type Ok = Node;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        ser::SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result<Node, Error> {
        ser::SerializeSeq::end(self)
    }
}

impl ser::SerializeTupleVariant for Items {
    type Ok = Node;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        ser::SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result<Node, Error> {
        ser::SerializeSeq::end(self)
    }
}

impl ser::SerializeMap for Entries {
    type Ok = Node;
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.key.clear();
        write!(self.key, "{}", Text(key)).map_err(|_| Error::KeyNotScalar)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let key = std::mem::take(&mut self.key);
        self.map.insert(key, value.serialize(Tree)?);
        Ok(())
    }

    fn end(self) -> Result<Node, Error> {
        Ok(self.close())
    }
}

impl ser::SerializeStruct for Entries {
    type Ok = Node;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        self.map.insert(key.to_owned(), value.serialize(Tree)?);
        Ok(())
    }

    fn end(self) -> Result<Node, Error> {
        Ok(self.close())
    }
}

impl ser::SerializeStructVariant for Entries {
    type Ok = Node;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        ser::SerializeStruct::serialize_field(self, key, value)
    }

    fn end(self) -> Result<Node, Error> {
        Ok(self.close())
    }
}

#[cfg(test)]
mod tests {
    use serde::Serialize;

    use super::super::{Above, Commented, Flow, SingleQuoted, Spaced, to_string};
    use super::*;

    #[derive(Serialize)]
    enum Shape {
        Unit,
        Newtype(u8),
        Tuple(i8, f32),
        Struct { key: char },
    }

    #[derive(Serialize)]
    struct Document {
        name: &'static str,
        uses: Commented<&'static str>,
        spaced: Spaced<Above<Vec<u64>>>,
        flow: Flow<(&'static str, bool)>,
        quoted: SingleQuoted,
        nothing: Option<u8>,
        shapes: Vec<Shape>,
        ports: IndexMap<u16, ()>,
    }

    #[test]
    fn a_tree_prints_like_its_document() {
        let document = Document {
            name: "yes",
            uses: Commented::new("v1", "owner/action"),
            spaced: Spaced(Above::new("why\nso", vec![u64::MAX, 1])),
            flow: Flow(("-q", true)),
            quoted: SingleQuoted("80:80".to_owned()),
            nothing: None,
            shapes: vec![Shape::Unit, Shape::Newtype(1), Shape::Tuple(-1, 0.1), Shape::Struct { key: 'x' }],
            ports: IndexMap::from([(80, ())]),
        };
        let tree = to_tree(&document).unwrap();
        assert_eq!(to_string("head", &tree), to_string("head", &document));
        assert_eq!(tree.get("uses").and_then(Node::as_text), Some("owner/action"));
    }
}
