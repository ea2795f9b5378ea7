//! What elements of collections have, from the schema. Must not look at what is written.

use crate::check::Part;
use crate::ide::completion::described;
use crate::model::Service;
use crate::schema::{Kind as _, KindSchema, Ty};

/// What one element of a collection is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Element {
    /// A block of the stack, which has a name.
    Block(&'static KindSchema),
    /// A block inside of another one, which has a label.
    Inner(&'static KindSchema),
    /// An entry of a map.
    Entry,
    /// Something of all environments.
    Part(&'static [Part]),
    /// An item of a list.
    Item,
}

/// What may stand behind a dot, or behind `in`.
#[derive(Debug)]
pub(in crate::ide) struct Offer {
    pub(in crate::ide) name: &'static str,
    /// What it is, in a few words.
    pub(in crate::ide) detail: String,
    pub(in crate::ide) doc: String,
}

/// What the elements are behind a path of settings of an element.
pub(super) fn elements(of: Element, path: &[&str]) -> Option<Element> {
    let (name, rest) = path.split_first()?;
    match of {
        Element::Block(schema) | Element::Inner(schema) => match (schema.field(name)?.1.ty, rest) {
            (Ty::Blocks(inner), []) => Some(Element::Inner(inner)),
            (Ty::Block(inner), rest) | (Ty::Blocks(inner), [_, rest @ ..]) => {
                elements(Element::Inner(inner), rest)
            }
            (Ty::Map(_), []) => Some(Element::Entry),
            (Ty::List(_), []) => Some(Element::Item),
            _ => None,
        },
        Element::Part(parts) => match parts.iter().find(|part| part.name == *name)?.parts {
            [] => Some(Element::Item),
            parts => Some(Element::Part(parts)),
        },
        Element::Entry | Element::Item => None,
    }
}

/// What stands behind a path of settings of an element.
pub(super) fn members(of: Element, path: &[&str]) -> Vec<Offer> {
    match (of, path.split_first()) {
        (Element::Block(schema) | Element::Inner(schema), Some((name, rest))) => {
            match (schema.field(name).map(|(_, field)| field.ty), rest) {
                (Some(Ty::Block(inner)), rest) | (Some(Ty::Blocks(inner)), [_, rest @ ..]) => {
                    let mut found = members(Element::Inner(inner), rest);
                    // Its label is known where it is an element.
                    found.retain(|offer| offer.name != "key");
                    found
                }
                _ => Vec::new(),
            }
        }
        (Element::Block(schema), None) => {
            let mut found = vec![offer("name", "a string", "Its name.")];
            if schema.keyword == Service::SCHEMA.keyword {
                found.push(offer("host", "a string", "Name under which other services reach it."));
                found.push(offer("url", "a string or `none`", "Address of its first port, if it has one."));
            }
            found.extend(fields(schema));
            found
        }
        (Element::Inner(schema), None) => {
            let mut found = vec![offer("key", "a string", "Its label.")];
            found.extend(fields(schema));
            found
        }
        (Element::Entry, None) => {
            vec![offer("key", "a string", "Its key."), offer("value", "its value", "What the key is set to.")]
        }
        (Element::Part(parts), None) => {
            parts.iter().map(|part| offer(part.name, part.ty, part.doc)).collect()
        }
        _ => Vec::new(),
    }
}

fn fields(schema: &'static KindSchema) -> impl Iterator<Item = Offer> {
    let known = |name: &str| name == "name" || name == "key";
    let fields = schema.fields.iter().filter(move |field| !known(field.name));
    fields.map(|field| Offer { name: field.name, detail: described(field), doc: field.doc.trim().to_owned() })
}

fn offer(name: &'static str, detail: &str, doc: &str) -> Offer {
    Offer { name, detail: detail.to_owned(), doc: doc.to_owned() }
}
