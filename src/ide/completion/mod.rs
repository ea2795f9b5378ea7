//! What fits at the cursor. Must not offer what would not check there: no context, no offer.

mod members;
mod names;
mod values;

use super::Analysis;
use super::conditions::Condition;
use super::index::{Symbol, SymbolId, SymbolKind};
use super::place::{Body, Place, place, type_of};
use crate::check::{KINDS, Spanning, type_names};
use crate::model::EnvironmentBlock;
use crate::schema::{FieldSchema, Kind as _, KindSchema, LabelShape, Ty};
use crate::source::Source;
use crate::syntax::TokenKind;

/// What an offer is, for the symbol beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A word of the language.
    Keyword,
    /// A setting.
    Field,
    /// A block.
    Block,
    /// A declaration.
    Symbol(SymbolKind),
    /// One of a few words.
    Choice,
    /// A built-in function.
    Function,
    /// A type.
    Type,
    /// A module of the standard library.
    Module,
    /// A number with its unit.
    Unit,
}

/// Something that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What is shown.
    pub label: String,
    /// What is inserted.
    pub insert: String,
    /// What it is.
    pub kind: Kind,
    /// A few words beside it.
    pub detail: String,
    /// Its documentation.
    pub doc: String,
}

/// The offers, and the bytes that they replace.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Completions {
    /// In the order in which they should be shown.
    pub items: Vec<Completion>,
    /// First byte of what is replaced.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
}

/// What fits at an offset of a source.
pub fn complete(analysis: &Analysis, source: &Source, offset: u32) -> Completions {
    let place = place(source, offset);
    let mut completer = Completer { analysis, source, place: &place, items: Vec::new() };
    if !place.quiet {
        completer.all();
    }
    let mut items = completer.items;
    let mut known = std::collections::BTreeSet::new();
    items.retain(|item| known.insert(item.label.clone()));
    let mut end = place.word_end;
    if matches!(place.before.as_slice(), [word] if place.text(*word) == "use") {
        // A module replaces the whole path.
        let rest = source.text.get(end as usize..).unwrap_or_default();
        let in_path = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        end += rest.find(|c| !in_path(c)).unwrap_or(rest.len()) as u32;
    }
    Completions { items, start: place.word_start, end }
}

struct Completer<'a> {
    analysis: &'a Analysis,
    source: &'a Source,
    place: &'a Place<'a>,
    items: Vec<Completion>,
}

