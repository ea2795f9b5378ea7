//! Offers of values for a type. Must not offer a value of another type.

use super::{Completer, Kind};
use crate::check::FUNCTIONS;
use crate::ide::index::{Symbol, SymbolId, SymbolKind};
use crate::ide::place::Body;
use crate::ide::signature;
use crate::model::EnvironmentBlock;
use crate::schema::{Kind as _, Ty};
use crate::syntax::{TokenKind, lex, literal};

/// Units of sizes and times, the usual ones first.
const SIZES: [&str; 8] = ["MiB", "GiB", "KiB", "TiB", "MB", "GB", "KB", "TB"];
const DURATIONS: [&str; 5] = ["s", "min", "h", "d", "ms"];
const RATES: [&str; 3] = ["/s", "/min", "/h"];
/// Functions whose value is a trigger.
const TRIGGERS: [&str; 4] = ["push", "tag", "pull_request", "schedule"];

/// Whether a value may follow such a token.
pub(super) fn opens(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Equals
            | TokenKind::PlusEquals
            | TokenKind::BracketOpen
            | TokenKind::ParenOpen
            | TokenKind::Comma
            | TokenKind::InterpolationStart
            | TokenKind::EqualsEquals
            | TokenKind::BangEquals
            | TokenKind::AndAnd
            | TokenKind::OrOr
            | TokenKind::QuestionQuestion
            | TokenKind::Bang
    )
}

