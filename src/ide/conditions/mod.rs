//! What the names of `all x in …: condition` stand for, read from tokens: conditions are written from left to right.
//! Must not evaluate.

mod element;

use super::Analysis;
use super::index::SymbolKind;
use super::place::{Body, Place};
use crate::check::{COLLECTIONS, KINDS, SPANNING, Spanning};
use crate::model::Service;
use crate::schema::Kind as _;
use crate::source::Source;
use crate::syntax::TokenKind;

pub(super) use element::Offer;
use element::{Element, elements, members};

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
