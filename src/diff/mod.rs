//! What two sets of emitted files mean differently: documents as trees of values, objects by their kind and name, other
//! files by lines. Must not read or print anything, and must not compare bytes where a reader would not.

mod document;
mod render;
mod tree;

use std::collections::BTreeMap;

use serde_json::Value;

pub use render::{json, markdown, text};

/// Files by path.
pub type Files = BTreeMap<String, String>;

/// A file that is not the same on both sides.
#[derive(Debug, Clone, PartialEq)]
pub struct FileDifference {
    /// Its path.
    pub path: String,
    /// What is different.
    pub content: Content,
}

/// What is different about a file.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// Comments, order of keys or layout: no reader gets another value.
    Layout,
    /// Values.
    Values(Vec<Change>),
    /// Lines, as a unified diff without its heading.
    Lines(String),
}

/// A value that is not the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The object in a file of several: `Deployment api`.
    pub object: Option<String>,
    /// The keys down to it; items of lists by their name.
    pub path: Vec<String>,
    /// What became of it.
    pub kind: ChangeKind,
}

/// What became of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum ChangeKind {
    /// It is new.
    Added(Value),
    /// It is gone.
    Removed(Value),
    /// It is another one.
    Changed(Value, Value),
    /// A list has the same items in another order.
    Reordered,
    /// An object stood in this file before.
    Moved(String),
}

/// The files that differ, in the order of their paths.
pub fn compare(before: &Files, after: &Files) -> Vec<FileDifference> {
    let mut changes = document::changes(before, after);
    let mut found = Vec::new();
    let paths: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for path in paths {
        let own = changes.remove(path).unwrap_or_default();
        let content = match (before.get(path), after.get(path)) {
            (Some(old), Some(new)) if old == new && own.is_empty() => continue,
            (Some(old), Some(new)) => match document::is_document(path, old, new) {
                true if own.is_empty() => Content::Layout,
                true => Content::Values(own),
                false => Content::Lines(lines(old, new)),
            },
            // A file of objects is the sum of them.
            _ if !own.is_empty() => Content::Values(own),
            (None, Some(new)) if document::has_objects(path, new) => continue,
            (Some(old), None) if document::has_objects(path, old) => continue,
            (None, _) => Content::Added,
            (_, None) => Content::Removed,
        };
        found.push(FileDifference { path: path.clone(), content });
    }
    found
}

fn lines(old: &str, new: &str) -> String {
    similar::TextDiff::from_lines(old, new).unified_diff().context_radius(2).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(all: &[(&str, &str)]) -> Files {
        all.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
    }

    fn told(before: &[(&str, &str)], after: &[(&str, &str)]) -> String {
        text(&compare(&files(before), &files(after)))
    }

    #[test]
    fn values_are_compared_not_bytes() {
        let old = "# a\nservices:\n  api:\n    image: a:1\n    ports: ['1:1', '2:2']\n    environment:\n      A: \"1\"\n";
        let new = "services:\n  api:\n    ports: [\"1:1\", '3:3']\n    image: a:2\n    environment: {A: \"1\", B: x}\n";
        assert_eq!(
            told(&[("c.yaml", old)], &[("c.yaml", new)]),
            "c.yaml\n- services.api.ports: 2:2\n+ services.api.ports: 3:3\n  services.api.image: a:1 -> a:2\n+ services.api.environment.B: x\n"
        );
        assert_eq!(
            told(&[("c.yaml", "# x\na: 1\nb: 2\n")], &[("c.yaml", "b: 2\na: 1\n")]),
            "c.yaml\n  only comments or layout\n"
        );
        assert_eq!(told(&[("c.yaml", "a: \"1\"\n")], &[("c.yaml", "a: 1\n")]), "c.yaml\n  a: \"1\" -> 1\n");
        assert_eq!(
            told(&[("c.json", "{\"a\": [1, 2]}")], &[("c.json", "{\"a\": [2, 1]}")]),
            "c.json\n  a: in another order\n"
        );
    }

    #[test]
    fn objects_keep_their_identity() {
        let object = |kind: &str, name: &str, value: u8| {
            format!(
                "---\nkind: {kind}\nmetadata:\n  name: {name}\nspec:\n  containers:\n    - name: a\n      v: {value}\n    - name: b\n      v: 1\n"
            )
        };
        let old = object("Pod", "x", 1) + &object("Pod", "y", 1);
        let moved = object("Pod", "y", 1) + &object("Job", "z", 1);
        assert_eq!(
            told(&[("k/a.yaml", &old)], &[("k/a.yaml", &object("Pod", "x", 2)), ("k/b.yaml", &moved)]),
            "k/a.yaml\n  Pod x: spec.containers.a.v: 1 -> 2\nk/b.yaml\n  Pod y: was in k/a.yaml\n+ Job z\n"
        );
        assert_eq!(told(&[("k/a.yaml", &old)], &[]), "k/a.yaml\n- Pod x\n- Pod y\n");
    }

    #[test]
    fn other_files_are_lines() {
        assert_eq!(
            told(&[("ops", "a\nb\n")], &[("ops", "a\nc\n"), ("new", "")]),
            "new\n+ the whole file\nops\n  @@ -1,2 +1,2 @@\n   a\n  -b\n  +c\n"
        );
        assert_eq!(
            told(&[("c.yaml", "a: [1\n")], &[("c.yaml", "a: 1\n")]),
            "c.yaml\n  @@ -1 +1 @@\n  -a: [1\n  +a: 1\n"
        );
    }
}
