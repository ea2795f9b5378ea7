//! The token cursor that nom walks, and what all parsers share. Must not build trees or decide on recovery.

use std::cell::{Cell, RefCell};
use std::iter::{Copied, Enumerate};
use std::slice::Iter;

use nom::error::{ErrorKind, ParseError};
use nom::{IResult, Input, Needed};

use super::report::Reports;
use super::significant::Significant;
use crate::diagnostic::Diagnostic;
use crate::source::{Source, Span};
use crate::syntax::ast::Name;
use crate::syntax::token::{Token, TokenKind};

/// What all parsers of one file share.
pub(super) struct State<'a> {
    pub(super) source: &'a Source,
    pub(super) significant: &'a Significant,
    pub(super) reports: RefCell<Reports>,
    /// Places of the `{` of all blocks and maps around the cursor.
    pub(super) open: RefCell<Vec<Span>>,
    /// Brackets around the cursor.
    pub(super) depth: Cell<u32>,
    /// Height of the last expression.
    pub(super) height: Cell<u32>,
}

impl<'a> State<'a> {
    pub(super) fn new(source: &'a Source, significant: &'a Significant) -> Self {
        Self {
            source,
            significant,
            reports: RefCell::default(),
            open: RefCell::default(),
            depth: Cell::new(0),
            height: Cell::new(0),
        }
    }

    pub(super) fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.reports.into_inner().into_diagnostics()
    }
}

/// What remains to be read.
#[derive(Clone, Copy)]
pub(super) struct Tokens<'a> {
    pub(super) state: &'a State<'a>,
    at: u32,
    end: u32,
}

/// A parser's result.
pub(super) type Parsed<'a, T> = IResult<Tokens<'a>, T, Mismatch>;

/// Something else is here. Empty: what belongs here is known to the caller, who reports it or tries another way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mismatch;

/// A parser does not apply here.
pub(super) fn mismatch<'a, T>() -> Parsed<'a, T> {
    Err(nom::Err::Error(Mismatch))
}

/// Takes a token of this kind.
pub(super) fn token<'a>(kind: TokenKind) -> impl Fn(Tokens<'a>) -> Parsed<'a, Token> {
    move |input| {
        if input.kind() == kind { Ok((input.next(), input.peek())) } else { mismatch() }
    }
}

/// Takes this word.
pub(super) fn word<'a>(text: &'static str) -> impl Fn(Tokens<'a>) -> Parsed<'a, Token> {
    move |input| {
        if input.at_word(text) { Ok((input.next(), input.peek())) } else { mismatch() }
    }
}

/// Takes a name.
pub(super) fn name(input: Tokens<'_>) -> Parsed<'_, Name> {
    let (rest, _) = token(TokenKind::Name)(input)?;
    Ok((rest, Name { span: input.span() }))
}

impl<'a> Tokens<'a> {
    pub(super) fn new(state: &'a State<'a>) -> Self {
        Self { state, at: 0, end: state.significant.tokens.len() as u32 }
    }

    /// A token further on; the end when there are not so many.
    pub(super) fn nth(self, n: u32) -> Token {
        let at = self.at.saturating_add(n);
        let token = self.state.significant.tokens.get(at as usize);
        let end = self.state.source.text.len() as u32;
        token.copied().filter(|_| at < self.end).unwrap_or(Token { kind: TokenKind::End, start: end, end })
    }

    /// The next token.
    pub(super) fn peek(self) -> Token {
        self.nth(0)
    }

    /// The kind of the next token.
    pub(super) fn kind(self) -> TokenKind {
        self.peek().kind
    }

    /// Without the next token; the end stays.
    pub(super) fn next(self) -> Self {
        let step = u32::from(self.kind() != TokenKind::End);
        Self { at: self.at + step, ..self }
    }

    /// At this index of the significant tokens, which must not lie behind the cursor.
    pub(super) fn forward_to(self, at: u32) -> Self {
        Self { at: at.max(self.at), ..self }
    }

    /// The index in the significant tokens.
    pub(super) fn index(self) -> u32 {
        self.at
    }

    /// Without line breaks, except those that end all blocks.
    pub(super) fn skip_newlines(mut self) -> Self {
        while self.kind() == TokenKind::Newline {
            self = self.next();
        }
        self
    }

    /// A range of bytes in this source.
    pub(super) fn range(self, start: u32, end: u32) -> Span {
        Span::new(self.state.source.id, start, end)
    }

    /// Where the next token is.
    pub(super) fn span(self) -> Span {
        let token = self.peek();
        self.range(token.start, token.end)
    }

    /// First byte of the next token.
    pub(super) fn start(self) -> u32 {
        self.peek().start
    }

    /// One past the last byte of the token before.
    pub(super) fn previous_end(self) -> u32 {
        let before = self.at.checked_sub(1);
        let token = before.and_then(|at| self.state.significant.tokens.get(at as usize));
        token.map_or(0, |token| token.end)
    }

    /// From `start` to the end of the token before.
    pub(super) fn since(self, start: u32) -> Span {
        self.range(start, self.previous_end().max(start))
    }

    /// Characters of a token.
    pub(super) fn text(self, token: Token) -> &'a str {
        let text = self.state.source.text.get(token.start as usize..token.end as usize);
        text.unwrap_or_default()
    }

    /// Whether the next token is this word.
    pub(super) fn at_word(self, word: &str) -> bool {
        self.kind() == TokenKind::Name && self.text(self.peek()) == word
    }
}

impl<'a> Input for Tokens<'a> {
    type Item = Token;
    type Iter = Copied<Iter<'a, Token>>;
    type IterIndices = Enumerate<Self::Iter>;

    fn input_len(&self) -> usize {
        self.end.saturating_sub(self.at) as usize
    }

    fn take(&self, count: usize) -> Self {
        Self { end: self.at.saturating_add(count as u32).min(self.end), ..*self }
    }

    fn take_from(&self, count: usize) -> Self {
        Self { at: self.at.saturating_add(count as u32).min(self.end), ..*self }
    }

    fn take_split(&self, count: usize) -> (Self, Self) {
        (self.take_from(count), self.take(count))
    }

    fn position<P: Fn(Token) -> bool>(&self, predicate: P) -> Option<usize> {
        self.iter_elements().position(predicate)
    }

    fn iter_elements(&self) -> Self::Iter {
        let tokens = &self.state.significant.tokens;
        let tokens = tokens.get(self.at as usize..self.end as usize);
        tokens.unwrap_or_default().iter().copied()
    }

    fn iter_indices(&self) -> Self::IterIndices {
        self.iter_elements().enumerate()
    }

    fn slice_index(&self, count: usize) -> Result<usize, Needed> {
        match count.checked_sub(self.input_len()) {
            None | Some(0) => Ok(count),
            Some(missing) => Err(Needed::new(missing)),
        }
    }
}

impl<'a> ParseError<Tokens<'a>> for Mismatch {
    fn from_error_kind(_: Tokens<'a>, _: ErrorKind) -> Self {
        Self
    }

    fn append(_: Tokens<'a>, _: ErrorKind, other: Self) -> Self {
        other
    }
}
