//! Two values: maps by key, lists of named things by name, other lists as sequences. Must not know what they mean.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::ChangeKind;

/// Keys by which the items of a list are told apart, if all have one and no two the same.
const NAMES: [&str; 7] = ["name", "id", "target", "path", "host", "key", "port"];

type Found = Vec<(Vec<String>, ChangeKind)>;

/// What is different, each with its path, in the order of the new value.
pub(super) fn compare(old: &Value, new: &Value) -> Found {
    let mut found = Vec::new();
    values(old, new, &mut Vec::new(), &mut found);
    found
}

fn values(old: &Value, new: &Value, path: &mut Vec<String>, found: &mut Found) {
    match (old, new) {
        (old, new) if old == new => {}
        (Value::Object(old), Value::Object(new)) => maps(old, new, path, found),
        (Value::Array(old), Value::Array(new)) => lists(old, new, path, found),
        (old, new) => found.push((path.clone(), ChangeKind::Changed(old.clone(), new.clone()))),
    }
}

fn maps(old: &Map<String, Value>, new: &Map<String, Value>, path: &mut Vec<String>, found: &mut Found) {
    for (key, value) in old.iter().filter(|(key, _)| !new.contains_key(*key)) {
        below(path, key, |path| found.push((path.clone(), ChangeKind::Removed(value.clone()))));
    }
    for (key, value) in new {
        below(path, key, |path| match old.get(key) {
            Some(before) => values(before, value, path, found),
            None => found.push((path.clone(), ChangeKind::Added(value.clone()))),
        });
    }
}

fn below(path: &mut Vec<String>, key: &str, visit: impl FnOnce(&mut Vec<String>)) {
    path.push(key.to_owned());
    visit(path);
    path.pop();
}

fn lists(old: &[Value], new: &[Value], path: &mut Vec<String>, found: &mut Found) {
    if let Some((old, new)) = NAMES.iter().find_map(|key| Some((by_name(old, key)?, by_name(new, key)?))) {
        return maps(&old, &new, path, found);
    }
    // Values have no hash and no order of their own; what they print is both.
    let spelled = |items: &[Value]| items.iter().map(Value::to_string).collect::<Vec<_>>();
    let (before, after) = (spelled(old), spelled(new));
    let sorted = |items: &[String]| {
        let mut items = items.to_vec();
        items.sort_unstable();
        items
    };
    if sorted(&before) == sorted(&after) {
        found.push((path.clone(), ChangeKind::Reordered));
        return;
    }
    for op in capture_diff_slices(Algorithm::Myers, &before, &after) {
        if !matches!(op, DiffOp::Equal { .. }) {
            let part = |items: &[Value], range| {
                Vec::from(items.get::<std::ops::Range<usize>>(range).unwrap_or_default())
            };
            replaced(
                &part(old, op.old_range()),
                &part(new, op.new_range()),
                op.new_range().start,
                path,
                found,
            );
        }
    }
}

/// Items in the place of others: one collection for one is a change inside of it.
fn replaced(old: &[Value], new: &[Value], at: usize, path: &mut Vec<String>, found: &mut Found) {
    let is_collection = |value: &Value| value.is_object() || value.is_array();
    if old.len() == new.len() && old.iter().chain(new).all(is_collection) {
        for (index, (old, new)) in old.iter().zip(new).enumerate() {
            below(path, &(at + index).to_string(), |path| values(old, new, path, found));
        }
        return;
    }
    found.extend(old.iter().map(|value| (path.clone(), ChangeKind::Removed(value.clone()))));
    found.extend(new.iter().map(|value| (path.clone(), ChangeKind::Added(value.clone()))));
}

/// The items of a list by the text below a key.
fn by_name(items: &[Value], key: &str) -> Option<Map<String, Value>> {
    let name = |item: &Value| match item.get(key)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let names: Vec<String> = items.iter().map(name).collect::<Option<_>>()?;
    let distinct: BTreeSet<&String> = names.iter().collect();
    (distinct.len() == names.len()).then(|| names.iter().cloned().zip(items.iter().cloned()).collect())
}
