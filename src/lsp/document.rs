//! The texts that editors hold, and the project's files with these texts in their places. Must not parse.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;

use super::position::Encoding;
use crate::source::{Files, ReadError, Source, SourceId};

/// A text that is open in the editor.
#[derive(Debug, Clone)]
pub(super) struct Document {
    pub(super) path: PathBuf,
    pub(super) version: i64,
    pub(super) source: Source,
}

impl Document {
    pub(super) fn new(path: PathBuf, version: i64, text: &str) -> Self {
        let source = Source::new(SourceId(0), &path.to_string_lossy(), text);
        Self { path, version, source }
    }

    /// Applies the changes of one message, in order.
    pub(super) fn change(&mut self, changes: &[Value], version: i64, encoding: Encoding) {
        for change in changes {
            let Some(new) = change.get("text").and_then(Value::as_str) else { continue };
            let text = match change.get("range").and_then(|range| encoding.span(&self.source, range)) {
                Some(span) => {
                    let mut text = self.source.text.to_string();
                    text.replace_range(span.start as usize..span.end as usize, new);
                    text
                }
                None => new.to_owned(),
            };
            self.source = Source::new(SourceId(0), &self.source.path, &text);
        }
        self.version = version;
    }
}

/// The files of a project; what the editor holds covers what is on the disk.
pub(super) struct Overlay {
    pub(super) disk: Box<dyn Files + Send>,
    /// Texts by path inside the project.
    pub(super) open: BTreeMap<String, std::sync::Arc<str>>,
}

impl Files for Overlay {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        match self.open.get(path) {
            Some(text) => Ok(text.as_bytes().to_vec()),
            None => self.disk.read(path),
        }
    }

    fn exists(&self, path: &str) -> bool {
        self.open.contains_key(path) || self.disk.exists(path)
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let mut names = self.disk.list(folder);
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let open = self.open.keys().filter_map(|path| path.strip_prefix(&prefix));
        names.extend(open.filter(|name| !name.contains('/')).map(str::to_owned));
        names.sort_unstable();
        names.dedup();
        names
    }

    fn has_sources(&self) -> bool {
        self.disk.has_sources()
    }
}