impl Completer<'_> {
    /// Values of a type; of any when it is not known.
    pub(super) fn values(&mut self, ty: Option<Ty>) {
        if self.number(ty) {
            return;
        }
        match ty {
            Some(Ty::List(item)) => {
                // A list that has a name stands for the whole; inside of brackets it would be an item.
                let in_brackets = self.place.before.iter().any(|token| token.kind == TokenKind::BracketOpen);
                if !in_brackets {
                    self.bindings(ty);
                }
                self.values(Some(*item));
            }
            Some(Ty::Bool) => {
                self.words(&["true", "false"]);
                self.bindings(ty);
            }
            Some(Ty::Choice(words)) => self.words(words),
            Some(Ty::Service) => self.symbols(SymbolKind::Service),
            Some(Ty::Environment) => self.symbols(SymbolKind::Environment),
            Some(Ty::Job) => {
                self.beside(SymbolKind::Job);
                // A job does not wait for itself.
                let head = self.place.frames.last().and_then(|frame| frame.head.get(1));
                let own = head.map(|token| self.place.text(*token).to_owned());
                self.items.retain(|item| Some(&item.label) != own.as_ref());
            }
            Some(Ty::Word) => {
                self.beside(SymbolKind::Stage);
                self.bindings(ty);
            }
            Some(Ty::Secret) => self.secrets(),
            Some(Ty::Trigger) => {
                for name in TRIGGERS {
                    self.function(name, "trigger");
                }
                self.words(&["manual"]);
            }
            Some(Ty::Block(_) | Ty::Blocks(_) | Ty::Variants(_)) => {}
            Some(Ty::Text | Ty::SecretText) | None => {
                self.bindings(ty);
                self.general(ty);
            }
            Some(_) => self.bindings(ty),
        }
    }

    fn words(&mut self, words: &[&str]) {
        for word in words {
            self.offer(word, Kind::Choice, "", "");
        }
    }

    /// Units behind digits; whether there are digits.
    fn number(&mut self, ty: Option<Ty>) -> bool {
        let word = self.source.text.get(self.place.word_start as usize..self.place.word_end as usize);
        let digits: String =
            word.unwrap_or_default().chars().take_while(|c| c.is_ascii_digit() || *c == '_').collect();
        if digits.is_empty() {
            return false;
        }
        let units: &[&str] = match ty {
            Some(Ty::Size) => &SIZES,
            Some(Ty::Duration) => &DURATIONS,
            Some(Ty::Rate) => &RATES,
            Some(Ty::Ratio) => &["%"],
            _ => &[],
        };
        for unit in units {
            self.offer(&format!("{digits}{unit}"), Kind::Unit, "", "");
        }
        true
    }

    /// Parameters and values that are in scope and of the type.
    pub(super) fn bindings(&mut self, ty: Option<Ty>) {
        let index = self.analysis.index();
        let owner = self.owner();
        let lets = owner.into_iter().flat_map(|owner| index.children(Some(owner), SymbolKind::Let));
        let sees = owner.into_iter().flat_map(|owner| index.sees(owner));
        let own = sees.flat_map(|owner| index.children(Some(owner), SymbolKind::Param)).chain(lets);
        let bound = self.analysis.module(self.source.id).map(|module| index.visible(module));
        // A value that needs itself is never known.
        let mut head = self.place.before.iter().map(|token| self.place.text(*token));
        let first = head.next();
        let named = match first {
            Some("let" | "param") => head.next(),
            // An environment sets a parameter of the stack.
            name => name.filter(|_| self.is_environment()),
        };
        let is_here = |symbol: &Symbol| {
            if named == Some(&symbol.name) {
                return true;
            }
            let value = symbol.value.filter(|value| value.source == self.source.id);
            value.is_some_and(|value| {
                let mut words =
                    self.analysis.text(value).split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
                (value.start..=value.end).contains(&self.place.word_start)
                    || named.is_some_and(|named| words.any(|word| word == named))
            })
        };
        let fits =
            |id: &SymbolId| index.symbol(*id).is_some_and(|symbol| self.fits(symbol, ty) && !is_here(symbol));
        let all: Vec<SymbolId> = own.chain(bound.unwrap_or_default()).collect();
        let parts = all.iter().filter(|id| index.symbol(**id).is_some_and(|symbol| !is_here(symbol)));
        let parts: Vec<String> = parts.flat_map(|id| self.parts_of(*id, ty)).collect();
        let ids = all.into_iter().filter(fits).collect();
        self.offers(ids);
        for part in parts {
            self.offer(&part, Kind::Symbol(SymbolKind::Key), "", "");
        }
    }

    /// The parts of a map with a name that are of a type, where the whole is none.
    fn parts_of(&self, id: SymbolId, wanted: Option<Ty>) -> Vec<String> {
        let index = self.analysis.index();
        let (Some(map), Some(wanted)) = (index.symbol(id), wanted.filter(|ty| !has_parts(*ty))) else {
            return Vec::new();
        };
        let keys = index.children(Some(id), SymbolKind::Key).filter_map(|key| index.symbol(key));
        let fits = |key: &&Symbol| key.value.is_some_and(|value| is_of(self.analysis.text(value), wanted));
        keys.filter(fits).map(|key| format!("{}.{}", map.name, key.name)).collect()
    }

    /// Whether the cursor is directly in an environment.
    fn is_environment(&self) -> bool {
        matches!(self.place.body(), Body::Schema(schema) if schema.keyword == EnvironmentBlock::SCHEMA.keyword)
    }

    /// A function, with the bracket that its name cannot be without.
    fn function(&mut self, name: &str, detail: &str) {
        self.offer(name, Kind::Function, detail, signature::doc(name).unwrap_or_default());
        if let Some(item) = self.items.last_mut() {
            item.insert = format!("{name}(");
        }
    }

    /// Secrets of the block around and of the stack, with the word before them.
    fn secrets(&mut self) {
        let before = self.items.len();
        self.beside(SymbolKind::Secret);
        self.symbols(SymbolKind::Secret);
        for item in self.items.iter_mut().skip(before) {
            item.label = format!("secret.{}", item.label);
            item.insert.clone_from(&item.label);
        }
    }

    /// What may stand in any text.
    fn general(&mut self, ty: Option<Ty>) {
        self.symbols(SymbolKind::Service);
        if matches!(ty, Some(Ty::SecretText) | None) {
            self.secrets();
        }
        self.offer("environment.name", Kind::Field, "text", "Name of the environment.");
        self.offer("environment.mode", Kind::Field, "choice", "Whether people develop in it.");
        let of_service = self.owner().and_then(|owner| self.analysis.index().symbol(owner));
        if of_service.is_some_and(|owner| owner.kind == SymbolKind::Service) {
            self.offer("self.host", Kind::Field, "text", "Name under which other services reach this one.");
        }
        for name in FUNCTIONS.iter().filter(|name| !TRIGGERS.contains(name)) {
            self.function(name, "function");
        }
    }

    /// Whether a parameter or a value can be of a type.
    fn fits(&self, symbol: &Symbol, wanted: Option<Ty>) -> bool {
        if !matches!(symbol.kind, SymbolKind::Param | SymbolKind::Let) {
            return false;
        }
        let Some(wanted) = wanted else { return true };
        if let Some(ty) = symbol.ty {
            let text = self.analysis.text(ty);
            // The parts of a map may be of any type.
            if text == "Map" || self.definition(text).is_some_and(|text| text.starts_with("Map")) {
                return has_parts(wanted);
            }
            if text == "Any" {
                return true;
            }
            if let Ty::List(item) = wanted {
                let inner = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
                return inner.is_some_and(|inner| names_of(*item).contains(&inner));
            }
            return names_of(wanted).contains(&text.trim_end_matches('?'))
                || (names_of(wanted).contains(&"String") && self.is_literals(text));
        }
        let value = symbol.value.map(|span| self.analysis.text(span)).unwrap_or_default();
        is_of(value, wanted)
    }

    /// Whether a type is a choice of strings, under its own name.
    fn is_literals(&self, text: &str) -> bool {
        self.definition(text).is_some_and(|text| text.starts_with('"'))
    }

    /// What a type with a name stands for.
    fn definition(&self, name: &str) -> Option<&str> {
        let module = self.analysis.module(self.source.id)?;
        let named = self.analysis.index().lookup(module, name)?;
        Some(self.analysis.text(self.analysis.index().symbol(named)?.ty?))
    }
}

