//! References to declarations, one type per kind of declaration. Must not resolve anything: the checker has.

use std::sync::Arc;

use super::{FieldType, Reference, Slot, Sourced, Ty, Value};

/// A service, possibly one of its ports: `api`, `api.ports.ws`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceRef {
    /// The service.
    pub name: Arc<str>,
    /// The name of the port.
    pub port: Option<Arc<str>>,
}

impl FieldType for ServiceRef {
    const TY: Ty = Ty::Service;

    fn from_slot(slot: Slot) -> Option<Self> {
        match reference(slot)? {
            Reference::Service { name, port } => Some(Self { name, port }),
            Reference::Environment(_) | Reference::Job(_) | Reference::Secret(_) => None,
        }
    }
}

macro_rules! named_reference {
    ($(#[doc = $doc:literal])* $name:ident $variant:ident) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name(pub Arc<str>);

        impl FieldType for $name {
            const TY: Ty = Ty::$variant;

            fn from_slot(slot: Slot) -> Option<Self> {
                if let Reference::$variant(name) = reference(slot)? { Some(Self(name)) } else { None }
            }
        }
    };
}

named_reference! {
    /// A secret: `secret.jwt`.
    SecretRef Secret
}
named_reference! {
    /// An environment: `production`.
    EnvironmentRef Environment
}
named_reference! {
    /// A job of the same pipeline: `build`.
    JobRef Job
}

fn reference(slot: Slot) -> Option<Reference> {
    match slot {
        Slot::Value(Sourced { value: Value::Reference(reference), .. }) => Some(reference),
        _ => None,
    }
}
