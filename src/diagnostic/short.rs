//! One line per diagnostic, as compilers have always written them. Must not wrap or cut.

use super::Diagnostic;
use super::escape::{plain_lines, visible, visible_line};
use super::place::Place;
use crate::source::SourceMap;

/// `path:line:column: error[E0401] message`
pub(super) fn short(diagnostics: &[&Diagnostic], sources: &SourceMap) -> String {
    plain_lines(&diagnostics.iter().map(|problem| line(problem, sources)).collect::<String>())
}

fn line(problem: &Diagnostic, sources: &SourceMap) -> String {
    let message = visible(&problem.message).replace('\n', " ");
    let head = format!("{}[{}] {message}\n", problem.severity.word(), problem.code.id);
    match problem.primary.as_ref().and_then(|label| Place::in_characters(sources, label.span)) {
        Some(place) => {
            let (line, column) = (place.start.line + 1, place.start.column + 1);
            format!("{}:{line}:{column}: {head}", visible_line(place.path))
        }
        None => head,
    }
}
