//! What the parser sees of a tape, and the brackets that belong together. Must not build trees or report.

use crate::source::{Source, Span};
use crate::syntax::token::{Tape, Token, TokenKind};

/// The tokens without trivia, one line break for several.
pub(super) struct Significant {
    /// The tokens, closed by an end.
    pub(super) tokens: Vec<Token>,
    /// Doc comments by the offset of the token below them, in order.
    docs: Vec<(u32, Span)>,
    /// Indices of brackets and the ones that close them, by the opening one.
    pairs: Vec<(u32, u32)>,
    /// Whether all brackets match.
    pub(super) is_sound: bool,
}

impl Significant {
    /// What the parser sees of the tokens up to `end`.
    pub(super) fn new(source: &Source, tape: &Tape, end: u32) -> Self {
        let mut filter = Filter {
            source,
            tokens: Vec::with_capacity(tape.tokens.len() / 2 + 1),
            docs: Vec::new(),
            anchors: Vec::new(),
            doc: None,
            own_line: true,
            column_zero: None,
        };
        for token in &tape.tokens {
            filter.take(*token);
        }
        filter.push(TokenKind::End, end, end);
        filter.finish()
    }

    /// The doc comment directly above the token at `offset`.
    pub(super) fn doc(&self, offset: u32) -> Option<Span> {
        let found = self.docs.binary_search_by_key(&offset, |(below, _)| *below).ok()?;
        self.docs.get(found).map(|(_, span)| *span)
    }

    /// The index of the bracket that closes the one at `open`.
    pub(super) fn close_of(&self, open: u32) -> Option<u32> {
        let found = self.pairs.binary_search_by_key(&open, |(open, _)| *open).ok()?;
        self.pairs.get(found).map(|(_, close)| *close)
    }
}

struct Filter<'a> {
    source: &'a Source,
    tokens: Vec<Token>,
    docs: Vec<(u32, Span)>,
    /// Indices of line breaks before lines that look like the start of a declaration.
    anchors: Vec<usize>,
    doc: Option<Span>,
    /// Whether nothing but trivia stands on the line so far.
    own_line: bool,
    /// The line break directly before the last token, while that is a name.
    column_zero: Option<usize>,
}

impl Filter<'_> {
    fn take(&mut self, token: Token) {
        let (start, end) = (token.start, token.end);
        match token.kind {
            TokenKind::DocComment if self.own_line => {
                let span = Span::new(self.source.id, start, end);
                self.doc = Some(self.doc.map_or(span, |above| above.to(span)));
                self.own_line = false;
            }
            TokenKind::Newline => {
                // A blank line separates a doc comment from what follows.
                if self.own_line {
                    self.doc = None;
                }
                self.own_line = true;
                if self.tokens.last().is_some_and(|last| last.kind != TokenKind::Newline) {
                    self.push(TokenKind::Newline, start, end);
                }
            }
            TokenKind::Whitespace => {}
            kind if kind.is_trivia() => self.own_line = false,
            kind => {
                if let Some(doc) = self.doc.take() {
                    self.docs.push((start, doc));
                }
                self.own_line = false;
                self.push(kind, start, end);
            }
        }
    }

    fn push(&mut self, kind: TokenKind, start: u32, end: u32) {
        if let Some(line_break) = self.column_zero.take()
            && self.tokens.last().is_some_and(|name| self.declares(*name, kind))
        {
            self.anchors.push(line_break);
        }
        let at_line_start = start
            .checked_sub(1)
            .is_some_and(|before| self.source.text.as_bytes().get(before as usize) == Some(&b'\n'));
        if kind == TokenKind::Name && at_line_start {
            self.column_zero = self.tokens.len().checked_sub(1);
        }
        self.tokens.push(Token { kind, start, end });
    }

    /// Whether a name in the first column, followed by `next`, looks like the start of a declaration.
    fn declares(&self, name: Token, next: TokenKind) -> bool {
        let text = self.source.text.get(name.start as usize..name.end as usize);
        match text {
            Some("use" | "let" | "param" | "type" | "check") => !matches!(
                next,
                TokenKind::Equals
                    | TokenKind::PlusEquals
                    | TokenKind::EqualsEquals
                    | TokenKind::Colon
                    | TokenKind::Dot
            ),
            _ => next.starts_string() || matches!(next, TokenKind::Name | TokenKind::BraceOpen),
        }
    }

    /// Line starts end blocks only where brackets do not match: a sound file may be laid out in any way.
    fn finish(mut self) -> Significant {
        let mut pairing = Pairing::of(&self.tokens);
        let is_sound = !pairing.broken;
        if !is_sound {
            for anchor in &self.anchors {
                if let Some(token) = self.tokens.get_mut(*anchor) {
                    token.kind = TokenKind::Anchor;
                }
            }
            pairing = Pairing::of(&self.tokens);
        }
        pairing.pairs.sort_unstable();
        Significant { tokens: self.tokens, docs: self.docs, pairs: pairing.pairs, is_sound }
    }
}

