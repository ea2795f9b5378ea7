//! Offers behind a dot. Must not offer what the value before the dot does not have.

use super::{Completer, Kind, described};
use crate::ide::conditions::{Condition, Offer};
use crate::ide::index::{SymbolId, SymbolKind};
use crate::model::{EnvironmentBlock, Service};
use crate::schema::Kind as _;
use crate::syntax::TokenKind;

impl Completer<'_> {
    /// `a.b.…`
    pub(super) fn members(&mut self) {
        let place = self.place;
        let words = place.path_before();
        if let Some(members) = Condition::new(self.analysis, self.source, place).members(&words) {
            return self.parts(members);
        }
        let index = self.analysis.index();
        match words.as_slice() {
            ["secret"] => {
                self.beside(SymbolKind::Secret);
                self.symbols(SymbolKind::Secret);
            }
            ["environment"] => {
                self.offer("name", Kind::Field, "text", "Name of the environment.");
                for field in EnvironmentBlock::SCHEMA.fields {
                    self.offer(field.name, Kind::Field, &described(field), field.doc);
                }
            }
            ["self", rest @ ..] => {
                if let Some(owner) = self.owner() {
                    self.of_service(owner, rest);
                }
            }
            [name, rest @ ..] => {
                let bound =
                    self.analysis.module(self.source.id).and_then(|module| index.lookup(module, name));
                let kind = bound.and_then(|id| index.symbol(id)).map(|symbol| symbol.kind);
                match (kind, bound, rest) {
                    (Some(SymbolKind::Let), Some(id), []) => {
                        let keys = index.children(Some(id), SymbolKind::Key).collect();
                        self.offers(keys);
                    }
                    (Some(SymbolKind::Module), Some(id), []) => {
                        let exports = index.module_of(id).map(|module| index.exports(module).collect());
                        self.offers(exports.unwrap_or_default());
                    }
                    _ => {
                        if let Some(service) = index.child(None, SymbolKind::Service, name) {
                            self.of_service(service, rest);
                        }
                    }
                }
            }
            [] => {}
        }
    }

    /// What an element of a condition has.
    pub(super) fn parts(&mut self, parts: Vec<Offer>) {
        for Offer { name, detail, doc } in parts {
            self.offer(name, Kind::Field, &detail, &doc);
        }
    }

    fn of_service(&mut self, service: SymbolId, rest: &[&str]) {
        let index = self.analysis.index();
        let all = |kind| -> Vec<SymbolId> {
            index.chain(service).flat_map(|owner| index.children(Some(owner), kind)).collect()
        };
        let (ports, secrets) = (all(SymbolKind::Port), all(SymbolKind::Secret));
        match rest {
            ["ports"] => self.offers(ports),
            ["secret"] => self.offers(secrets),
            [] => {
                // After `->` a service or one of its ports is meant.
                if self.place.before.iter().any(|token| token.kind == TokenKind::Arrow) {
                    return self.ports_of(&ports);
                }
                self.offers(all(SymbolKind::Export));
                self.offer("name", Kind::Field, "text", "Name of the service.");
                self.offer("host", Kind::Field, "text", "Name under which other services reach it.");
                if !ports.is_empty() {
                    self.offer("url", Kind::Field, "text", "Address of its first port, `http://host:port`.");
                    self.offer("port", Kind::Field, "port", "Its first port.");
                }
                self.ports_of(&ports);
                for name in ["replicas", "memory", "cpu"] {
                    if let Some((_, field)) = Service::SCHEMA.field(name) {
                        self.offer(name, Kind::Field, &described(field), field.doc);
                    }
                }
            }
            _ => {}
        }
    }

    fn ports_of(&mut self, ports: &[SymbolId]) {
        if !ports.is_empty() {
            self.offer("ports", Kind::Field, "ports by name", "One of its ports: `.ports.http`.");
        }
    }
}
