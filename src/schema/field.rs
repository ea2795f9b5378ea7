//! How slots become Rust values: one impl per type that a field may have. Must not report: the checker has
//! compared every value with its type before.

use std::sync::Arc;

use indexmap::IndexMap;

use super::text::{Part, Plain, PublicText, Text, Word};
use super::{
    Cpu, Cron, Duration, FilePath, Host, ImageRef, Kind, Port, Rate, Ratio, Reference, Size, Slot, Sourced,
    Trigger, Ty, UrlPath, UserId, Value,
};

/// A type that a field may have.
pub trait FieldType: Sized {
    /// Its row in the schema.
    const TY: Ty;
    /// Whether nothing is a value of it.
    const OPTIONAL: bool = false;

    /// The value of a checked slot.
    fn from_slot(slot: Slot) -> Option<Self>;

    /// The value as it would be written, for docs.
    fn written(&self) -> String {
        String::new()
    }
}

/// Blocks told apart by their label, in declaration order.
pub type Labelled<T> = IndexMap<Arc<str>, T>;

/// A map with free keys, in declaration order; every value keeps its origin.
pub type Map<T> = IndexMap<Arc<str>, Sourced<T>>;

/// A switch.
pub type Flag = bool;

macro_rules! scalar_field {
    ($ty:ty, $row:expr, $pattern:pat => $value:expr, $written:expr) => {
        impl FieldType for $ty {
            const TY: Ty = $row;

            fn from_slot(slot: Slot) -> Option<Self> {
                match slot {
                    Slot::Value(Sourced { value: $pattern, .. }) => $value,
                    _ => None,
                }
            }

            fn written(&self) -> String {
                let show: fn(&$ty) -> String = $written;
                show(self)
            }
        }
    };
}

scalar_field!(bool, Ty::Bool, Value::Bool(value) => Some(value), ToString::to_string);
scalar_field!(u32, Ty::Int(0, u32::MAX as i64), Value::Int(value) => u32::try_from(value).ok(), ToString::to_string);
scalar_field!(i64, Ty::Int(i64::MIN, i64::MAX), Value::Int(value) => Some(value), ToString::to_string);
scalar_field!(Port, Ty::Port, Value::Int(value) => u16::try_from(value).ok().map(Port), ToString::to_string);
scalar_field!(Size, Ty::Size, Value::Size(value) => Some(value), ToString::to_string);
scalar_field!(Duration, Ty::Duration, Value::Duration(value) => Some(value), ToString::to_string);
scalar_field!(Ratio, Ty::Ratio, Value::Ratio(value) => Some(value), ToString::to_string);
scalar_field!(Rate, Ty::Rate, Value::Rate(value) => Some(value), ToString::to_string);
scalar_field!(Trigger, Ty::Trigger, Value::Trigger(value) => Some(value), |_| String::new());

impl FieldType for Cpu {
    const TY: Ty = Ty::Cpu;

    fn from_slot(slot: Slot) -> Option<Self> {
        let Slot::Value(Sourced { value, .. }) = slot else {
            return None;
        };
        let milli = match value {
            Value::Milli(milli) => milli,
            Value::Int(whole) => whole.checked_mul(1000)?,
            _ => return None,
        };
        u32::try_from(milli).ok().map(Self)
    }

    fn written(&self) -> String {
        self.to_string()
    }
}

impl FieldType for Text {
    const TY: Ty = Ty::SecretText;

    fn from_slot(slot: Slot) -> Option<Self> {
        let Slot::Value(Sourced { value, .. }) = slot else {
            return None;
        };
        match value {
            Value::Text(text) => Some(text),
            Value::Reference(Reference::Secret(name)) => Some(Self(vec![Part::Secret(name)])),
            Value::Int(number) => Some(Self::literal(&number.to_string())),
            Value::Bool(flag) => Some(Self::literal(if flag { "true" } else { "false" })),
            _ => None,
        }
    }

    fn written(&self) -> String {
        self.as_literal().map(|text| format!("{text:?}")).unwrap_or_default()
    }
}

impl FieldType for PublicText {
    const TY: Ty = Ty::Text;

    fn from_slot(slot: Slot) -> Option<Self> {
        Text::from_slot(slot).filter(|text| !text.is_secret()).map(Self)
    }

    fn written(&self) -> String {
        self.0.written()
    }
}

macro_rules! text_field {
    ($ty:ty, $row:expr, $parse:expr) => {
        impl FieldType for $ty {
            const TY: Ty = $row;

            fn from_slot(slot: Slot) -> Option<Self> {
                let Slot::Value(Sourced { value: Value::Text(text), .. }) = slot else {
                    return None;
                };
                let parse: fn(&str) -> Option<$ty> = $parse;
                parse(text.as_literal()?)
            }

            fn written(&self) -> String {
                let text: &dyn AsText = self;
                format!("{:?}", text.as_text())
            }
        }
    };
}