/// Which brackets belong together, when some may be missing: braces are stronger than other brackets, a line
/// break ends interpolations, an anchor ends everything.
#[derive(Default)]
struct Pairing {
    open: Vec<(TokenKind, u32)>,
    braces: usize,
    interpolations: usize,
    pairs: Vec<(u32, u32)>,
    broken: bool,
}

impl Pairing {
    fn of(tokens: &[Token]) -> Self {
        let mut pairing = Self::default();
        for (index, token) in tokens.iter().enumerate() {
            pairing.take(token.kind, index as u32);
        }
        pairing
    }

    fn take(&mut self, kind: TokenKind, index: u32) {
        match kind {
            TokenKind::BraceOpen => {
                self.braces += 1;
                self.open.push((kind, index));
            }
            TokenKind::InterpolationStart => {
                self.interpolations += 1;
                self.open.push((kind, index));
            }
            TokenKind::BracketOpen | TokenKind::ParenOpen => self.open.push((kind, index)),
            TokenKind::BraceClose if self.braces > 0 => self.close_strong(TokenKind::BraceOpen, index),
            TokenKind::InterpolationEnd if self.interpolations > 0 => {
                self.close_strong(TokenKind::InterpolationStart, index);
            }
            TokenKind::BracketClose => self.close_weak(TokenKind::BracketOpen, index),
            TokenKind::ParenClose => self.close_weak(TokenKind::ParenOpen, index),
            TokenKind::BraceClose | TokenKind::InterpolationEnd => self.broken = true,
            TokenKind::Newline if self.interpolations > 0 => {
                self.broken = true;
                while self.interpolations > 0 && self.pop().is_some() {}
            }
            TokenKind::Anchor | TokenKind::End => {
                self.broken |= !self.open.is_empty();
                while self.pop().is_some() {}
            }
            _ => {}
        }
    }

    fn pop(&mut self) -> Option<(TokenKind, u32)> {
        let (kind, index) = self.open.pop()?;
        match kind {
            TokenKind::BraceOpen => self.braces -= 1,
            TokenKind::InterpolationStart => self.interpolations -= 1,
            _ => {}
        }
        Some((kind, index))
    }

    /// Closes the innermost `open`, whatever was opened inside it.
    fn close_strong(&mut self, open: TokenKind, index: u32) {
        while let Some((kind, opened)) = self.pop() {
            if kind == open {
                self.pairs.push((opened, index));
                return;
            }
            self.broken = true;
        }
    }

    /// Closes `open` when it is the innermost bracket, or the one around it.
    fn close_weak(&mut self, open: TokenKind, index: u32) {
        let depth = self.open.iter().rev().take(2).position(|(kind, _)| *kind == open);
        self.broken |= depth != Some(0);
        let inside_weak =
            !matches!(self.open.last(), Some((TokenKind::BraceOpen | TokenKind::InterpolationStart, _)));
        if depth == Some(1) && inside_weak {
            self.pop();
        }
        if (depth == Some(0) || (depth == Some(1) && inside_weak))
            && let Some((_, opened)) = self.pop()
        {
            self.pairs.push((opened, index));
        }
    }
}
