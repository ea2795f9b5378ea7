//! Repairs that mean what the author meant, as texts with the edits made. Must not read or write files.

use std::collections::BTreeMap;

use super::{Applicability, Diagnostic, Edit, Fix};
use crate::source::{SourceId, SourceMap};

/// Texts with the edits made, by source, and how many repairs that took.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Repaired {
    /// The new text of each source that changes.
    pub texts: BTreeMap<SourceId, String>,
    /// Number of repairs.
    pub count: usize,
}

/// Makes the edits of the first safe fix of each diagnostic. Of fixes that overlap, the first one is made: the others
/// are found again, if they are still needed. A fix is made whole or not at all.
pub fn repair(diagnostics: &[Diagnostic], sources: &SourceMap) -> Repaired {
    let is_safe = |fix: &&Fix| fix.applicability == Applicability::Safe;
    let fixes = diagnostics.iter().filter_map(|problem| problem.fixes.iter().find(is_safe));
    let mut chosen: Vec<&Edit> = Vec::new();
    let mut count = 0;
    for fix in fixes {
        let clashes = |edit: &Edit| chosen.iter().any(|other| overlap(edit, other));
        let is_ours =
            |edit: &Edit| sources.get(edit.span.source).is_some_and(|source| fits(edit, &source.text));
        if fix.edits.iter().all(|edit| is_ours(edit) && !clashes(edit)) {
            chosen.extend(&fix.edits);
            count += 1;
        }
    }
    // From the end, so that the places before an edit stay where they are.
    chosen.sort_by_key(|edit| std::cmp::Reverse((edit.span.source, edit.span.start)));
    let mut texts: BTreeMap<SourceId, String> = BTreeMap::new();
    for edit in chosen {
        let Some(source) = sources.get(edit.span.source) else { continue };
        let text = texts.entry(edit.span.source).or_insert_with(|| source.text.to_string());
        text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
    }
    Repaired { texts, count }
}

fn fits(edit: &Edit, text: &str) -> bool {
    text.get(edit.span.start as usize..edit.span.end as usize).is_some()
}

/// Whether two edits touch the same place; two insertions at one place do, because their order would be a guess.
fn overlap(one: &Edit, other: &Edit) -> bool {
    let (one, other) = (one.span, other.span);
    one.source == other.source && one.start <= other.end && other.start <= one.end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::codes;
    use crate::source::Span;

    fn fixed(edits: &[(u32, u32, &str)]) -> Diagnostic {
        let edit = |(start, end, text): &(u32, u32, &str)| Edit {
            span: Span::new(SourceId(0), *start, *end),
            text: (*text).to_owned(),
        };
        Diagnostic::error(codes::UNKNOWN_NAME, "").safe_fix("repair", edits.iter().map(edit).collect())
    }

    fn sources() -> SourceMap {
        let mut sources = SourceMap::default();
        sources.add("main.stack", "one two three");
        sources
    }

    #[test]
    fn fixes_are_made_whole_and_do_not_overlap() {
        let all =
            [fixed(&[(0, 3, "1"), (8, 13, "3")]), fixed(&[(4, 7, "2"), (9, 10, "x")]), fixed(&[(5, 6, "W")])];
        let repaired = repair(&all, &sources());
        assert_eq!(repaired.count, 2);
        assert_eq!(repaired.texts[&SourceId(0)], "1 tWo 3");
    }

    #[test]
    fn nothing_is_made_of_plausible_fixes_and_of_other_texts() {
        let edit = |start| Edit { span: Span::new(SourceId(0), start, start + 1), text: "x".to_owned() };
        let maybe = Diagnostic::error(codes::UNKNOWN_NAME, "").maybe_fix("guess", vec![edit(0)]);
        let outside = Diagnostic::error(codes::UNKNOWN_NAME, "").safe_fix("outside", vec![edit(40)]);
        assert_eq!(repair(&[maybe, outside], &sources()), Repaired::default());
    }
}
