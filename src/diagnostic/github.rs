//! Workflow commands of GitHub Actions: annotations on the lines of a change. Must not write a second line per
//! diagnostic: what follows a line feed would be a command of its own.

use super::escape::{visible, visible_line};
use super::place::Place;
use super::{Diagnostic, Severity};
use crate::source::SourceMap;

/// `::error file=…,line=…,col=…,endLine=…,endColumn=…,title=E0401 missing-unit::message`
pub(super) fn github(diagnostics: &[&Diagnostic], sources: &SourceMap) -> String {
    diagnostics.iter().map(|problem| command(problem, sources)).collect()
}

fn command(problem: &Diagnostic, sources: &SourceMap) -> String {
    let level = if problem.severity == Severity::Note { "notice" } else { problem.severity.word() };
    let place = problem.primary.as_ref().and_then(|label| Place::in_characters(sources, label.span));
    let place = place.as_ref().map(properties).unwrap_or_default();
    let title = property(&format!("{} {}", problem.code.id, problem.code.name));
    let help = problem.help.as_ref().map(|help| format!("\n{help}")).unwrap_or_default();
    let message = data(&visible(&format!("{}{help}", problem.message)));
    format!("::{level} {place}title={title}::{message}\n")
}

fn properties(place: &Place<'_>) -> String {
    let file = property(&visible_line(place.path));
    let (line, end) = (place.start.line + 1, place.end.line + 1);
    // The runner drops columns of annotations over several lines.
    if line != end {
        return format!("file={file},line={line},endLine={end},");
    }
    let (column, end_column) = (place.start.column + 1, place.end.column + 1);
    format!("file={file},line={line},col={column},endLine={end},endColumn={end_column},")
}

/// The escapes of the text behind `::`; the per cent sign first, because they are made of it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The escapes of a property, which also ends at a colon or a comma.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_are_escaped() {
        assert_eq!(data("100%\r\n::stop"), "100%25%0D%0A::stop");
        assert_eq!(property("a,b:c%3A"), "a%2Cb%3Ac%253A");
    }
}
