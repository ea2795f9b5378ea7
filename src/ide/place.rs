//! What surrounds the cursor, read from tokens alone, so that it works in the middle of a word and in unclosed blocks.
//! Must not resolve names.

use crate::check::KINDS;
use crate::model::EnvironmentBlock;
use crate::schema::{Kind, KindSchema, Ty};
use crate::source::Source;
use crate::syntax::{Token, TokenKind, lex};

/// What a body may hold.
#[derive(Debug, Clone, Copy)]
pub enum Body {
    /// The top of a file.
    File,
    /// Settings and blocks of a kind.
    Schema(&'static KindSchema),
    /// Free keys.
    Map(&'static Ty),
    /// The names of an import.
    Imports,
    /// Nobody knows.
    Unknown,
}

/// A block around the cursor.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Its words up to the `{`.
    pub head: Vec<Token>,
    /// What it may hold.
    pub body: Body,
    /// Keys and kinds of the statements in it before the cursor.
    pub seen: Vec<String>,
}

/// Where the cursor is.
#[derive(Debug)]
pub struct Place<'a> {
    source: &'a Source,
    /// The blocks around it, outermost first.
    pub frames: Vec<Frame>,
    /// Tokens of the statement before the word at the cursor.
    pub before: Vec<Token>,
    /// First byte of the word at the cursor.
    pub word_start: u32,
    /// One past its last byte, which may lie behind the cursor.
    pub word_end: u32,
    /// Whether the cursor is in a comment or in the characters of a string.
    pub quiet: bool,
    /// Whether it is inside of `${…}`.
    pub in_string: bool,
    /// Calls and lists that are open in the statement: their first token, innermost last.
    pub open: Vec<Token>,
}

/// Reads the place of an offset.
pub fn place(source: &Source, offset: u32) -> Place<'_> {
    let mut place = Place {
        source,
        frames: vec![Frame { head: Vec::new(), body: Body::File, seen: Vec::new() }],
        before: Vec::new(),
        word_start: offset,
        word_end: offset,
        quiet: false,
        in_string: false,
        open: Vec::new(),
    };
    let mut fresh = true;
    for token in &lex(&source.text).tokens {
        if token.start >= offset && !(token.kind == TokenKind::Name && token.start == offset) {
            break;
        }
        if offset <= token.end && place.at_cursor(*token, offset) {
            break;
        }
        place.take(*token, fresh);
        fresh = token.kind == TokenKind::Newline;
    }
    place
}

