//! The way that a value has come: from the place of a finding back over the names that it was given. Must not evaluate; it
//! follows the names of one file, and what environments set.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::source::{Source, SourceId, SourceMap, Span};
use crate::syntax;
use crate::syntax::ast::{SettingKey, Statement, StatementKind};

/// A message that shows more than this is not read.
const MAX_HOPS: usize = 4;

/// The files that were looked into, each parsed when it is first needed.
pub(super) struct Travel<'a> {
    sources: &'a SourceMap,
    parsed: BTreeMap<SourceId, Vec<Statement>>,
}

impl<'a> Travel<'a> {
    pub(super) fn new(sources: &'a SourceMap) -> Self {
        Self { sources, parsed: BTreeMap::new() }
    }

    /// A finding with a label for each name that its value has come over; `chain` are the environments that it is about.
    pub(super) fn trace(&mut self, mut diagnostic: Diagnostic, chain: &[Arc<str>]) -> Diagnostic {
        let labels = diagnostic.primary.iter().chain(&diagnostic.secondary);
        let mut seen: Vec<Span> = labels.map(|label| label.span).collect();
        let mut open: Vec<Span> = diagnostic.primary.iter().map(|label| label.span).collect();
        let mut hop = 0;
        while let Some(span) = open.pop() {
            let Some(source) = self.sources.get(span.source) else { continue };
            for name in names(source.slice(span)) {
                let Some(from) = self.binding(source, name, chain).filter(|from| !seen.contains(from)) else {
                    continue;
                };
                if hop == MAX_HOPS {
                    return diagnostic;
                }
                hop += 1;
                diagnostic = diagnostic.also(from, format!("{hop}. `{name}` comes from here"));
                seen.push(from);
                open.push(from);
            }
        }
        diagnostic
    }

    /// Where a name of a file gets its value: from the last environment that sets it, else where it is declared.
    fn binding(&mut self, source: &'a Source, name: &str, chain: &[Arc<str>]) -> Option<Span> {
        let declared = self.statements(source).iter().find_map(|statement| match &statement.kind {
            StatementKind::Let(item) if source.slice(item.name.span) == name => {
                Some((false, Some(item.value.span)))
            }
            StatementKind::Param(item) if source.slice(item.name.span) == name => {
                Some((true, item.default.as_ref().map(|default| default.span)))
            }
            _ => None,
        });
        let (is_param, own) = declared?;
        let mut set = || chain.iter().rev().find_map(|environment| self.set_by(environment, name));
        if is_param { set().or(own) } else { own }
    }

    /// Where an environment sets a parameter.
    fn set_by(&mut self, environment: &str, name: &str) -> Option<Span> {
        let files: Vec<&'a Source> =
            self.sources.iter().filter(|source| !source.path.starts_with("std/")).collect();
        files.into_iter().find_map(|source| {
            let blocks = self.statements(source).iter().filter_map(|statement| match &statement.kind {
                StatementKind::Block(block) => Some(block),
                _ => None,
            });
            let own = blocks.filter(|block| {
                let label = block.labels.first().map(|label| source.slice(label.span()));
                source.slice(block.kind.span) == "environment" && label == Some(environment)
            });
            own.flat_map(|block| block.body.iter().flatten()).find_map(|statement| match &statement.kind {
                StatementKind::Setting(setting) if matches!(&setting.key, SettingKey::Path(path) if source.slice(path.span()) == name) => {
                    Some(setting.value.span)
                }
                _ => None,
            })
        })
    }

    fn statements(&mut self, source: &Source) -> &[Statement] {
        self.parsed.entry(source.id).or_insert_with(|| syntax::parse(source).file.statements)
    }
}

/// The names that an expression begins with: the one of a path, those in the holes of a string.
fn names(text: &str) -> Vec<&str> {
    let ends = |c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-';
    let first = |text: &'_ str| text.len() - text.trim_start_matches(|c| !ends(c)).len();
    if text.starts_with('"') {
        let holes = text.split("${").skip(1);
        return holes.filter_map(|hole| hole.get(..first(hole))).filter(|name| !name.is_empty()).collect();
    }
    let is_path = !text.is_empty() && text.chars().all(|c| !ends(c) || c == '.');
    if is_path { text.get(..first(text)).into_iter().collect() } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_alone_and_in_holes() {
        assert_eq!(names("domain"), ["domain"]);
        assert_eq!(names("db.host"), ["db"]);
        assert_eq!(names("\"https://${domain}/${page.path}\""), ["domain", "page"]);
        assert_eq!(names("[\"a\", b]"), [""; 0]);
    }
}