/// Whether a literal is of a type, as far as its first token says it.
fn is_of(value: &str, wanted: Ty) -> bool {
    let first = lex(value).tokens.first().map(|token| token.kind);
    match first {
        Some(TokenKind::StringPlain | TokenKind::RawString) => names_of(wanted).contains(&"String"),
        Some(TokenKind::Int) => names_of(wanted).contains(&"Int"),
        Some(TokenKind::Quantity) => {
            quantity(value.trim()).is_some_and(|name| names_of(wanted).contains(&name))
        }
        Some(TokenKind::Name) if matches!(value.trim(), "true" | "false") => {
            names_of(wanted).contains(&"Bool")
        }
        Some(TokenKind::BraceOpen) => has_parts(wanted),
        Some(TokenKind::BracketOpen) => matches!(wanted, Ty::List(_)),
        _ => false,
    }
}

/// The type of a number with a unit.
fn quantity(text: &str) -> Option<&'static str> {
    let (_, unit) = literal::quantity(text);
    match unit {
        "%" => Some("Ratio"),
        "m" => Some("Cpu"),
        _ if SIZES.contains(&unit) || unit == "B" => Some("Size"),
        _ if DURATIONS.contains(&unit) => Some("Duration"),
        _ if RATES.contains(&unit) => Some("Rate"),
        _ => None,
    }
}

/// Whether a map or, behind a dot, one of its parts is likely what is wanted.
fn has_parts(wanted: Ty) -> bool {
    matches!(wanted, Ty::Text | Ty::SecretText | Ty::List(_) | Ty::Map(_))
}

/// The names of the types whose values a field of this type takes.
fn names_of(ty: Ty) -> &'static [&'static str] {
    match ty {
        Ty::Bool => &["Bool"],
        Ty::Int(..) => &["Int"],
        Ty::Cpu => &["Cpu", "Int"],
        Ty::Size => &["Size"],
        Ty::Duration => &["Duration"],
        Ty::Ratio => &["Ratio"],
        Ty::Rate => &["Rate"],
        Ty::Port => &["Port"],
        Ty::Text | Ty::SecretText => {
            &[
                "Text", "String", "Int", "Bool", "Port", "Path", "UrlPath", "Url", "Host", "Cron", "Image",
                // Its host and its values, behind a dot.
                "Service",
            ]
        }
        Ty::Plain | Ty::Word => &["String"],
        Ty::FilePath => &["Path"],
        Ty::UrlPath => &["UrlPath"],
        Ty::Host => &["Host"],
        Ty::Cron => &["Cron"],
        Ty::Image => &["Image"],
        _ => &[],
    }
}