impl Place<'_> {
    /// Characters of a token.
    pub fn text(&self, token: Token) -> &str {
        self.source.text.get(token.start as usize..token.end as usize).unwrap_or_default()
    }

    /// The innermost block.
    pub fn body(&self) -> Body {
        self.frames.last().map_or(Body::File, |frame| frame.body)
    }

    /// The word before the cursor's one, when it is a name.
    pub fn last_word(&self) -> Option<&str> {
        self.before.last().filter(|token| token.kind == TokenKind::Name).map(|token| self.text(*token))
    }

    /// The names before the dot at the cursor.
    pub fn path_before(&self) -> Vec<&str> {
        let mut path = Vec::new();
        let mut tokens = self.before.iter().rev();
        while let (Some(dot), Some(name)) = (tokens.next(), tokens.next()) {
            if dot.kind != TokenKind::Dot || name.kind != TokenKind::Name {
                break;
            }
            path.insert(0, self.text(*name));
        }
        path
    }

    /// The block of the stack, the template or the file that the cursor is in: words of its head.
    pub fn owner(&self) -> Option<&Frame> {
        let of_environment = |frame: &Frame| matches!(frame.body, Body::Schema(schema) if schema.keyword == EnvironmentBlock::SCHEMA.keyword);
        match self.frames.get(1) {
            Some(frame) if of_environment(frame) => self.frames.get(2).or(Some(frame)),
            frame => frame,
        }
    }

    /// The key of the setting whose value the cursor is in, as segments.
    pub fn key(&self) -> Option<Vec<&str>> {
        let equals = self.before.iter().position(|token| {
            matches!(token.kind, TokenKind::Equals | TokenKind::PlusEquals | TokenKind::Colon)
        })?;
        let names = self.before.get(..equals)?.iter().filter(|token| token.kind == TokenKind::Name);
        Some(names.map(|token| self.text(*token)).collect())
    }

    /// Handles the token that the cursor touches; whether it is where the reading ends.
    fn at_cursor(&mut self, token: Token, offset: u32) -> bool {
        let inside = token.start < offset && offset < token.end;
        match token.kind {
            TokenKind::Comment | TokenKind::DocComment => {
                self.quiet = true;
                true
            }
            TokenKind::StringText
            | TokenKind::StringEscape
            | TokenKind::RawString
            | TokenKind::StringPlain
                if inside =>
            {
                self.quiet = true;
                true
            }
            TokenKind::StringStart | TokenKind::StringText | TokenKind::StringEscape => {
                self.quiet = offset == token.end;
                self.quiet
            }
            TokenKind::Name | TokenKind::Quantity | TokenKind::Int => {
                self.word_start = token.start;
                self.word_end = token.end;
                true
            }
            _ => inside,
        }
    }

    fn take(&mut self, token: Token, fresh: bool) {
        match token.kind {
            TokenKind::Whitespace | TokenKind::Comment | TokenKind::DocComment | TokenKind::Forbidden => {}
            TokenKind::Newline => {
                self.in_string = false;
                if self.open.is_empty() && !self.goes_on() {
                    self.end();
                }
            }
            TokenKind::Comma if self.open.is_empty() => self.end(),
            TokenKind::BraceOpen if !self.in_string => self.enter(),
            TokenKind::BraceClose if !self.in_string => {
                self.end();
                if self.frames.len() > 1 {
                    self.frames.pop();
                }
            }
            TokenKind::BracketOpen | TokenKind::ParenOpen => {
                self.open.push(self.before.last().copied().unwrap_or(token));
                self.before.push(token);
            }
            TokenKind::BracketClose | TokenKind::ParenClose => {
                self.open.pop();
                self.before.push(token);
            }
            kind => {
                match kind {
                    TokenKind::InterpolationStart => self.in_string = true,
                    TokenKind::InterpolationEnd => self.in_string = false,
                    // A declaration in the first column ends what somebody forgot to close.
                    TokenKind::Name if fresh && self.frames.len() > 1 && self.declares(token) => {
                        self.frames.truncate(1);
                        self.open.clear();
                        self.before.clear();
                    }
                    _ => {}
                }
                self.before.push(token);
            }
        }
    }

    /// Whether a condition goes on in the next line.
    fn goes_on(&self) -> bool {
        match self.before.last().map(|token| token.kind) {
            Some(TokenKind::AndAnd | TokenKind::OrOr) => true,
            Some(TokenKind::Colon) => self.before.first().is_some_and(|token| self.text(*token) == "check"),
            _ => false,
        }
    }

    fn declares(&self, token: Token) -> bool {
        let word = self.text(token);
        matches!(word, "template" | "use" | "patch") || KINDS.iter().any(|schema| schema.keyword == word)
    }

    fn end(&mut self) {
        let key = self.before.first().map(|token| self.text(*token).to_owned());
        if let (Some(frame), Some(key)) = (self.frames.last_mut(), key) {
            frame.seen.push(key);
        }
        self.before.clear();
        self.open.clear();
    }

    fn enter(&mut self) {
        let head = self.before.clone();
        let body = self.body_of(&head);
        self.end();
        self.frames.push(Frame { head, body, seen: Vec::new() });
    }

    /// What the block behind a head may hold.
    fn body_of(&self, head: &[Token]) -> Body {
        let words: Vec<&str> = head.iter().map(|token| self.text(*token)).collect();
        let kind =
            |word: &str| KINDS.iter().find(|schema| schema.keyword == word).map(|kind| Body::Schema(kind));
        match (self.body(), words.as_slice()) {
            (Body::File, ["use", ..]) => Body::Imports,
            (Body::File, ["template", word, ..] | [word, ..]) => kind(word).unwrap_or(Body::Unknown),
            (Body::Schema(schema), [word, rest @ ..]) => match schema.field(word) {
                Some((_, field)) => body_of_type(field.ty, rest),
                None if schema.keyword == EnvironmentBlock::SCHEMA.keyword => {
                    kind(word).unwrap_or(Body::Unknown)
                }
                None => Body::Unknown,
            },
            _ => Body::Unknown,
        }
    }
}

fn body_of_type(ty: Ty, rest: &[&str]) -> Body {
    match ty {
        Ty::Block(schema) | Ty::Blocks(schema) => Body::Schema(schema),
        Ty::Map(item) => Body::Map(item),
        Ty::Variants(kinds) => {
            let tag = rest.iter().find(|word| **word != "=" && **word != ".");
            let kind = tag.and_then(|tag| kinds.iter().find(|kind| kind.keyword == *tag));
            kind.map_or(Body::Unknown, |kind| Body::Schema(kind))
        }
        _ => Body::Unknown,
    }
}

/// The type that a key of a body asks for.
pub fn type_of(body: Body, key: &[&str]) -> Option<Ty> {
    let (first, rest) = key.split_first()?;
    match body {
        Body::Map(item) => Some(*item),
        Body::Schema(schema) => {
            let (_, field) = schema.field(first)?;
            match (field.ty, rest) {
                (ty, []) => Some(ty),
                (Ty::Block(inner), rest) | (Ty::Blocks(inner), [_, rest @ ..]) => {
                    type_of(Body::Schema(inner), rest)
                }
                (Ty::Map(item), _) => Some(*item),
                _ => None,
            }
        }
        Body::File | Body::Imports | Body::Unknown => None,
    }
}