impl Completer<'_> {
    fn all(&mut self) {
        let first = self.place.before.first().map(|token| self.place.text(*token).to_owned());
        let last = self.place.before.last().map(|token| token.kind);
        let word = self.place.last_word().map(str::to_owned);
        match (first.as_deref(), last, word.as_deref()) {
            (Some("use"), ..) => self.module(),
            (_, Some(TokenKind::Dot), _) => self.members(),
            (_, Some(TokenKind::Arrow), _) => self.symbols(SymbolKind::Service),
            _ if self.place.in_string => self.values(Some(Ty::SecretText).filter(|_| !self.in_call())),
            (None, ..) => self.statement(),
            _ if self.condition().is_source() => self.collections(),
            _ if self.condition().is_open() => self.in_condition(),
            (Some("param" | "let"), Some(TokenKind::Colon), _)
            | (Some("type"), Some(TokenKind::Equals), _) => self.types(),
            (Some("type"), ..) => {}
            (Some(kind), _, Some("from")) if self.place.key().is_none() => self.templates(kind),
            _ if self.place.key().is_some() || matches!(first.as_deref(), Some("check")) => self.value(),
            (Some(kind), Some(TokenKind::Name), _) if self.place.before.len() == 1 => self.label(kind),
            _ => {}
        }
    }

    fn offer(&mut self, label: &str, kind: Kind, detail: &str, doc: &str) {
        let (detail, doc) = (detail.to_owned(), doc.to_owned());
        let (label, insert) = (label.to_owned(), label.to_owned());
        self.items.push(Completion { label, insert, kind, detail, doc });
    }

    /// The start of a statement.
    fn statement(&mut self) {
        match self.place.body() {
            Body::File => {
                for schema in KINDS {
                    self.offer(schema.keyword, Kind::Block, "", schema.doc);
                }
                for (word, doc) in WORDS {
                    self.offer(word, Kind::Keyword, "", doc);
                }
            }
            Body::Schema(schema) => {
                self.fields(schema);
                self.parameters(schema);
                if schema.keyword == EnvironmentBlock::SCHEMA.keyword {
                    let layered = KINDS.iter().filter(|kind| kind.keyword != schema.keyword);
                    for kind in layered {
                        self.offer(kind.keyword, Kind::Block, "", kind.doc);
                    }
                }
            }
            Body::Imports => self.imports(),
            Body::Map(_) | Body::Unknown => {}
        }
    }

    fn fields(&mut self, schema: &'static KindSchema) {
        let place = self.place;
        let seen = place.frames.last().map(|frame| &*frame.seen).unwrap_or_default();
        for field in schema.fields {
            let repeated = matches!(field.ty, Ty::Blocks(_) | Ty::Map(_) | Ty::Variants(_));
            if repeated || !seen.iter().any(|known| known == field.name) {
                let kind = match field.ty {
                    Ty::Block(_) | Ty::Blocks(_) | Ty::Variants(_) | Ty::Map(_) => Kind::Block,
                    _ => Kind::Field,
                };
                self.offer(field.name, kind, &described(field), field.doc);
            }
        }
    }

    /// Parameters of the templates below, or of the stack in an environment.
    fn parameters(&mut self, schema: &'static KindSchema) {
        let index = self.analysis.index();
        if schema.keyword == EnvironmentBlock::SCHEMA.keyword {
            return self.symbols(SymbolKind::Param);
        }
        let template = match self.place.owner() {
            // Directly in the block that names the template.
            Some(frame) if self.is_innermost(frame) => self.template_of(frame),
            _ => None,
        };
        let chain = template.into_iter().flat_map(|template| index.chain(template));
        let params = chain.flat_map(|owner| index.children(Some(owner), SymbolKind::Param));
        let seen = self.place.frames.last().map(|frame| &*frame.seen).unwrap_or_default();
        let is_open = |id: &SymbolId| index.symbol(*id).is_some_and(|symbol| !seen.contains(&symbol.name));
        self.offers(params.filter(is_open).collect());
    }

    /// The type of the parameter that a key sets, where a field has the same.
    fn parameter_type(&self, key: &[&str]) -> Option<Ty> {
        let [name] = key else { return None };
        let index = self.analysis.index();
        let template = self.template_of(self.place.owner().filter(|frame| self.is_innermost(frame))?)?;
        let mut params =
            index.chain(template).flat_map(|owner| index.children(Some(owner), SymbolKind::Param));
        let param = params.find_map(|id| index.symbol(id).filter(|symbol| symbol.name == *name))?;
        written_type(self.analysis.text(param.ty?))
    }

    /// The type that stands between the name of a parameter and its default.
    fn annotated_type(&self) -> Option<Ty> {
        let tokens = &self.place.before;
        let is_param = tokens.first().is_some_and(|token| self.place.text(*token) == "param");
        let colon = tokens.iter().position(|token| token.kind == TokenKind::Colon).filter(|_| is_param)?;
        let equals = tokens.iter().position(|token| token.kind == TokenKind::Equals)?;
        let text: String =
            tokens.get(colon + 1..equals)?.iter().map(|token| self.place.text(*token)).collect();
        written_type(&text)
    }

    fn is_innermost(&self, frame: &super::place::Frame) -> bool {
        self.place.frames.last().is_some_and(|last| {
            last.head.first().map(|token| token.start) == frame.head.first().map(|token| token.start)
        })
    }

    /// The template that a block is made from, by its head or, in an overlay, by its declaration.
    fn template_of(&self, frame: &super::place::Frame) -> Option<SymbolId> {
        let index = self.analysis.index();
        let words: Vec<&str> = frame.head.iter().map(|token| self.place.text(*token)).collect();
        let module = self.analysis.module(self.source.id);
        if let Some(at) = words.iter().position(|word| *word == "from") {
            let path = words.get(at + 1..)?;
            return match path {
                [name] => index.lookup(module?, name),
                [alias, ".", name] => {
                    let alias = index.lookup(module?, alias)?;
                    index
                        .exports(index.module_of(alias)?)
                        .find(|id| index.symbol(*id).is_some_and(|symbol| symbol.name == *name))
                }
                _ => None,
            };
        }
        index.symbol(self.owner()?)?.template
    }

    /// The declaration that the cursor is in.
    fn owner(&self) -> Option<SymbolId> {
        let frame = self.place.owner()?;
        let words: Vec<&str> = frame.head.iter().map(|token| self.place.text(*token)).collect();
        let index = self.analysis.index();
        match words.as_slice() {
            ["template", _, name, ..] => index.lookup(self.analysis.module(self.source.id)?, name),
            [kind, name, ..] => {
                let kind = names::kind_of(kind)?;
                index.child(None, kind, name.trim_matches('"'))
            }
            _ => None,
        }
    }

    /// A label that names what exists, or chooses a variant.
    fn label(&mut self, kind: &str) {
        match self.place.body() {
            Body::File if kind == "template" => {
                for schema in KINDS.iter().filter(|kind| kind.keyword != EnvironmentBlock::SCHEMA.keyword) {
                    self.offer(schema.keyword, Kind::Block, "", schema.doc);
                }
            }
            Body::Schema(schema) => match schema.field(kind).map(|(_, field)| field.ty) {
                Some(Ty::Variants(kinds)) => {
                    for kind in kinds {
                        self.offer(kind.keyword, Kind::Choice, "", kind.doc);
                    }
                }
                Some(Ty::Block(KindSchema { label: LabelShape::Tag(words), .. })) => {
                    for word in *words {
                        self.offer(word, Kind::Choice, "", "");
                    }
                }
                Some(_) if kind == "take" => self.beside(SymbolKind::Stage),
                None if schema.keyword == EnvironmentBlock::SCHEMA.keyword => {
                    if let Some(kind) = names::kind_of(kind) {
                        self.symbols(kind);
                    }
                }
                _ => {}
            },
            _ => {}
        }
    }

    fn types(&mut self) {
        for name in type_names() {
            self.offer(name, Kind::Type, "", "");
        }
        let visible =
            self.analysis.module(self.source.id).map(|module| self.analysis.index().visible(module));
        let is_type = |id: &SymbolId| {
            self.analysis.index().symbol(*id).is_some_and(|symbol| symbol.kind == SymbolKind::Type)
        };
        let types: Vec<SymbolId> = visible.unwrap_or_default().into_iter().filter(is_type).collect();
        self.offers(types);
    }

    /// Whether the length of something is asked for.
    fn is_measured(&self) -> bool {
        let last = self.place.before.last().is_some_and(|token| token.kind == TokenKind::ParenOpen);
        last && self.place.open.last().is_some_and(|callee| self.place.text(*callee) == "length")
    }

    fn condition(&self) -> Condition<'_> {
        Condition::new(self.analysis, self.source, self.place)
    }

    /// What a quantifier may be about.
    fn collections(&mut self) {
        let collections = self.condition().collections();
        self.parts(collections);
        self.bindings(Some(Ty::List(&Ty::Text)));
    }

    /// The start of a condition.
    fn in_condition(&mut self) {
        self.offer("all", Kind::Keyword, "", "Holds when the condition holds for each element.");
        self.offer("any", Kind::Keyword, "", "Holds when the condition holds for one element.");
        self.values(None);
    }

    /// The value of a setting, or a part of an expression.
    fn value(&mut self) {
        let starts = self.place.before.last().is_some_and(|token| match token.kind {
            TokenKind::Name => {
                matches!(self.place.text(*token), "if" | "then" | "else" | "in" | "check" | "where")
            }
            kind => values::opens(kind),
        });
        if !starts {
            return;
        }
        let is_condition = self.place.before.last().is_some_and(|token| match token.kind {
            TokenKind::AndAnd | TokenKind::OrOr | TokenKind::Bang => true,
            _ => self.place.text(*token) == "check",
        });
        if is_condition && self.place.open.is_empty() {
            return self.in_condition();
        }
        if self.is_measured() {
            let spanning = self.condition().spanning().map(Spanning::offer).collect();
            self.parts(spanning);
        }
        let key = self.place.key();
        let ty = key.as_ref().and_then(|key| type_of(self.place.body(), key));
        let ty = ty.or_else(|| self.annotated_type()).or_else(|| self.parameter_type(key?.as_slice()));
        let condition = self.place.last_word() == Some("if");
        self.values(if self.in_call() || condition { None } else { ty });
    }

    /// Whether brackets are open before the cursor: what stands in them need not have the type of the whole.
    fn in_call(&self) -> bool {
        let count = |kind| self.place.before.iter().filter(|token| token.kind == kind).count();
        count(TokenKind::ParenOpen) > count(TokenKind::ParenClose)
    }
}

