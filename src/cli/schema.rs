//! `stackc schema`: the vocabulary as JSON, for other tools. Must not add to the table.

use serde_json::{Map, Value, json};

use super::report;
use crate::check::{FUNCTIONS, KINDS, describe_ty, type_names};
use crate::schema::{FieldSchema, KindSchema, LabelShape, Ty};

/// Prints the vocabulary.
pub(super) fn run() -> u8 {
    let mut kinds = Map::new();
    for kind in KINDS {
        collect(kind, &mut kinds);
    }
    let types: Vec<&str> = type_names().collect();
    let schema = json!({ "version": 1, "kinds": kinds, "types": types, "functions": FUNCTIONS });
    match serde_json::to_string_pretty(&schema) {
        Ok(text) => report::print(&(text + "\n")),
        Err(problem) => {
            report::say(&format!("error: {problem}"));
            report::exit::FAILURE
        }
    }
}

/// A kind and, below it, the kinds of its blocks.
fn collect(kind: &'static KindSchema, kinds: &mut Map<String, Value>) {
    let label = match kind.label {
        LabelShape::Unlabelled => json!("none"),
        LabelShape::Named => json!("name"),
        LabelShape::Quoted => json!("text"),
        LabelShape::Tag(words) => json!(words),
    };
    let fields: Map<String, Value> =
        kind.fields.iter().map(|field| (field.name.to_owned(), describe(field))).collect();
    kinds.insert(kind.keyword.to_owned(), json!({ "doc": tidy(kind.doc), "label": label, "fields": fields }));
    for field in kind.fields {
        let below: &[&'static KindSchema] = match field.ty {
            Ty::Block(kind) | Ty::Blocks(kind) => &[kind],
            Ty::Variants(kinds) => kinds,
            _ => &[],
        };
        for kind in below {
            if !kinds.contains_key(kind.keyword) {
                collect(kind, kinds);
            }
        }
    }
}

fn describe(field: &FieldSchema) -> Value {
    let default = field.default.map(|default| default());
    json!({
        "doc": tidy(field.doc),
        "type": describe_ty(&field.ty),
        "required": field.is_required(),
        "default": default,
    })
}

fn tidy(doc: &str) -> String {
    doc.lines().map(str::trim).collect::<Vec<_>>().join(" ").trim().to_owned()
}
