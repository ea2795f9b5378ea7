//! Schema rows and the macros that make them. Must not contain a row: those stand in `model/`, one file a kind.

use super::{Limit, Record};

/// A block kind: one row of the vocabulary with its fields.
#[derive(Debug)]
pub struct KindSchema {
    /// The word that starts the block.
    pub keyword: &'static str,
    /// What it is, for hover, completion and the book.
    pub doc: &'static str,
    /// Which label it takes.
    pub label: LabelShape,
    /// What must be true of the label.
    pub label_limit: Option<&'static Limit>,
    /// At most one of these fields is set; empty where none excludes another.
    pub one_of: &'static [&'static str],
    /// These lists have an item.
    pub needs: &'static [&'static str],
    /// Its fields, in the order in which people write them.
    pub fields: &'static [FieldSchema],
}

impl KindSchema {
    /// The field of this name and its index.
    pub fn field(&self, name: &str) -> Option<(usize, &'static FieldSchema)> {
        self.fields.iter().enumerate().find(|(_, field)| field.name == name)
    }
}

/// Which label a kind takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LabelShape {
    /// None: the block occurs once.
    Unlabelled,
    /// A name: `service api`. Lower case letters, digits, `-` and `_`.
    Named,
    /// Free text in quotes: `route "/api"`, `volume "/data"`.
    Quoted,
    /// A word that chooses a variant: `rollout canary`. Another word replaces the block.
    Tag(&'static [&'static str]),
}

/// A field: a setting or a nested block.
#[derive(Debug)]
pub struct FieldSchema {
    /// Its name.
    pub name: &'static str,
    /// What it does, its unit and its effect.
    pub doc: &'static str,
    /// Its type.
    pub ty: Ty,
    /// Whether it may be left out without a default.
    pub optional: bool,
    /// What must be true of its values.
    pub limit: Option<&'static Limit>,
    /// The default as it would be written, where there is one.
    pub default: Option<fn() -> String>,
}

impl FieldSchema {
    /// Whether leaving it out is an error.
    pub fn is_required(&self) -> bool {
        !self.optional && self.default.is_none()
    }
}

