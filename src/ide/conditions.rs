//! What the names of `all x in …: condition` stand for, read from tokens: conditions are written from left to right.
//! Must not evaluate.

use super::Analysis;
use super::completion::described;
use super::index::SymbolKind;
use super::place::{Body, Place};
use crate::check::{COLLECTIONS, KINDS, Part, SPANNING, Spanning};
use crate::model::Service;
use crate::schema::{Kind as _, KindSchema, Ty};
use crate::source::Source;
use crate::syntax::TokenKind;

/// What one element of a collection is.
#[derive(Debug, Clone, Copy)]
enum Element {
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
pub(super) struct Offer {
    pub(super) name: &'static str,
    /// What it is, in a few words.
    pub(super) detail: String,
    pub(super) doc: String,
}

/// A name that a quantifier gives, and the path behind its `in`.
struct Bound<'p> {
    name: &'p str,
    of: Vec<&'p str>,
}

/// The condition that the cursor is in.
pub(super) struct Condition<'p> {
    analysis: &'p Analysis,
    source: &'p Source,
    place: &'p Place<'p>,
    bound: Vec<Bound<'p>>,
}

impl<'p> Condition<'p> {
    pub(super) fn new(analysis: &'p Analysis, source: &'p Source, place: &'p Place<'p>) -> Self {
        Self { analysis, source, place, bound: bound(place) }
    }

    /// Whether the cursor stands behind the `in` of a quantifier.
    pub(super) fn is_source(&self) -> bool {
        let words: Vec<&str> = self.place.before.iter().map(|token| self.place.text(*token)).collect();
        matches!(words.as_slice(), [.., "all" | "any", _, "in"])
    }

    /// Whether the cursor stands behind the `:` of a quantifier.
    pub(super) fn is_open(&self) -> bool {
        let is_colon = self.place.before.last().is_some_and(|token| token.kind == TokenKind::Colon);
        is_colon && !self.bound.is_empty()
    }

    /// What has elements: the blocks of each kind, and what spans environments where a condition may be about it.
    pub(super) fn collections(&self) -> Vec<Offer> {
        let kinds = COLLECTIONS.iter().filter(|(name, _)| !self.is_taken(name));
        let kinds = kinds.map(|(name, kind)| Offer {
            name,
            detail: "of the environment".to_owned(),
            doc: format!("Each `{kind}` that the environment has."),
        });
        kinds.chain(self.spanning().map(Spanning::offer)).collect()
    }

    /// What spans environments, where a condition may be about it.
    pub(super) fn spanning(&self) -> impl Iterator<Item = &'static Spanning> {
        let first = self.place.before.first().map(|token| self.place.text(*token)).unwrap_or_default();
        let is_here = matches!(self.place.body(), Body::File) && matches!(first, "check" | "let" | "param");
        SPANNING.iter().filter(move |spanning| is_here && !self.is_taken(spanning.name))
    }

    /// What stands behind the dot of a path, where the path starts at an element; `None` for other paths.
    pub(super) fn members(&self, path: &[&str]) -> Option<Vec<Offer>> {
        let (first, rest) = path.split_first()?;
        let at = self.bound.iter().rposition(|bound| bound.name == *first)?;
        Some(self.of_bound(at).map(|element| members(element, rest)).unwrap_or_default())
    }

    /// The path whose elements a name stands for.
    pub(super) fn meaning(&self, name: &str) -> Option<String> {
        self.bound.iter().rev().find(|bound| bound.name == name).map(|bound| bound.of.join("."))
    }

    fn of_bound(&self, at: usize) -> Option<Element> {
        let (of, outer) = (&self.bound.get(at)?.of, at);
        let (first, rest) = of.split_first()?;
        if let Some(at) = self.bound.get(..outer)?.iter().rposition(|bound| bound.name == *first) {
            return elements(self.of_bound(at)?, rest);
        }
        let kind = |keyword: &str| KINDS.iter().find(|schema| schema.keyword == keyword).copied();
        if rest.is_empty() && !self.is_taken(first) {
            if let Some((_, keyword)) = COLLECTIONS.iter().find(|(name, _)| name == first) {
                return kind(keyword).map(Element::Block);
            }
            return self.spanning().find(|it| it.name == *first).map(|it| Element::Part(it.parts));
        }
        let owner = || match self.place.frames.get(1).map(|frame| frame.body) {
            Some(Body::Schema(schema)) if *first == "self" => Some(schema),
            _ => None,
        };
        let service = self.analysis.index().child(None, SymbolKind::Service, first);
        let schema = service.map(|_| Service::SCHEMA).or_else(owner)?;
        elements(Element::Block(schema), rest)
    }

    /// Whether something else has the name of a collection.
    fn is_taken(&self, name: &str) -> bool {
        let index = self.analysis.index();
        let bound = self.analysis.module(self.source.id).and_then(|module| index.lookup(module, name));
        bound.is_some() || index.child(None, SymbolKind::Service, name).is_some()
    }
}

impl Spanning {
    /// It as it is offered.
    pub(super) fn offer(&self) -> Offer {
        Offer { name: self.name, detail: "of all environments".to_owned(), doc: self.doc.to_owned() }
    }
}

/// The names that quantifiers before the cursor give.
fn bound<'p>(place: &'p Place<'p>) -> Vec<Bound<'p>> {
    let tokens = &place.before;
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let is_quantifier = token.kind == TokenKind::Name && matches!(place.text(*token), "all" | "any");
        let name = tokens.get(at + 1).filter(|name| name.kind == TokenKind::Name);
        let is_in = tokens.get(at + 2).is_some_and(|token| place.text(*token) == "in");
        let (Some(name), Some(path)) = (name, tokens.get(at + 3..)) else { continue };
        let Some(end) = path.iter().position(|token| !matches!(token.kind, TokenKind::Name | TokenKind::Dot))
        else {
            continue;
        };
        let is_whole = path.get(end).is_some_and(|token| token.kind == TokenKind::Colon);
        if is_quantifier && is_in && is_whole {
            let names = path.iter().take(end).filter(|token| token.kind == TokenKind::Name);
            found
                .push(Bound { name: place.text(*name), of: names.map(|token| place.text(*token)).collect() });
        }
    }
    found
}

/// What the elements are behind a path of settings of an element.
fn elements(of: Element, path: &[&str]) -> Option<Element> {
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
fn members(of: Element, path: &[&str]) -> Vec<Offer> {
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