trait AsText {
    fn as_text(&self) -> String;
}

macro_rules! as_text {
    ($($ty:ty),*) => { $( impl AsText for $ty {
        fn as_text(&self) -> String {
            self.to_string()
        }
    } )* };
}
as_text!(FilePath, UrlPath, Host, Cron, ImageRef, UserId);

impl AsText for Word {
    fn as_text(&self) -> String {
        self.0.to_string()
    }
}

impl AsText for Plain {
    fn as_text(&self) -> String {
        self.0.to_string()
    }
}

text_field!(Word, Ty::Word, |text| Some(Word(text.into())));
text_field!(Plain, Ty::Plain, |text| Some(Plain(text.into())));
text_field!(FilePath, Ty::FilePath, |text| FilePath::parse(text).ok());
text_field!(UrlPath, Ty::UrlPath, |text| UrlPath::parse(text).ok());
text_field!(Host, Ty::Host, |text| Host::parse(text).ok());
text_field!(Cron, Ty::Cron, |text| Cron::parse(text).ok());
text_field!(ImageRef, Ty::Image, |text| ImageRef::parse(text).ok());
text_field!(UserId, Ty::User, |text| UserId::parse(text).ok());

impl<T: FieldType> FieldType for Option<T> {
    const TY: Ty = T::TY;
    const OPTIONAL: bool = true;

    fn from_slot(slot: Slot) -> Option<Self> {
        match slot {
            Slot::Absent | Slot::Value(Sourced { value: Value::None, .. }) => Some(None),
            slot => T::from_slot(slot).map(Some),
        }
    }

    fn written(&self) -> String {
        self.as_ref().map_or_else(|| "none".to_owned(), FieldType::written)
    }
}

/// A block that few have: boxed, so that the others are not larger for it.
impl<T: Kind> FieldType for Box<T>
where
    T: FieldType,
{
    const TY: Ty = T::TY;

    fn from_slot(slot: Slot) -> Option<Self> {
        T::from_slot(slot).map(Self::new)
    }
}

impl<T: FieldType> FieldType for Vec<T> {
    const TY: Ty = Ty::List(&T::TY);
    const OPTIONAL: bool = true;

    fn from_slot(slot: Slot) -> Option<Self> {
        match slot {
            Slot::Absent | Slot::Value(Sourced { value: Value::None, .. }) => Some(Self::new()),
            Slot::Value(Sourced { value: Value::List(items), .. }) => {
                items.into_iter().map(|item| T::from_slot(Slot::Value(item))).collect()
            }
            slot @ Slot::Value(_) => T::from_slot(slot).map(|item| vec![item]),
            Slot::Block(_) | Slot::Blocks(_) => None,
        }
    }

    fn written(&self) -> String {
        format!("[{}]", self.iter().map(FieldType::written).collect::<Vec<_>>().join(", "))
    }
}

impl<T: FieldType> FieldType for Sourced<T> {
    const TY: Ty = T::TY;
    const OPTIONAL: bool = T::OPTIONAL;

    fn from_slot(slot: Slot) -> Option<Self> {
        let Slot::Value(value) = slot else { return None };
        let origin = value.origin;
        T::from_slot(Slot::Value(value)).map(|value| Self { value, origin })
    }

    fn written(&self) -> String {
        self.value.written()
    }
}

impl<T: Kind> FieldType for Labelled<T> {
    const TY: Ty = Ty::Blocks(T::SCHEMA);
    const OPTIONAL: bool = true;

    fn from_slot(slot: Slot) -> Option<Self> {
        match slot {
            Slot::Absent => Some(Self::new()),
            Slot::Blocks(records) => records
                .into_iter()
                .map(|record| Some((record.label.value.clone(), T::from_record(record)?)))
                .collect(),
            Slot::Value(_) | Slot::Block(_) => None,
        }
    }
}

impl<T: FieldType> FieldType for Map<T> {
    const TY: Ty = Ty::Map(&T::TY);
    const OPTIONAL: bool = true;

    fn from_slot(slot: Slot) -> Option<Self> {
        match slot {
            Slot::Absent | Slot::Value(Sourced { value: Value::None, .. }) => Some(Self::new()),
            Slot::Value(Sourced { value: Value::Map(entries), .. }) => entries
                .into_iter()
                .map(|(key, entry)| {
                    let origin = entry.origin;
                    Some((key, Sourced { value: T::from_slot(Slot::Value(entry))?, origin }))
                })
                .collect(),
            Slot::Value(_) | Slot::Block(_) | Slot::Blocks(_) => None,
        }
    }
}
