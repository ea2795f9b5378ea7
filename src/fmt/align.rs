//! Lines to text, with the columns of neighbours of one shape below each other. Must not move anything between lines.

use super::shape::Shape;

/// What a column starts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    /// The start of the line.
    Head,
    /// `from`
    Template,
    /// `->`
    Target,
    /// `=`, `+=` or `{`: all that follows is one column.
    Value,
}

/// The text of one column.
#[derive(Debug)]
pub(super) struct Cell {
    pub(super) anchor: Anchor,
    pub(super) text: String,
}

impl Cell {
    /// Columns before it that belong to its sign: the `=` of `+=` stands below other ones.
    fn hang(&self) -> usize {
        usize::from(self.text.starts_with("+="))
    }
}

/// One line, or several that nobody may touch.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) blank_before: bool,
    pub(super) indent: usize,
    pub(super) cells: Vec<Cell>,
    /// What it lines up with; `None` when it stands alone.
    pub(super) shape: Option<Shape>,
    pub(super) comment: Option<String>,
    pub(super) verbatim: Option<String>,
}

impl Line {
    /// A line without anything on it yet.
    pub(super) fn code(indent: usize, blank_before: bool) -> Self {
        Self { blank_before, indent, cells: Vec::new(), shape: None, comment: None, verbatim: None }
    }

    /// Lines as they are.
    pub(super) fn verbatim(text: String, blank_before: bool) -> Self {
        Self { verbatim: Some(text), ..Self::code(0, blank_before) }
    }

    /// Adds to the last column.
    pub(super) fn append(&mut self, gap: &str, text: &str) {
        match self.cells.last_mut() {
            Some(cell) => {
                cell.text.push_str(gap);
                cell.text.push_str(text);
            }
            None => self.cells.push(Cell { anchor: Anchor::Head, text: text.to_owned() }),
        }
    }

    /// Columns without indentation, padding and comment.
    pub(super) fn width(&self) -> usize {
        let text: usize = self.cells.iter().map(|cell| columns(&cell.text)).sum();
        text + self.cells.len().saturating_sub(1)
    }

    fn lines_up_with(&self, other: &Self) -> bool {
        let anchors = |line: &Self| line.cells.iter().map(|cell| cell.anchor).collect::<Vec<_>>();
        let (mine, others) = (anchors(self), anchors(other));
        let shared = mine.len().min(others.len());
        self.shape.is_some()
            && self.shape == other.shape
            && self.indent == other.indent
            && mine.get(..shared) == others.get(..shared)
    }
}

fn columns(text: &str) -> usize {
    text.chars().count()
}

/// The text of all lines.
pub(super) fn print(lines: &[Line], line_break: &str) -> String {
    let mut out = String::new();
    let mut start = 0;
    while start < lines.len() {
        let end = run(lines, start);
        let together = lines.get(start..end).unwrap_or_default();
        let widths = widths(together);
        for line in together {
            if line.blank_before && !out.is_empty() {
                out.push_str(line_break);
            }
            match &line.verbatim {
                // With its own line break, if it has one.
                Some(text) => out.push_str(text),
                None => {
                    one(&mut out, line, &widths);
                    out.push_str(line_break);
                }
            }
        }
        start = end;
    }
    out
}

/// One past the last line that lines up with the one at `start`.
fn run(lines: &[Line], start: usize) -> usize {
    let mut end = start + 1;
    let mut longest = lines.get(start);
    while let Some((longest_yet, line)) = longest.zip(lines.get(end)) {
        if line.blank_before || !longest_yet.lines_up_with(line) {
            break;
        }
        if line.cells.len() > longest_yet.cells.len() {
            longest = Some(line);
        }
        end += 1;
    }
    end
}

/// How wide each column is that another one follows.
fn widths(lines: &[Line]) -> Vec<usize> {
    let mut widths = Vec::new();
    for line in lines {
        for (index, pair) in line.cells.windows(2).enumerate() {
            let [cell, next] = pair else { continue };
            let width = columns(&cell.text) + next.hang();
            match widths.get_mut(index) {
                Some(known) => *known = width.max(*known),
                None => widths.push(width),
            }
        }
    }
    widths
}

fn one(out: &mut String, line: &Line, widths: &[usize]) {
    let start = out.len();
    out.push_str(&"  ".repeat(line.indent));
    for (index, cell) in line.cells.iter().enumerate() {
        out.push_str(&cell.text);
        if let (Some(next), Some(width)) = (line.cells.get(index + 1), widths.get(index)) {
            let padding = (width + 1).saturating_sub(columns(&cell.text) + next.hang());
            out.push_str(&" ".repeat(padding));
        }
    }
    if let Some(comment) = &line.comment {
        if !line.cells.is_empty() {
            out.push_str("  ");
        }
        out.push_str(comment);
    }
    let text = out.get(start..).unwrap_or_default().trim_end().len();
    out.truncate(start + text);
}
