//! A text that changed in one place, parsed again there only: the statements that the change touches and one on each
//! side. Must not guess: where the rest of the text could mean something else now, it says so and does nothing.

use std::ops::Range;

use super::ast::{File, Statement};
use super::shift::Shift;
use super::{Tape, characters, lex, parser};
use crate::diagnostic::Diagnostic;
use crate::source::{Source, Span};

/// Makes the tree of `before` the tree of `now`; `false` when only a whole parse can.
pub fn parse_again(
    before: &Source,
    now: &Source,
    file: &mut File,
    diagnostics: &mut Vec<Diagnostic>,
) -> bool {
    let Some(window) = Window::around(&before.text, &now.text, &file.statements) else {
        return false;
    };
    let outside = |problem: &Diagnostic| {
        let mut places = problem.primary.iter().chain(&problem.secondary).map(|label| label.span);
        problem.primary.is_none() || !places.all(|at| window.holds(&before.text, at))
    };
    // A problem elsewhere may be about brackets, and those may be about this place.
    if diagnostics.iter().any(outside) || part(before, &window.before).is_none() {
        return false;
    }
    let Some((new, found)) = part(now, &window.now).filter(|(new, _)| window.fits(&file.statements, new))
    else {
        return false;
    };
    let by = distance(before.text.len(), now.text.len());
    let behind = window.first + new.len();
    file.statements.splice(window.first..window.last, new);
    file.statements.get_mut(behind..).unwrap_or_default().iter_mut().for_each(|it| it.shift(by));
    *diagnostics = found;
    true
}

/// The statements of a part of a text, when its brackets and strings are its own.
fn part(source: &Source, range: &Range<usize>) -> Option<(Vec<Statement>, Vec<Diagnostic>)> {
    let text = source.text.get(range.clone())?;
    // Text in three quotes goes over lines: what is inside of it depends on the whole file.
    if text.contains("\"\"\"") {
        return None;
    }
    let mut diagnostics = Vec::new();
    characters::check(source, range.clone(), &mut diagnostics);
    let mut tokens = lex(text).tokens;
    for token in &mut tokens {
        token.start += range.start as u32;
        token.end += range.start as u32;
    }
    let (statements, found) = parser::part(source, &Tape { tokens }, range.end as u32)?;
    diagnostics.extend(found);
    diagnostics.sort_by_key(|problem| problem.primary.as_ref().map(|label| label.span.start));
    Some((statements, diagnostics))
}

/// What is parsed again: whole lines, before and after the change.
struct Window {
    before: Range<usize>,
    now: Range<usize>,
    /// The statements in it, before the change.
    first: usize,
    last: usize,
}

impl Window {
    fn around(before: &str, now: &str, statements: &[Statement]) -> Option<Self> {
        let (start, end) = difference(before.as_bytes(), now.as_bytes());
        // Those that end before the change and begin behind it, and of them the nearest is looked at again.
        let above = statements.partition_point(|statement| (statement.span.end as usize) < start);
        let below = statements.partition_point(|statement| statement.span.start as usize <= end);
        let (first, last) = (above.saturating_sub(1), (below + 1).min(statements.len()));
        let begin = match first.checked_sub(1).and_then(|at| statements.get(at)) {
            Some(kept) => line_end(before, kept.span.end as usize)?,
            None => 0,
        };
        let stop = match statements.get(last) {
            Some(kept) => {
                let inside = statements.get(last - 1)?;
                let stop = line_end(before, inside.span.end as usize)? + 1;
                let doc = kept.doc.map_or(kept.span.start, |doc| doc.start);
                (stop <= doc as usize).then_some(stop)?
            }
            None => before.len(),
        };
        let is_line =
            statements.get(first).is_none_or(|it| begin <= it.doc.unwrap_or(it.span).start as usize);
        let inside = begin <= start && end <= stop && is_line;
        let moved = (stop + now.len()).checked_sub(before.len())?;
        (inside && begin <= moved).then_some(Self { before: begin..stop, now: begin..moved, first, last })
    }

    /// Whether a place is about what is in it. Its ends are about the statements around it.
    fn holds(&self, before: &str, place: Span) -> bool {
        let (start, end) = (place.start as usize, place.end as usize);
        let Range { start: first, end: last } = self.before;
        (first == 0 || first < start) && (last == before.len() || end < last)
    }

    /// Whether the outermost statements are what they were.
    fn fits(&self, known: &[Statement], new: &[Statement]) -> bool {
        let by = distance(self.before.end, self.now.end);
        let moved = |at: u32, by: i32| at.saturating_add_signed(by);
        let same = |known: &Statement, new: &Statement, by: i32| {
            (moved(known.span.start, by), moved(known.span.end, by)) == (new.span.start, new.span.end)
        };
        let pair = |known: Option<&Statement>, new: Option<&Statement>, by| {
            known.zip(new).is_some_and(|(known, new)| same(known, new, by))
        };
        let above = self.first == 0 || pair(known.get(self.first), new.first(), 0);
        let is_last = self.last == known.len();
        above && (is_last || pair(known.get(self.last - 1), new.last(), by))
    }
}

/// How far a place moves; texts have few enough bytes for that.
fn distance(from: usize, to: usize) -> i32 {
    (i64::from(to as u32) - i64::from(from as u32)) as i32
}

/// Where two texts begin to differ, and where the first one is as the other again.
fn difference(before: &[u8], now: &[u8]) -> (usize, usize) {
    let start = before.iter().zip(now).take_while(|(a, b)| a == b).count();
    let rest = before.len().min(now.len()) - start;
    let same = before.iter().rev().zip(now.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    (start, before.len() - same)
}

/// The line break behind a place, when nothing but a comment stands before it.
fn line_end(text: &str, from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    let end = rest.find('\n')?;
    let between = rest.get(..end)?.trim_start();
    (between.is_empty() || between.starts_with('#') || between.starts_with("//")).then_some(from + end)
}
