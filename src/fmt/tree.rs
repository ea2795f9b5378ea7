//! Tokens, comments among them, as the groups that brackets make. Must not decide on blanks or columns.

use std::collections::BTreeSet;

use super::shape::{Shape, Starts};
use crate::source::Source;
use crate::syntax::{Tape, Token, TokenKind};

/// What may be done to the inside of brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Statements or entries of a map: no commas where each has its line.
    Body,
    /// Items between commas.
    List,
    /// One thing, such as a group of an expression or the item of a list type.
    Single,
}

/// Brackets and what is between them; the file itself has none.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) kind: Kind,
    pub(super) open: Token,
    pub(super) close: Token,
    pub(super) entries: Vec<Entry>,
    /// The comment on the line of the opening bracket.
    pub(super) head: Option<Token>,
    /// Whether the brackets stand on different lines; each entry of a body then has a line of its own.
    pub(super) broken: bool,
    /// Whether a comma before the closing bracket asks for a line per item.
    pub(super) spread: bool,
    /// Whether they stand inside of a string, which a line break would end.
    in_string: bool,
}

/// A statement, an item or a comment, and whether a blank line stands before it.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) blank_before: bool,
    /// Whether the author started a line with it.
    pub(super) fresh: bool,
    pub(super) content: Content,
}

/// What an entry is.
#[derive(Debug)]
pub(super) enum Content {
    /// A comment on its own line.
    Comment(Token),
    /// Lines to leave as they are, the last one included.
    Verbatim(u32, u32),
    /// Anything else, and the comment that ends its last line.
    Code { shape: Option<Shape>, nodes: Vec<Node>, trailing: Option<Token> },
}

/// A piece of an entry.
#[derive(Debug)]
pub(super) enum Node {
    /// A token.
    Token(Token),
    /// Brackets.
    Group(Group),
    /// A comment in the middle; a break follows.
    Comment(Token),
    /// The author went on in the next line.
    Break,
}

impl Node {
    /// Whether it needs more than one line.
    pub(super) fn is_tall(&self, source: &Source) -> bool {
        match self {
            Self::Token(token) => {
                token.kind == TokenKind::RawString && characters(source, *token).contains('\n')
            }
            Self::Group(group) => group.is_tall(source),
            Self::Comment(_) | Self::Break => true,
        }
    }
}

impl Group {
    /// Whether it needs more than one line.
    pub(super) fn is_tall(&self, source: &Source) -> bool {
        self.broken || self.entries.iter().any(|entry| entry.is_tall(source))
    }
}

impl Entry {
    fn is_tall(&self, source: &Source) -> bool {
        match &self.content {
            Content::Comment(_) | Content::Verbatim(..) => true,
            Content::Code { nodes, trailing, .. } => {
                trailing.is_some() || nodes.iter().any(|node| node.is_tall(source))
            }
        }
    }
}

/// Characters of a token.
pub(super) fn characters(source: &Source, token: Token) -> &str {
    source.text.get(token.start as usize..token.end as usize).unwrap_or_default()
}

/// The file as a group; `None` when tokens are not where the parser would have accepted them.
pub(super) fn build(source: &Source, tape: &Tape, starts: &Starts, frozen: &BTreeSet<u32>) -> Option<Group> {
    let tokens = tape.tokens.iter().filter(|token| token.kind != TokenKind::Whitespace).copied().collect();
    let mut builder = Builder { source, tokens, at: 0, starts, frozen, strings: 0 };
    let nowhere = Token { kind: TokenKind::End, start: 0, end: 0 };
    builder.group(Kind::Body, nowhere, TokenKind::End)
}

/// What stands between two entries.
#[derive(Default)]
struct Separators {
    any_break: bool,
    /// Line breaks behind the last comma.
    breaks: u32,
    comma: bool,
}

struct Builder<'a> {
    source: &'a Source,
    tokens: Vec<Token>,
    at: usize,
    starts: &'a Starts,
    frozen: &'a BTreeSet<u32>,
    /// Strings around the cursor.
    strings: u32,
}

