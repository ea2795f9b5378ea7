//! Small models for unit tests, made the way the checker makes them: through records. Must not be used elsewhere.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::model::{
    ComposeTarget, Dev, Environment, EnvironmentBlock, Health, Ingress, Proxy, Route, Service, StaticSite,
    Stop,
};
use crate::schema::{FieldType, Kind, KindSchema, Layer, Origin, Record, Slot, Sourced, Text, Value};
use crate::source::{SourceId, Span, Spanned};

/// A whole number.
pub(super) fn int(number: i64) -> Value {
    Value::Int(number)
}

/// A literal string.
pub(super) fn text(text: &str) -> Value {
    Value::Text(Text::literal(text))
}

/// A value with a place: the byte `at`.
pub(super) fn at<T>(value: T, at: u32) -> Sourced<T> {
    let span = Span::new(SourceId(1), at, at + 1);
    Sourced { value, origin: Origin { span, layer: Layer::Base } }
}

/// A record of the kind with this keyword; field `n` is written at byte `n`.
pub(super) fn service_with(keyword: &str, label: &str, fields: &[(&str, Value)]) -> Record {
    const KINDS: &[&KindSchema] = &[
        Service::SCHEMA,
        Dev::SCHEMA,
        Health::SCHEMA,
        StaticSite::SCHEMA,
        Stop::SCHEMA,
        Proxy::SCHEMA,
        Ingress::SCHEMA,
        Route::SCHEMA,
        EnvironmentBlock::SCHEMA,
        ComposeTarget::SCHEMA,
    ];
    let schema = KINDS.iter().find(|kind| kind.keyword == keyword).unwrap();
    let label = Spanned::new(label.into(), Span::default());
    let mut record = Record::new(schema, label, Span::default());
    for (name, value) in fields {
        let (index, _) = schema.field(name).unwrap();
        record.slots.set(index, Slot::Value(at(value.clone(), index as u32)));
    }
    record
}

/// The struct of a record.
pub(super) fn read<T: FieldType>(record: Record) -> Option<T> {
    T::from_slot(Slot::Block(Box::new(record)))
}

/// A service with these settings.
pub(super) fn service(name: &str, fields: &[(&str, Value)]) -> Service {
    read(service_with("service", name, fields)).unwrap()
}

/// A production environment with these services.
pub(super) fn environment(services: impl IntoIterator<Item = Service>) -> Environment {
    let name: Arc<str> = "production".into();
    Environment {
        name: name.clone(),
        chain: vec![name],
        block: read(service_with("environment", "production", &[])).unwrap(),
        services: services
            .into_iter()
            .map(|service| (service.label.value.clone(), Box::new(service)))
            .collect(),
        secrets: IndexMap::new(),
        read_secrets: std::collections::BTreeSet::new(),
        ingresses: IndexMap::new(),
        alerts: IndexMap::new(),
        channels: IndexMap::new(),
        tasks: IndexMap::new(),
        patches: Vec::new(),
    }
}
