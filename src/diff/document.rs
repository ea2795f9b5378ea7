//! Files as documents: YAML and JSON, one or several in a file, told apart by kind and name where they have them. Must
//! not compare values.

use std::collections::BTreeMap;

use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde_json::{Map, Value};

use super::{Change, ChangeKind, Files, tree};

/// Where a document stands among those that it could be taken for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Identity {
    /// An object of a cluster: folder, kind and name, in whatever file.
    Object(String, String, String),
    /// Anything else: file and number.
    Place(String, usize),
}

/// The changes of all documents, by the file that they are said for.
pub(super) fn changes(before: &Files, after: &Files) -> BTreeMap<String, Vec<Change>> {
    let readable = |path: &String| match (before.get(path), after.get(path)) {
        (Some(old), Some(new)) => is_document(path, old, new),
        (Some(one), None) | (None, Some(one)) => has_objects(path, one),
        (None, None) => false,
    };
    let documents = |files: &Files| -> Vec<(Identity, String, Value)> {
        let files = files.iter().filter(|(path, _)| readable(path));
        files.flat_map(|(path, text)| identified(path, text)).collect()
    };
    let (old, new) = (documents(before), documents(after));
    let by_identity: BTreeMap<&Identity, (&String, &Value)> =
        old.iter().map(|(identity, path, value)| (identity, (path, value))).collect();
    let mut found: BTreeMap<String, Vec<Change>> = BTreeMap::new();
    for (identity, path, value) in &new {
        let own = found.entry(path.clone()).or_default();
        let object = identity.object();
        let whole = |kind| Change { object: object.clone(), path: Vec::new(), kind };
        match by_identity.get(identity) {
            Some((home, before)) => {
                if *home != path {
                    own.push(whole(ChangeKind::Moved((*home).clone())));
                }
                own.extend(tree::compare(before, value).into_iter().map(|(path, kind)| Change {
                    object: object.clone(),
                    path,
                    kind,
                }));
            }
            None => own.push(whole(ChangeKind::Added(value.clone()))),
        }
    }
    for (identity, path, value) in &old {
        if new.iter().all(|(known, ..)| known != identity) {
            let kind = ChangeKind::Removed(value.clone());
            let change = Change { object: identity.object(), path: Vec::new(), kind };
            found.entry(path.clone()).or_default().push(change);
        }
    }
    found.retain(|_, changes| !changes.is_empty());
    found
}

impl Identity {
    fn object(&self) -> Option<String> {
        match self {
            Self::Object(_, kind, name) => Some(format!("{kind} {name}")),
            Self::Place(..) => None,
        }
    }
}

/// Whether both texts can be read as values.
pub(super) fn is_document(path: &str, old: &str, new: &str) -> bool {
    values(path, old).is_some() && values(path, new).is_some()
}

/// Whether a file holds nothing but objects with a kind and a name.
pub(super) fn has_objects(path: &str, text: &str) -> bool {
    let all = identified(path, text);
    !all.is_empty() && all.iter().all(|(identity, ..)| matches!(identity, Identity::Object(..)))
}

fn identified(path: &str, text: &str) -> Vec<(Identity, String, Value)> {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let identity = |(index, value): (usize, Value)| {
        let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        let identity = match (text("/kind"), text("/metadata/name")) {
            (Some(kind), Some(name)) => Identity::Object(folder.to_owned(), kind, name),
            _ => Identity::Place(path.to_owned(), index),
        };
        (identity, path.to_owned(), value)
    };
    values(path, text).unwrap_or_default().into_iter().enumerate().map(identity).collect()
}

/// The documents of a file; `None` when it is no such file or cannot be read as one.
fn values(path: &str, text: &str) -> Option<Vec<Value>> {
    match path.rsplit_once('.')?.1 {
        "json" => serde_json::from_str(text).ok().map(|value| vec![value]),
        "yaml" | "yml" => Yaml::load_from_str(text).ok()?.iter().map(value).collect(),
        _ => None,
    }
}

fn value(yaml: &Yaml<'_>) -> Option<Value> {
    Some(match yaml {
        Yaml::Value(Scalar::Null) => Value::Null,
        Yaml::Value(Scalar::Boolean(value)) => (*value).into(),
        Yaml::Value(Scalar::Integer(value)) => (*value).into(),
        Yaml::Value(Scalar::FloatingPoint(value)) => value.into_inner().into(),
        Yaml::Value(Scalar::String(text)) => text.as_ref().into(),
        Yaml::Sequence(items) => Value::Array(items.iter().map(value).collect::<Option<_>>()?),
        Yaml::Mapping(entries) => {
            let entry = |(key, entry): (&Yaml<'_>, &Yaml<'_>)| Some((key_text(key)?, value(entry)?));
            Value::Object(entries.iter().map(entry).collect::<Option<Map<_, _>>>()?)
        }
        // Nothing that stackc writes: such a file is compared by lines.
        _ => return None,
    })
}

fn key_text(key: &Yaml<'_>) -> Option<String> {
    match value(key)? {
        Value::String(text) => Some(text),
        Value::Array(_) | Value::Object(_) => None,
        scalar => Some(scalar.to_string()),
    }
}