/// The type of a field.
#[derive(Debug, Clone, Copy)]
pub enum Ty {
    /// `true`, `false`
    Bool,
    /// A whole number between the bounds, both included.
    Int(i64, i64),
    /// Processor time: `0.5`.
    Cpu,
    /// Bytes: `512MiB`.
    Size,
    /// Time: `10s`.
    Duration,
    /// A share: `70%`.
    Ratio,
    /// Events per time: `20/s`.
    Rate,
    /// A string that may mention services, never secrets.
    Text,
    /// A string that may mention services and secrets: a marked sink.
    SecretText,
    /// A string without any reference.
    Plain,
    /// A bare word, or a string without any reference: the name of something beside it.
    Word,
    /// 1 to 65535.
    Port,
    /// A path inside the project: relative, with `/`, without `..`.
    FilePath,
    /// A path inside a container or a URL path: starts with `/`.
    UrlPath,
    /// A DNS name.
    Host,
    /// A cron expression with five fields.
    Cron,
    /// An image reference with a tag or a digest.
    Image,
    /// Numeric `uid:gid`.
    User,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A reference to a service, possibly to one of its ports.
    Service,
    /// A reference to a secret.
    Secret,
    /// A reference to an environment.
    Environment,
    /// A reference to a job of the same pipeline.
    Job,
    /// What starts a pipeline.
    Trigger,
    /// A list; a single value of the element type is accepted where it is written alone.
    List(&'static Ty),
    /// A map with free keys; written as a map or as a block.
    Map(&'static Ty),
    /// A block that occurs once.
    Block(&'static KindSchema),
    /// Blocks told apart by their label.
    Blocks(&'static KindSchema),
    /// Blocks whose label chooses a kind; each may occur once.
    Variants(&'static [&'static KindSchema]),
}

/// A model struct that has a schema.
pub trait Kind: Sized {
    /// Its row.
    const SCHEMA: &'static KindSchema;

    /// The struct of a checked record; `None` when a required slot is absent, which the checker rules out.
    fn from_record(record: Record) -> Option<Self>;
}

/// Declares a block kind: struct, schema row and conversion. `where LIMIT` after a type, or after the shape of the label,
/// names a constant of [`limit`](super::limit); `one of [a, b]` says that at most one of
/// these fields is set, `needs [a]` that this list has an item.
macro_rules! kind {
    (
        $(#[doc = $doc:literal])*
        $name:ident = $keyword:literal $shape:expr $(, where $label_limit:ident)? $(, one of [$($one:ident),+])? $(, needs [$($needed:ident),+])?;
        $( $(#[doc = $field_doc:literal])* $field:ident : $ty:ty $(where $limit:ident)? $(= $default:expr)? ; )*
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone)]
        pub struct $name {
            /// The label; empty for kinds without one.
            pub label: $crate::source::Spanned<std::sync::Arc<str>>,
            /// What `->` points at, where it was written.
            pub to: Option<Box<$crate::schema::Sourced<$crate::schema::Value>>>,
            /// The doc comment above the declaration.
            pub doc: Option<std::sync::Arc<str>>,
            /// Where each field was written.
            pub origins: $crate::schema::Origins,
            $( $(#[doc = $field_doc])* pub $field: $ty, )*
        }

        impl $crate::schema::Kind for $name {
            const SCHEMA: &'static $crate::schema::KindSchema = &$crate::schema::KindSchema {
                keyword: $keyword,
                doc: concat!($($doc, "\n"),*),
                label: $shape,
                label_limit: $crate::schema::kind!(@limit $($label_limit)?),
                one_of: &[$($(stringify!($one)),+)?],
                needs: &[$($(stringify!($needed)),+)?],
                fields: &[ $( $crate::schema::FieldSchema {
                    name: stringify!($field),
                    doc: concat!($($field_doc, "\n"),*),
                    ty: <$ty as $crate::schema::FieldType>::TY,
                    optional: <$ty as $crate::schema::FieldType>::OPTIONAL,
                    limit: $crate::schema::kind!(@limit $($limit)?),
                    default: $crate::schema::kind!(@default $ty $(, $default)?),
                }, )* ],
            };

            #[allow(unused_assignments, unused_mut, reason = "the index after the last field is not read")]
            fn from_record(mut record: $crate::schema::Record) -> Option<Self> {
                let origins = record.origins();
                let mut index = 0;
                $(
                    let slot = record.take(index);
                    index += 1;
                    let $field = $crate::schema::kind!(@read $ty, slot $(, $default)?);
                )*
                let $crate::schema::Record { label, to, doc, .. } = record;
                Some(Self { label, to, doc, origins, $($field),* })
            }
        }

        impl $crate::schema::FieldType for $name {
            const TY: $crate::schema::Ty = $crate::schema::Ty::Block(<$name as $crate::schema::Kind>::SCHEMA);

            fn from_slot(slot: $crate::schema::Slot) -> Option<Self> {
                match slot {
                    $crate::schema::Slot::Block(record) => <Self as $crate::schema::Kind>::from_record(*record),
                    _ => None,
                }
            }
        }
    };
    (@limit) => { None };
    (@limit $limit:ident) => { Some(&$crate::schema::limit::$limit) };
    (@default $ty:ty) => { None };
    (@default $ty:ty, $default:expr) => {
        Some(|| <$ty as $crate::schema::FieldType>::written(&$default))
    };
    (@read $ty:ty, $slot:ident) => { <$ty as $crate::schema::FieldType>::from_slot($slot)? };
    (@read $ty:ty, $slot:ident, $default:expr) => {
        match $slot {
            $crate::schema::Slot::Absent => $default,
            slot => <$ty as $crate::schema::FieldType>::from_slot(slot)?,
        }
    };
}
pub(crate) use kind;

/// Declares a closed set of words as an enum.
macro_rules! choice {
    (
        $(#[doc = $doc:literal])*
        $name:ident { $( $(#[doc = $variant_doc:literal])* $variant:ident = $word:literal ),* $(,)? }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $( $(#[doc = $variant_doc])* $variant ),* }

        impl $name {
            /// The word as it is written.
            pub const fn word(self) -> &'static str {
                match self { $( Self::$variant => $word ),* }
            }
        }

        impl $crate::schema::FieldType for $name {
            const TY: $crate::schema::Ty = $crate::schema::Ty::Choice(&[$($word),*]);

            fn from_slot(slot: $crate::schema::Slot) -> Option<Self> {
                match slot {
                    $crate::schema::Slot::Value($crate::schema::Sourced { value: $crate::schema::Value::Choice(word), .. }) => {
                        match word { $( $word => Some(Self::$variant), )* _ => None }
                    }
                    _ => None,
                }
            }

            fn written(&self) -> String {
                self.word().to_owned()
            }
        }
    };
}
pub(crate) use choice;
