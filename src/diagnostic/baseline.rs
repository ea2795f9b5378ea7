//! What was known when a project took up the rules: findings by code, file and message, so that new lines above do not
//! make them new. Must not hold errors of the language, and must not read the disk.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::Diagnostic;
use crate::source::SourceMap;

/// First line of the file.
const HEADER: &str =
    "# Findings that were there when the rules were taken up. `stackc check --baseline` writes this file.";

/// Known findings, with how often each occurs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline(BTreeMap<String, usize>);

impl Baseline {
    /// Reads the file; lines that no finding could be are as good as absent.
    pub fn parse(text: &str) -> Self {
        let mut known = BTreeMap::new();
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            *known.entry(line.to_owned()).or_insert(0) += 1;
        }
        Self(known)
    }

    /// The findings among these diagnostics.
    pub fn of(diagnostics: &[Diagnostic], sources: &SourceMap) -> Self {
        let mut known = BTreeMap::new();
        for diagnostic in diagnostics.iter().filter(|diagnostic| diagnostic.code.has_level()) {
            *known.entry(key(diagnostic, sources)).or_insert(0) += 1;
        }
        Self(known)
    }

    /// The text of the file.
    pub fn write(&self) -> String {
        let mut text = format!("{HEADER}\n");
        for (line, count) in &self.0 {
            for _ in 0..*count {
                // Writing to a string cannot fail.
                let _ = writeln!(text, "{line}");
            }
        }
        text
    }

    /// How many findings it knows.
    pub fn len(&self) -> usize {
        self.0.values().sum()
    }

    /// Whether it knows none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a finding is known; each entry counts once.
    pub fn take(&mut self, diagnostic: &Diagnostic, sources: &SourceMap) -> bool {
        if self.0.is_empty() {
            return false;
        }
        match self.0.get_mut(&key(diagnostic, sources)) {
            Some(count) if *count > 0 => {
                *count -= 1;
                true
            }
            _ => false,
        }
    }
}

fn key(diagnostic: &Diagnostic, sources: &SourceMap) -> String {
    let source = diagnostic.primary.as_ref().and_then(|label| sources.get(label.span.source));
    let path = source.map_or("-", |source| &*source.path);
    format!("{} {path}: {}", diagnostic.code.id, diagnostic.message.replace('\n', " "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::codes;

    #[test]
    fn what_is_written_is_read_back_and_each_entry_counts_once() {
        let sources = SourceMap::default();
        let finding = Diagnostic::warning(codes::NOT_EXPRESSIBLE, "something is lost");
        let error = Diagnostic::error(codes::UNKNOWN_NAME, "nothing is called so");
        let all = [finding.clone(), error, finding.clone()];
        let baseline = Baseline::of(&all, &sources);
        assert_eq!(baseline.len(), 2);
        let mut read = Baseline::parse(&baseline.write());
        assert_eq!(read, baseline);
        let known: Vec<bool> = (0..3).map(|_| read.take(&finding, &sources)).collect();
        assert_eq!(known, [true, true, false]);
    }
}