impl Builder<'_> {
    fn peek(&self) -> Token {
        let end = self.source.text.len() as u32;
        self.tokens.get(self.at).copied().unwrap_or(Token { kind: TokenKind::End, start: end, end })
    }

    fn line(&self, token: Token) -> u32 {
        self.source.lines.line(token.start)
    }

    /// The entries up to the bracket that closes them, with the cursor behind the opening one.
    fn group(&mut self, kind: Kind, open: Token, close: TokenKind) -> Option<Group> {
        let mut group = Group::new(kind, open);
        loop {
            let Separators { any_break, breaks, comma } = self.separators();
            let orphan =
                group.entries.last().is_some_and(|entry| matches!(entry.content, Content::Comment(_)));
            if comma && orphan {
                // Without the comma the comment would document what follows.
                return None;
            }
            let token = self.peek();
            let blank_before = breaks > 1 && !group.entries.is_empty();
            let fresh = breaks > 0 || self.at == 0;
            group.broken |= any_break && close != TokenKind::End;
            let content = match token.kind {
                found if found == close => {
                    self.at += 1;
                    group.close = token;
                    self.finish(&mut group, comma);
                    return Some(group);
                }
                TokenKind::End => return None,
                _ if self.frozen.contains(&self.line(token)) => self.verbatim(fresh)?,
                TokenKind::Comment | TokenKind::DocComment => {
                    self.at += 1;
                    group.broken = true;
                    if !fresh {
                        group.attach(token)?;
                        continue;
                    }
                    Content::Comment(token)
                }
                _ => self.code(kind)?,
            };
            group.entries.push(Entry { blank_before, fresh, content });
        }
    }

    /// Decides whether the brackets stand on different lines.
    fn finish(&self, group: &mut Group, comma: bool) {
        if self.strings > 0 {
            group.in_string = true;
            return;
        }
        let empty = group.entries.is_empty() && group.head.is_none();
        group.spread = comma && !group.broken;
        group.broken = (group.broken || comma) && !empty;
        group.broken |= group.kind == Kind::Body && group.is_tall(self.source);
    }

    /// Skips line breaks and commas.
    fn separators(&mut self) -> Separators {
        let mut found = Separators::default();
        loop {
            match self.peek().kind {
                TokenKind::Newline => {
                    found.breaks += 1;
                    found.any_break = true;
                }
                // What follows a comma in its line does not start that line.
                TokenKind::Comma => {
                    found.breaks = 0;
                    found.comma = true;
                }
                _ => return found,
            }
            self.at += 1;
        }
    }

    /// All tokens of frozen lines that follow each other.
    fn verbatim(&mut self, fresh: bool) -> Option<Content> {
        let first = self.line(self.peek());
        let mut last = first;
        while self.at < self.tokens.len() && self.frozen.contains(&self.line(self.peek())) {
            let token = self.peek();
            if token.kind != TokenKind::Newline {
                last = self.source.lines.line(token.end.saturating_sub(1).max(token.start));
            }
            self.at += 1;
        }
        // The break that ends the last of them tells whether a blank line follows.
        if self.tokens.get(self.at.wrapping_sub(1)).is_some_and(|token| token.kind == TokenKind::Newline) {
            self.at -= 1;
        }
        fresh.then_some(Content::Verbatim(first, last))
    }

    fn code(&mut self, kind: Kind) -> Option<Content> {
        let shape = match kind {
            Kind::Body => Some(self.starts.get(&self.peek().start)?.clone()),
            Kind::List | Kind::Single => None,
        };
        let imports = shape == Some(Shape::Headed("use".to_owned()));
        let mut types = shape == Some(Shape::Headed("type".to_owned()));
        let mut nodes = Vec::new();
        let mut before = Token { kind: TokenKind::Newline, start: 0, end: 0 };
        while !self.ends(kind) {
            let token = self.peek();
            self.at += 1;
            match token.kind {
                TokenKind::InterpolationStart => self.strings += 1,
                TokenKind::InterpolationEnd => self.strings = self.strings.saturating_sub(1),
                _ => {}
            }
            nodes.push(match token.kind {
                TokenKind::Newline => Node::Break,
                TokenKind::Comment | TokenKind::DocComment => Node::Comment(token),
                TokenKind::BraceOpen => {
                    let kind = if imports { Kind::List } else { Kind::Body };
                    Node::Group(self.group(kind, token, TokenKind::BraceClose)?)
                }
                TokenKind::BracketOpen => {
                    let is_type = types || before.kind == TokenKind::Colon || self.is(before, "secret");
                    let kind = if is_type || kind == Kind::Single { Kind::Single } else { Kind::List };
                    Node::Group(self.group(kind, token, TokenKind::BracketClose)?)
                }
                TokenKind::ParenOpen => {
                    let call = before.kind == TokenKind::Name
                        && !super::spacing::blank(before.kind, characters(self.source, before), token.kind);
                    let kind = if call { Kind::List } else { Kind::Single };
                    Node::Group(self.group(kind, token, TokenKind::ParenClose)?)
                }
                _ => Node::Token(token),
            });
            types &= !self.is(token, "where");
            before = token;
        }
        (!nodes.is_empty()).then_some(Content::Code { shape, nodes, trailing: None })
    }

    fn is(&self, token: Token, word: &str) -> bool {
        token.kind == TokenKind::Name && characters(self.source, token) == word
    }

    /// Whether an entry of such a group ends before the next token.
    fn ends(&self, kind: Kind) -> bool {
        let next = match self.peek().kind {
            TokenKind::Newline | TokenKind::Comment | TokenKind::DocComment => self.beyond_the_line(),
            _ => self.peek(),
        };
        let beyond = next.start != self.peek().start;
        match next.kind {
            TokenKind::Comma => kind != Kind::Single,
            TokenKind::End | TokenKind::BraceClose | TokenKind::BracketClose | TokenKind::ParenClose => true,
            _ if !beyond => false,
            _ => {
                self.frozen.contains(&self.line(next))
                    || (kind == Kind::Body && self.starts.contains_key(&next.start))
            }
        }
    }

    /// The next token that is neither a line break nor a comment.
    fn beyond_the_line(&self) -> Token {
        let quiet = |kind| matches!(kind, TokenKind::Newline | TokenKind::Comment | TokenKind::DocComment);
        let rest = self.tokens.get(self.at..).unwrap_or_default();
        let end = Token { kind: TokenKind::End, start: u32::MAX, end: u32::MAX };
        rest.iter().find(|token| !quiet(token.kind)).copied().unwrap_or(end)
    }
}

impl Group {
    fn new(kind: Kind, open: Token) -> Self {
        Self {
            kind,
            open,
            close: open,
            entries: Vec::new(),
            head: None,
            broken: false,
            spread: false,
            in_string: false,
        }
    }

    /// Whether its first line gets shorter when each entry has a line: not for a list of one string.
    pub(super) fn gains_by_lines(&self) -> bool {
        let nested = |entry: &Entry| match &entry.content {
            Content::Code { nodes, .. } => nodes.iter().any(|node| matches!(node, Node::Group(_))),
            _ => true,
        };
        if self.in_string {
            return false;
        }
        match self.kind {
            Kind::Body => !self.entries.is_empty(),
            Kind::List => self.entries.len() > 1 || self.entries.iter().any(nested),
            Kind::Single => false,
        }
    }

    /// A comment that ends a line belongs to the entry before it, or to the opening bracket.
    fn attach(&mut self, comment: Token) -> Option<()> {
        match self.entries.last_mut() {
            None if self.open.kind == TokenKind::End => return None,
            None => self.head = Some(comment),
            Some(Entry { content: Content::Code { trailing, .. }, .. }) => *trailing = Some(comment),
            Some(_) => return None,
        }
        Some(())
    }
}
