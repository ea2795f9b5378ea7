//! The serde side: every kind of value, handed to the writer. Must not decide about lines or quotes.

use std::fmt::{self, Write as _};

use serde::{Serialize, Serializer};

use super::collection::{Collection, Shape};
use super::error::Error;
use super::wrapper;
use super::writer::{FlowStrings, Place, Writer};

impl<'w> Serializer for &'w mut Writer {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Collection<'w>;
    type SerializeTuple = Collection<'w>;
    type SerializeTupleStruct = Collection<'w>;
    type SerializeTupleVariant = Collection<'w>;
    type SerializeMap = Collection<'w>;
    type SerializeStruct = Collection<'w>;
    type SerializeStructVariant = Collection<'w>;

    fn serialize_bool(self, value: bool) -> Result<(), Error> {
        self.write_token(if value { "true" } else { "false" });
        Ok(())
    }

    fn serialize_i8(self, value: i8) -> Result<(), Error> {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Result<(), Error> {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Result<(), Error> {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(self, value: i64) -> Result<(), Error> {
        self.write_number(format_args!("{value}"))
    }

    fn serialize_u8(self, value: u8) -> Result<(), Error> {
        self.serialize_u64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result<(), Error> {
        self.serialize_u64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<(), Error> {
        self.serialize_u64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Result<(), Error> {
        self.write_number(format_args!("{value}"))
    }

    fn serialize_f32(self, value: f32) -> Result<(), Error> {
        self.write_float(f64::from(value), &value)
    }

    fn serialize_f64(self, value: f64) -> Result<(), Error> {
        self.write_float(value, &value)
    }

    fn serialize_char(self, value: char) -> Result<(), Error> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), Error> {
        self.write_str(value);
        Ok(())
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), Error> {
        Err(Error::Bytes)
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.write_token("null");
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.serialize_none()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.serialize_none()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        match name {
            wrapper::SPACED => {
                self.require_lines()?;
                self.space_above();
            }
            wrapper::FLOW => return self.write_flow(value),
            wrapper::SINGLE_QUOTED => self.single_quotes = true,
            _ => {}
        }
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        let outer = Collection::open_variant(self, variant)?;
        value.serialize(&mut *outer.writer)?;
        outer.close();
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Collection<'w>, Error> {
        Ok(Collection::open(self, Shape::Sequence))
    }

    fn serialize_tuple(self, _: usize) -> Result<Collection<'w>, Error> {
        Ok(Collection::open(self, Shape::Sequence))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Collection<'w>, Error> {
        Ok(Collection::open(self, Shape::Sequence))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Collection<'w>, Error> {
        Ok(Collection::open_variant(self, variant)?.into_value(Shape::Sequence))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Collection<'w>, Error> {
        Ok(Collection::open(self, Shape::Mapping))
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Collection<'w>, Error> {
        Ok(Collection::open(self, Shape::of_struct(name)))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Collection<'w>, Error> {
        Ok(Collection::open_variant(self, variant)?.into_value(Shape::Mapping))
    }
}

impl Writer {
    fn write_number(&mut self, number: fmt::Arguments<'_>) -> Result<(), Error> {
        self.start_inline();
        self.out.write_fmt(number).map_err(|_| Error::Custom("a number has no text".to_owned()))?;
        self.end_line();
        Ok(())
    }

    /// Digits with a point and without an exponent, which YAML 1.1 and 1.2 read alike.
    fn write_float(&mut self, value: f64, digits: &dyn fmt::Display) -> Result<(), Error> {
        if value.is_nan() {
            self.write_token(".nan");
        } else if value.is_infinite() {
            self.write_token(if value > 0.0 { ".inf" } else { "-.inf" });
        } else if value.fract() == 0.0 {
            return self.write_number(format_args!("{digits}.0"));
        } else {
            return self.write_number(format_args!("{digits}"));
        }
        Ok(())
    }

    /// Writes a collection on one line: bare first, and again with quotes when a string needs them.
    fn write_flow<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        if self.place == Place::Flow {
            return value.serialize(self);
        }
        self.start_inline();
        let start = self.out.len();
        let place = std::mem::replace(&mut self.place, Place::Flow);
        self.flow_strings = FlowStrings::Bare;
        value.serialize(&mut *self)?;
        if self.flow_strings == FlowStrings::Quoted {
            self.out.truncate(start);
            value.serialize(&mut *self)?;
        }
        self.place = place;
        self.end_line();
        Ok(())
    }
}
