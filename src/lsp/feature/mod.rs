//! The requests, one file each, and the one table in which they are registered. Must not hold state.

mod actions;
mod calls;
mod completion;
mod definition;
mod diagnostic;
mod folding;
mod formatting;
mod highlight;
mod hover;
mod inlay;
mod lens;
mod links;
mod preview;
mod references;
mod rename;
mod selection;
mod signature;
mod symbols;
mod tokens;

use serde_json::{Map, Value, json};

use super::position::Encoding;
use super::protocol::Answer;
use super::server::Server;

/// The name and the value of what the server says about a feature.
type Capability = (&'static str, fn() -> Value);

/// A request that the server answers.
pub(super) struct Feature {
    /// Its name in the protocol.
    pub(super) method: &'static str,
    /// What the server says about it at the start.
    pub(super) capability: Option<Capability>,
    /// Answers it.
    pub(super) answer: fn(&mut Server<'_>, &Value) -> Answer,
}

/// All of them.
const FEATURES: &[&[Feature]] = &[
    actions::FEATURES,
    calls::FEATURES,
    completion::FEATURES,
    definition::FEATURES,
    diagnostic::FEATURES,
    folding::FEATURES,
    formatting::FEATURES,
    highlight::FEATURES,
    hover::FEATURES,
    inlay::FEATURES,
    lens::FEATURES,
    links::FEATURES,
    preview::FEATURES,
    references::FEATURES,
    rename::FEATURES,
    selection::FEATURES,
    signature::FEATURES,
    symbols::FEATURES,
    tokens::FEATURES,
];

/// The feature behind a method.
pub(super) fn find(method: &str) -> Option<&'static Feature> {
    FEATURES.iter().flat_map(|features| features.iter()).find(|feature| feature.method == method)
}

/// What the server can do.
pub(super) fn capabilities(encoding: Encoding) -> Value {
    let mut all = Map::new();
    all.insert("positionEncoding".to_owned(), json!(encoding.name()));
    all.insert("textDocumentSync".to_owned(), json!({ "openClose": true, "change": 2, "save": false }));
    for feature in FEATURES.iter().flat_map(|features| features.iter()) {
        if let Some((name, value)) = feature.capability {
            all.insert(name.to_owned(), value());
        }
    }
    Value::Object(all)
}