/// Words that start a statement at the top of a file.
const WORDS: [(&str, &str); 5] = [
    ("use", "Imports names of the standard library or of another file."),
    ("template", "A declaration to make others from."),
    ("let", "Gives a value a name."),
    ("param", "A value that environments may set."),
    ("type", "A narrower type with a name."),
];

/// The type of a field and its default, in a few words.
pub(super) fn described(field: &FieldSchema) -> String {
    let ty = crate::check::describe_ty(&field.ty);
    match field.default.map(|default| default()).filter(|default| !default.is_empty()) {
        Some(default) => format!("{ty}, {default} by default"),
        None if field.is_required() => format!("{ty}, required"),
        None => ty,
    }
}

/// A symbol's documentation as it stands above it, without the signs.
pub(super) fn documentation(analysis: &Analysis, symbol: &Symbol) -> String {
    let lines = symbol.doc.map(|span| analysis.text(span)).unwrap_or_default().lines();
    let lines: Vec<&str> = lines.map(|line| line.trim().trim_start_matches('#').trim()).collect();
    lines.join("\n")
}

/// The type of a field that takes the same values as a parameter of this type.
fn written_type(text: &str) -> Option<Ty> {
    match text.trim_end_matches('?') {
        "Service" => Some(Ty::Service),
        "Bool" => Some(Ty::Bool),
        "Size" => Some(Ty::Size),
        "Duration" => Some(Ty::Duration),
        "Secret" => Some(Ty::Secret),
        "Path" => Some(Ty::FilePath),
        "[Path]" => Some(Ty::List(&Ty::FilePath)),
        _ => None,
    }
}
