//! From a line of an artifact to what it stands for: the declaration that the printers have marked, and the setting
//! that the emitter's table names. Must not read sources.

use crate::print::Mark;
use crate::print::outline::{Syntax, key_paths};
use crate::source::Span;

use super::Artifact;

/// Which setting of a declaration stands where in the text that is marked as it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fields {
    /// How the text is read.
    pub syntax: Syntax,
    /// Keys below the mark and the setting: `("deploy.replicas", "replicas")`. A `*` stands for one key, and is the
    /// same in both. Of those that fit, the longest hold, the first that is written before the others; what is below
    /// a key belongs to it.
    pub table: &'static [(&'static str, &'static str)],
}

/// What a line stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traced {
    /// The declaration.
    pub place: Span,
    /// Settings that may decide the line, each with its declaration; the first that somebody wrote does.
    pub fields: Vec<(Span, Vec<String>)>,
}

impl Artifact {
    /// What each line stands for.
    pub fn traced(&self) -> Vec<Traced> {
        let paths = self.fields.map(|fields| key_paths(fields.syntax, &self.text)).unwrap_or_default();
        let starts: Vec<usize> = line_starts(&self.text);
        let whole = Mark { start: 0, end: self.text.len() as u32, place: self.origin };
        let line_of = |mark: &Mark| starts.partition_point(|start| *start <= mark.start as usize) - 1;
        let trace = |(line, start): (usize, &usize)| {
            let covers = |mark: &&Mark| (mark.start as usize..mark.end as usize).contains(start);
            // Inner marks come first.
            let covering = || self.marks.iter().filter(covers).chain([&whole]);
            let path = paths.get(line).map(Vec::as_slice).unwrap_or_default();
            let kind = self.kind_before(*start);
            let field = |mark: &Mark| {
                let head = if self.has_head(mark) { head_of(&paths, line_of(mark), line).len() } else { 0 };
                let below = path.get(head..).unwrap_or_default();
                let found = self.fields.map(|fields| fields.settings(kind, below)).unwrap_or_default();
                found.into_iter().map(|field| (mark.place, field)).collect::<Vec<_>>()
            };
            let place = covering().next().map_or(self.origin, |mark| mark.place);
            Traced { place, fields: covering().flat_map(field).collect() }
        };
        starts.iter().enumerate().map(trace).collect()
    }

    /// Whether the keys of a mark's first line belong to what is around it: not where it is a whole document, a stage
    /// or a group.
    fn has_head(&self, mark: &Mark) -> bool {
        let is_nested = self.fields.is_some_and(|fields| fields.syntax == Syntax::Yaml);
        let before = self.text.get(..mark.start as usize).unwrap_or_default();
        is_nested && !before.is_empty() && !before.ends_with("---\n")
    }

    /// The `kind` of the document that a byte is in, for files of several objects.
    fn kind_before(&self, offset: usize) -> Option<&str> {
        let start = self.text.get(..offset)?.rfind("---\n").map_or(0, |at| at + 4);
        let document = self.text.get(start..)?;
        let document = document.split("\n---\n").next().unwrap_or(document);
        document.lines().find_map(|line| line.strip_prefix("kind: "))
    }
}

/// The keys that a mark stands below: those of its first line with keys.
fn head_of(paths: &[Vec<String>], first: usize, line: usize) -> &[String] {
    let of_mark = paths.get(first..=line).unwrap_or_default();
    of_mark.iter().find(|path| !path.is_empty()).map(Vec::as_slice).unwrap_or_default()
}

impl Fields {
    fn settings(&self, kind: Option<&str>, path: &[String]) -> Vec<Vec<String>> {
        // A directive is the same in every block of its kind.
        let last = if self.syntax == Syntax::Nginx { path.len().saturating_sub(1) } else { 0 };
        let path = path.get(last..).unwrap_or_default();
        let fits = |(keys, field): &(&str, &str)| {
            let (wanted, keys) = match keys.split_once('/') {
                Some((wanted, keys)) => (Some(wanted), keys),
                None => (None, *keys),
            };
            let is_kind = wanted.is_none_or(|wanted| kind.is_some_and(|kind| wanted == kind));
            let found = is_kind.then(|| below(keys, field, path)).flatten()?;
            Some((keys.split('.').count(), found))
        };
        let all: Vec<(usize, Vec<String>)> = self.table.iter().filter_map(fits).collect();
        let longest = all.iter().map(|(length, _)| *length).max();
        all.into_iter().filter(|(length, _)| Some(*length) == longest).map(|(_, field)| field).collect()
    }
}

/// The setting, if the path is at or below the keys.
fn below(keys: &str, field: &str, path: &[String]) -> Option<Vec<String>> {
    let mut stars = Vec::new();
    let mut names = path.iter();
    for key in keys.split('.') {
        let name = names.next()?;
        match key {
            "*" => stars.push(name.clone()),
            key if key == name => {}
            _ => return None,
        }
    }
    let mut stars = stars.into_iter();
    Some(
        field
            .split('.')
            .map(|word| if word == "*" { stars.next().unwrap_or_default() } else { word.to_owned() })
            .collect(),
    )
}

fn line_starts(text: &str) -> Vec<usize> {
    let after = text.match_indices('\n').map(|(at, _)| at + 1);
    std::iter::once(0).chain(after).filter(|start| *start < text.len()).collect()
}
