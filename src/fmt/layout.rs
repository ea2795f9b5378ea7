//! Groups to lines: indentation, breaks, one blank between tokens. Must not pad columns.

use super::WIDTH;
use super::align::{Anchor, Cell, Line};
use super::spacing::blank;
use super::tree::{Content, Entry, Group, Kind, Node, characters};
use crate::source::Source;
use crate::syntax::{Token, TokenKind};

use super::shape::Shape;

/// The lines of a file.
pub(super) fn lines(source: &Source, file: &Group) -> Vec<Line> {
    let mut writer = Writer { source, lines: Vec::new(), indent: 0, before: None };
    writer.entries(file);
    writer.lines
}

struct Writer<'a> {
    source: &'a Source,
    lines: Vec<Line>,
    indent: usize,
    /// The token before on the same line.
    before: Option<Token>,
}

impl Writer<'_> {
    fn entries(&mut self, group: &Group) {
        let last = group.entries.iter().rposition(|entry| matches!(entry.content, Content::Code { .. }));
        for (index, entry) in group.entries.iter().enumerate() {
            let comma = group.kind == Kind::List && last.is_some_and(|last| index <= last);
            match &entry.content {
                Content::Code { nodes, trailing, .. } if index > 0 && self.fits(group, entry, nodes) => {
                    self.pieces(nodes);
                    self.comma();
                    if let Some(comment) = trailing {
                        self.comment(*comment);
                    }
                }
                _ => self.entry(entry, comma),
            }
        }
    }

    /// Whether an item of a list goes on in the line of the item before it.
    fn fits(&self, group: &Group, entry: &Entry, nodes: &[Node]) -> bool {
        let line = self.lines.last().filter(|line| line.comment.is_none() && line.verbatim.is_none());
        let tall = nodes.iter().any(|node| node.is_tall(self.source));
        group.kind == Kind::List
            && !(group.spread || entry.fresh)
            && line.is_some_and(|line| tall || line.indent * 2 + line.width() + 1 + self.width(nodes) < WIDTH)
    }

    /// An entry on a line of its own.
    fn entry(&mut self, entry: &Entry, comma: bool) {
        match &entry.content {
            Content::Verbatim(first, last) => {
                let lines = &self.source.lines;
                let text =
                    self.source.text.get(lines.range(*first).0 as usize..lines.range(*last).1 as usize);
                self.lines.push(Line::verbatim(text.unwrap_or_default().to_owned(), entry.blank_before));
            }
            Content::Comment(token) => {
                self.new_line(entry.blank_before);
                self.comment(*token);
            }
            Content::Code { shape, nodes, trailing } => {
                self.new_line(entry.blank_before);
                let first = self.lines.len();
                self.statement(nodes, shape.as_ref());
                if comma {
                    self.comma();
                }
                if let Some(line) = self.lines.get_mut(first - 1).filter(|_| shape.is_some()) {
                    line.shape.clone_from(shape);
                }
                let tall = self.lines.len() > first || nodes.iter().any(|node| node.is_tall(self.source));
                if let Some(line) = self.lines.get_mut(first - 1).filter(|_| tall) {
                    line.shape = None;
                }
                if let Some(comment) = trailing {
                    self.comment(*comment);
                }
            }
        }
    }

    /// The pieces of an entry; the widest bracket is broken when they do not fit the line.
    fn statement(&mut self, nodes: &[Node], shape: Option<&Shape>) {
        let indent = self.indent;
        let tall = nodes.iter().any(|node| node.is_tall(self.source));
        let too_wide = !tall && self.indent * 2 + self.width(nodes) > WIDTH;
        let breakable = |node: &Node| match node {
            Node::Group(group) if group.gains_by_lines() => self.width_of(group),
            _ => 0,
        };
        let widths: Vec<usize> = if too_wide { nodes.iter().map(breakable).collect() } else { Vec::new() };
        let widest = widths.iter().max().filter(|width| **width > 0);
        let chosen = widest.and_then(|widest| widths.iter().position(|width| width == widest));
        let mut anchors = shape.is_some_and(|shape| *shape != Shape::Loose);
        for (index, node) in nodes.iter().enumerate() {
            let anchor = if anchors && index > 0 { self.anchor(node, shape) } else { None };
            anchors &= anchor != Some(Anchor::Value) && !node.is_tall(self.source);
            match node {
                Node::Token(token) => self.put(characters(self.source, *token), *token, anchor),
                Node::Group(group) => self.group(group, chosen == Some(index), anchor),
                Node::Comment(token) => self.comment(*token),
                Node::Break => {
                    self.indent = indent + 1;
                    self.new_line(false);
                }
            }
        }
        self.indent = indent;
    }

    /// Whether a column starts with this piece.
    fn anchor(&self, node: &Node, shape: Option<&Shape>) -> Option<Anchor> {
        match node {
            Node::Group(group) if group.open.kind == TokenKind::BraceOpen => Some(Anchor::Value),
            Node::Token(token) => match token.kind {
                TokenKind::Equals | TokenKind::PlusEquals => Some(Anchor::Value),
                TokenKind::Arrow => Some(Anchor::Target),
                TokenKind::Name
                    if characters(self.source, *token) == "from"
                        && matches!(shape, Some(Shape::Headed(_))) =>
                {
                    Some(Anchor::Template)
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn group(&mut self, group: &Group, forced: bool, anchor: Option<Anchor>) {
        self.put(characters(self.source, group.open), group.open, anchor);
        if group.broken || forced {
            if let Some(comment) = group.head {
                self.comment(comment);
            }
            self.indent += 1;
            self.entries(group);
            self.indent -= 1;
            self.new_line(false);
        } else {
            self.on_one_line(group);
        }
        self.put(characters(self.source, group.close), group.close, None);
    }

    fn on_one_line(&mut self, group: &Group) {
        for (index, entry) in group.entries.iter().enumerate() {
            if index > 0 {
                self.comma();
            }
            if let Content::Code { nodes, .. } = &entry.content {
                self.pieces(nodes);
            }
        }
    }

    fn comma(&mut self) {
        self.put(",", Token { kind: TokenKind::Comma, start: 0, end: 0 }, None);
    }

    fn pieces(&mut self, nodes: &[Node]) {
        let indent = self.indent;
        for node in nodes {
            match node {
                Node::Token(token) => self.put(characters(self.source, *token), *token, None),
                Node::Group(group) => self.group(group, false, None),
                Node::Comment(token) => self.comment(*token),
                Node::Break => {
                    self.indent = indent + 1;
                    self.new_line(false);
                }
            }
        }
        self.indent = indent;
    }

    fn new_line(&mut self, blank_before: bool) {
        self.lines.push(Line::code(self.indent, blank_before));
        self.before = None;
    }

    /// A token with the blank that belongs before it.
    fn put(&mut self, text: &str, token: Token, anchor: Option<Anchor>) {
        let spaced =
            self.before.is_some_and(|left| blank(left.kind, characters(self.source, left), token.kind));
        self.before = Some(token);
        let Some(line) = self.lines.last_mut() else {
            return;
        };
        match anchor {
            Some(anchor) => line.cells.push(Cell { anchor, text: text.to_owned() }),
            None => line.append(if spaced { " " } else { "" }, text),
        }
    }

    /// A comment; other languages' `//` becomes `#`.
    fn comment(&mut self, token: Token) {
        let text = characters(self.source, token).trim_end();
        let text = match text.strip_prefix("//") {
            // Two in a row would document what follows.
            Some(rest) if rest.starts_with('#') => format!("# {rest}"),
            Some(rest) => format!("#{rest}"),
            None => text.to_owned(),
        };
        if let Some(line) = self.lines.last_mut() {
            line.comment = Some(text);
        }
    }

    /// Columns of pieces on one line.
    fn width(&self, nodes: &[Node]) -> usize {
        let mut ruler = Writer { source: self.source, lines: Vec::new(), indent: 0, before: None };
        ruler.new_line(false);
        ruler.pieces(nodes);
        ruler.lines.first().map_or(0, Line::width)
    }

    fn width_of(&self, group: &Group) -> usize {
        let mut ruler = Writer { source: self.source, lines: Vec::new(), indent: 0, before: None };
        ruler.new_line(false);
        ruler.group(group, false, None);
        ruler.lines.first().map_or(0, Line::width)
    }
}
