//! The token cursor: a slice that nom can walk, and what all parsers share. Must not build trees.

use std::cell::{Cell, RefCell};
use std::iter::{Copied, Enumerate};
use std::slice::Iter;

use nom::error::{ErrorKind, ParseError};
use nom::{IResult, Input, Needed};

use crate::diagnostic::{Code, Diagnostic, codes};
use crate::source::{Source, Span};
use crate::syntax::token::{Tape, Token, TokenKind};

/// Nesting deeper than this is refused: recursion must not reach the end of the stack.
const MAX_DEPTH: u32 = 64;

/// Unexpected tokens that one line reports: what comes after them follows from them.
const MAX_PER_LINE: usize = 2;

/// Binary operators in one value: each may make its tree one level deeper.
const MAX_OPERATORS: u32 = 256;

/// A token that the parser sees and its index on the tape.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Item {
    pub(super) token: Token,
    pub(super) index: u32,
}

/// What all parsers of one file share.
pub(super) struct State<'a> {
    source: &'a Source,
    tape: &'a Tape,
    diagnostics: RefCell<Vec<Diagnostic>>,
    depth: Cell<u32>,
    /// Binary operators in the value that is being read.
    operators: Cell<u32>,
    unclosed: Cell<Option<u32>>,
    alone: Cell<Option<u32>>,
    braces_match: bool,
}

impl<'a> State<'a> {
    pub(super) fn new(source: &'a Source, tape: &'a Tape) -> Self {
        let count = |kind| tape.tokens.iter().filter(|token| token.kind == kind).count();
        let braces_match = count(TokenKind::BraceOpen) == count(TokenKind::BraceClose);
        Self {
            braces_match,
            source,
            tape,
            diagnostics: RefCell::default(),
            depth: Cell::new(0),
            operators: Cell::new(0),
            unclosed: Cell::new(None),
            alone: Cell::new(None),
        }
    }

    /// The tokens without trivia, one line break for several, closed by an end.
    pub(super) fn significant(&self) -> Vec<Item> {
        let mut items: Vec<Item> = Vec::with_capacity(self.tape.tokens.len() * 2 / 3 + 1);
        for (index, token) in self.tape.tokens.iter().enumerate() {
            let repeated = token.kind == TokenKind::Newline
                && items.last().is_none_or(|last| last.token.kind == TokenKind::Newline);
            if !token.kind.is_trivia() && !repeated {
                items.push(Item { token: *token, index: index as u32 });
            }
        }
        let end = self.source.text.len() as u32;
        let token = Token { kind: TokenKind::End, start: end, end };
        items.push(Item { token, index: self.tape.tokens.len() as u32 });
        items
    }

    pub(super) fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.diagnostics.into_inner()
    }
}

/// What remains to be read. The last item is always the end and is never taken.
#[derive(Clone, Copy)]
pub(super) struct Tokens<'a> {
    items: &'a [Item],
    state: &'a State<'a>,
}

/// A parser's result; the error says what was expected where.
pub(super) type Parsed<'a, T> = IResult<Tokens<'a>, T, Expected>;

