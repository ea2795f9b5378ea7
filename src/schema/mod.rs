//! The vocabulary of the language: which blocks and fields exist, their types, defaults and docs. One `kind!`
//! per block kind makes the schema row, the model struct and the conversion between them, so they cannot drift.
//! Must not evaluate anything and must not name a target or a product.

mod field;
mod kind;
pub mod limit;
mod quantity;
mod record;
mod reference;
mod scalar;
mod slots;
mod text;
mod value;

pub use field::{FieldType, Flag, Labelled, Map};
pub use kind::{FieldSchema, Kind, KindSchema, LabelShape, Ty};
pub(crate) use kind::{choice, kind};
pub use limit::Limit;
pub use quantity::{Cpu, Duration, Per, Rate, Ratio, Size};
pub use record::{Layer, Origin, Origins, Record, Slot, Sourced};
pub use reference::{EnvironmentRef, JobRef, SecretRef, ServiceRef};
pub use scalar::{Cron, FilePath, Host, ImageRef, ImageRefError, Port, UrlPath, UserId};
pub use slots::Slots;
pub use text::{Part, Plain, PublicText, Text, Word};
pub use value::{Reference, Trigger, Value};
