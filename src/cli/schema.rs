//! `stackc schema`: the vocabulary as JSON, for other tools. Must not add to the table.

use serde_json::{Map, Value, json};

use super::report;
use crate::check::{FUNCTIONS, KINDS, describe_ty, type_names};
use crate::schema::{FieldSchema, KindSchema, LabelShape, Ty};

/// Version of the shape: kinds by the path of where they stand, such as `pipeline.job` and `environment.target.compose`.
const VERSION: u32 = 2;

/// Prints the vocabulary.
pub(super) fn run() -> u8 {
    let mut kinds = Map::new();
    for kind in KINDS {
        collect(kind.keyword, kind, &mut kinds);
    }
    let types: Vec<&str> = type_names().collect();
    let schema = json!({ "version": VERSION, "kinds": kinds, "types": types, "functions": FUNCTIONS });
    match serde_json::to_string_pretty(&schema) {
        Ok(text) => report::print(&(text + "\n")),
        Err(problem) => {
            report::say(&format!("error: {problem}"));
            report::exit::FAILURE
        }
    }
}

/// A kind and, below it, the kinds of its blocks; several kinds have one word, so the path tells them apart.
fn collect(path: &str, kind: &'static KindSchema, kinds: &mut Map<String, Value>) {
    let label = match kind.label {
        LabelShape::Unlabelled => json!("none"),
        LabelShape::Named => json!("name"),
        LabelShape::Quoted => json!("text"),
        LabelShape::Tag(words) => json!(words),
    };
    let fields: Map<String, Value> =
        kind.fields.iter().map(|field| (field.name.to_owned(), describe(field))).collect();
    let limit = kind.label_limit.map(|limit| limit.expected);
    let facts = json!({
        "doc": tidy(kind.doc), "label": label, "label_limit": limit, "one_of": kind.one_of, "needs": kind.needs,
        "fields": fields,
    });
    kinds.insert(path.to_owned(), facts);
    for field in kind.fields {
        let at = format!("{path}.{}", field.name);
        match field.ty {
            Ty::Block(kind) | Ty::Blocks(kind) => collect(&at, kind, kinds),
            Ty::Variants(variants) => {
                for kind in variants {
                    collect(&format!("{at}.{}", kind.keyword), kind, kinds);
                }
            }
            _ => {}
        }
    }
}

fn describe(field: &FieldSchema) -> Value {
    let default = field.default.map(|default| default());
    json!({
        "doc": tidy(field.doc),
        "type": describe_ty(&field.ty),
        "required": field.is_required(),
        "limit": field.limit.map(|limit| limit.expected),
        "default": default,
    })
}

fn tidy(doc: &str) -> String {
    doc.lines().map(str::trim).collect::<Vec<_>>().join(" ").trim().to_owned()
}