/// Something else was expected.
#[derive(Debug, Clone)]
pub(super) struct Expected {
    pub(super) code: &'static Code,
    pub(super) span: Span,
    pub(super) message: String,
    pub(super) help: Option<&'static str>,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(items: &'a [Item], state: &'a State<'a>) -> Self {
        Self { items, state }
    }

    /// The next token; the end when nothing is left.
    pub(super) fn peek(&self) -> Token {
        self.nth(0)
    }

    /// A token further on; the end when there are not so many.
    pub(super) fn nth(&self, n: usize) -> Token {
        let end = self.state.source.text.len() as u32;
        self.items.get(n).map_or(Token { kind: TokenKind::End, start: end, end }, |item| item.token)
    }

    /// The kind of the next token.
    pub(super) fn kind(&self) -> TokenKind {
        self.peek().kind
    }

    /// Without the next token; the end stays.
    pub(super) fn skip(self) -> Self {
        if self.items.len() > 1 { self.take_from(1) } else { self }
    }

    /// Without line breaks.
    pub(super) fn skip_newlines(mut self) -> Self {
        while self.kind() == TokenKind::Newline {
            self = self.skip();
        }
        self
    }

    /// How many tokens are left: progress makes it smaller.
    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    pub(super) fn span_of(&self, token: Token) -> Span {
        Span::new(self.state.source.id, token.start, token.end)
    }

    /// The place of the next token; of an end or a line break, the place after the last character.
    pub(super) fn span(&self) -> Span {
        let token = self.peek();
        match token.kind {
            TokenKind::Newline | TokenKind::End => Span::new(self.state.source.id, token.start, token.start),
            _ => self.span_of(token),
        }
    }

    pub(super) fn text(&self, token: Token) -> &'a str {
        self.state.source.text.get(token.start as usize..token.end as usize).unwrap_or_default()
    }

    /// How the next token reads in a message: as it is written, where that is short and visible.
    pub(super) fn found(&self) -> String {
        let token = self.peek();
        let text = self.text(token);
        let plain = text.len() <= 24 && text.chars().all(|c| c.is_alphanumeric() || c.is_ascii_graphic());
        match token.kind {
            TokenKind::StringPlain | TokenKind::StringStart | TokenKind::RawString => {
                token.kind.describe().to_owned()
            }
            _ if plain && !text.is_empty() => format!("`{text}`"),
            kind => kind.describe().to_owned(),
        }
    }

    /// Whether the next token is this name.
    pub(super) fn at_word(&self, word: &str) -> bool {
        self.kind() == TokenKind::Name && self.text(self.peek()) == word
    }

    /// Column of a token, in bytes from 0.
    pub(super) fn column(&self, token: Token) -> u32 {
        self.state.source.lines.utf8(token.start).column
    }

    /// The doc comment directly above the next token.
    pub(super) fn doc(&self) -> Option<Span> {
        let tape = &self.state.tape.tokens;
        let mut at = self.items.first()?.index as usize;
        let mut found: Option<Span> = None;
        loop {
            let before = |steps: usize| at.checked_sub(steps).and_then(|at| tape.get(at));
            let mut steps = 1;
            if before(steps).is_some_and(|token| token.kind == TokenKind::Whitespace) {
                steps += 1;
            }
            if before(steps).is_none_or(|token| token.kind != TokenKind::Newline) {
                return found;
            }
            steps += 1;
            match before(steps) {
                Some(token) if token.kind == TokenKind::DocComment => {
                    let span = self.span_of(*token);
                    found = Some(found.map_or(span, |below| span.to(below)));
                    at -= steps;
                }
                _ => return found,
            }
        }
    }

    pub(super) fn report(&self, problem: Diagnostic) {
        let start = |problem: &Diagnostic| problem.primary.as_ref().map(|label| label.span.start);
        let line = |problem: &Diagnostic| start(problem).map(|at| self.state.source.lines.line(at));
        let mut diagnostics = self.state.diagnostics.borrow_mut();
        let near = || diagnostics.iter().rev().take(8);
        let same = near().any(|known| start(known) == start(&problem));
        let crowded = problem.code == codes::UNEXPECTED_TOKEN
            && near().filter(|known| known.code == problem.code && line(known) == line(&problem)).count()
                >= MAX_PER_LINE;
        if !same && !crowded {
            diagnostics.push(problem);
        }
    }

    /// Whether no block was found unclosed at this place yet.
    pub(super) fn first_unclosed_here(&self) -> bool {
        let at = self.peek().start;
        self.state.unclosed.replace(Some(at)) != Some(at)
    }

    /// Whether a brace is missing somewhere, or a mistake was found already.
    pub(super) fn is_doubtful(&self) -> bool {
        !self.state.braces_match || !self.state.diagnostics.borrow().is_empty()
    }

    /// Whether no word was found alone on this line yet: one message says what is wrong with the line.
    pub(super) fn first_alone_on_line(&self) -> bool {
        let line = self.state.source.lines.line(self.peek().start);
        self.state.alone.replace(Some(line)) != Some(line)
    }

    /// Counts a binary operator; `false` when the expression has too many.
    pub(super) fn count_operator(&self) -> bool {
        let count = self.state.operators.get() + 1;
        self.state.operators.set(count);
        count <= MAX_OPERATORS
    }

    /// Forgets the operators of the last expression.
    pub(super) fn start_value(&self) {
        self.state.operators.set(0);
    }

    pub(super) fn report_expected(&self, expected: Expected) {
        let problem =
            Diagnostic::error(expected.code, expected.message).at(expected.span, "not expected here");
        self.report(match expected.help {
            Some(help) => problem.help(help),
            None => problem,
        });
    }

    /// An error: `what` was expected here.
    pub(super) fn expected<T>(&self, what: &str, help: Option<&'static str>) -> Parsed<'a, T> {
        Err(self.wrong(what, help))
    }

    /// The error of [`Self::expected`], for functions with another result.
    pub(super) fn wrong(&self, what: &str, help: Option<&'static str>) -> nom::Err<Expected> {
        let message = format!("expected {what}, found {}", self.found());
        nom::Err::Error(Expected { code: codes::UNEXPECTED_TOKEN, span: self.span(), message, help })
    }

    /// Runs a parser one level deeper; refuses beyond the limit.
    pub(super) fn deeper<T>(self, parser: impl FnOnce(Self) -> Parsed<'a, T>) -> Parsed<'a, T> {
        let depth = self.state.depth.get();
        if depth >= MAX_DEPTH {
            let message = format!("nested more than {MAX_DEPTH} levels deep");
            let help = Some("give the inner part a name with `let`");
            return Err(nom::Err::Failure(Expected {
                code: codes::TOO_DEEP,
                span: self.span(),
                message,
                help,
            }));
        }
        self.state.depth.set(depth + 1);
        let result = parser(self);
        self.state.depth.set(depth);
        result
    }
}

/// Takes a token of this kind.
pub(super) fn token<'a>(kind: TokenKind, what: &'static str) -> impl Fn(Tokens<'a>) -> Parsed<'a, Token> {
    move |input| {
        if input.kind() == kind { Ok((input.skip(), input.peek())) } else { input.expected(what, None) }
    }
}

impl<'a> Input for Tokens<'a> {
    type Item = Item;
    type Iter = Copied<Iter<'a, Item>>;
    type IterIndices = Enumerate<Self::Iter>;

    fn input_len(&self) -> usize {
        self.items.len()
    }

    fn take(&self, count: usize) -> Self {
        Self { items: self.items.get(..count).unwrap_or(self.items), state: self.state }
    }

    fn take_from(&self, count: usize) -> Self {
        Self { items: self.items.get(count..).unwrap_or_default(), state: self.state }
    }

    fn take_split(&self, count: usize) -> (Self, Self) {
        (self.take_from(count), self.take(count))
    }

    fn position<P: Fn(Item) -> bool>(&self, predicate: P) -> Option<usize> {
        self.items.iter().position(|item| predicate(*item))
    }

    fn iter_elements(&self) -> Self::Iter {
        self.items.iter().copied()
    }

    fn iter_indices(&self) -> Self::IterIndices {
        self.items.iter().copied().enumerate()
    }

    fn slice_index(&self, count: usize) -> Result<usize, Needed> {
        if count <= self.items.len() { Ok(count) } else { Err(Needed::new(count - self.items.len())) }
    }
}

impl<'a> ParseError<Tokens<'a>> for Expected {
    fn from_error_kind(input: Tokens<'a>, _: ErrorKind) -> Self {
        let message = format!("did not expect {}", input.found());
        Self { code: codes::UNEXPECTED_TOKEN, span: input.span(), message, help: None }
    }

    fn append(_: Tokens<'a>, _: ErrorKind, other: Self) -> Self {
        other
    }

    fn or(self, other: Self) -> Self {
        if other.span.start > self.span.start { other } else { self }
    }
}
