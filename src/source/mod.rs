//! Source texts and where they come from. Must not know the language: a source is bytes with lines.

mod line_index;
mod span;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use line_index::{LineColumn, LineIndex};
pub use span::{SourceId, Span, Spanned};

/// A source larger than this is refused before it is lexed.
pub const MAX_SOURCE_BYTES: usize = 4 * 1024 * 1024;

/// One loaded text.
#[derive(Debug, Clone)]
pub struct Source {
    /// Identity inside its [`SourceMap`].
    pub id: SourceId,
    /// Path as shown to people: relative to the project root, or `std/web.stack` for the embedded library.
    pub path: Arc<str>,
    /// The text, always valid UTF-8 without a byte order mark.
    pub text: Arc<str>,
    /// Offset to line and column.
    pub lines: Arc<LineIndex>,
}

impl Source {
    /// Makes a source; spans of this text carry `id`.
    pub fn new(id: SourceId, path: &str, text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Self { id, path: path.into(), text: text.into(), lines: Arc::new(LineIndex::new(text)) }
    }

    /// The text that `span` covers; empty when it does not fit.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }
}

/// All sources of one compilation, in the order in which they were loaded.
#[derive(Debug, Clone, Default)]
pub struct SourceMap {
    sources: Vec<Source>,
}

impl SourceMap {
    /// Adds a text and gives it an identity.
    pub fn add(&mut self, path: &str, text: &str) -> SourceId {
        let id = SourceId(self.sources.len() as u32);
        self.sources.push(Source::new(id, path, text));
        id
    }

    /// Adds a source that was made before, when it would get the identity that it has.
    pub fn reuse(&mut self, source: Source) -> bool {
        let fits = source.id.0 as usize == self.sources.len();
        if fits {
            self.sources.push(source);
        }
        fits
    }

    /// The source with this identity; `None` for spans of another compilation.
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.sources.get(id.0 as usize)
    }

    /// The same texts under other paths.
    pub fn renamed(&self, name: impl Fn(&str) -> String) -> Self {
        let renamed = |source: &Source| Source { path: name(&source.path).into(), ..source.clone() };
        Self { sources: self.sources.iter().map(renamed).collect() }
    }

    /// All sources, in load order.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.sources.iter()
    }
}

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// No such file.
    NotFound,
    /// It exists and is not readable: a folder, no permission, a device error. The text is the system's reason.
    Unreadable(String),
}

/// How the core sees files: the disk in the command, a map in tests and in the editor.
/// Paths are relative to the project root, with `/`, without `.` and `..`.
pub trait Files {
    /// The bytes of a file.
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError>;
    /// Whether something is there, file or folder.
    fn exists(&self, path: &str) -> bool;
    /// The names directly in a folder, sorted; empty when there is no such folder.
    fn list(&self, folder: &str) -> Vec<String>;
    /// Whether the files that a system is built from are here too: otherwise it says nothing that one is missing.
    fn has_sources(&self) -> bool {
        true
    }
}

/// Files held in memory.
#[derive(Debug, Clone, Default)]
pub struct MemoryFiles(pub BTreeMap<String, Vec<u8>>);

impl MemoryFiles {
    /// A set of files from pairs of path and text.
    pub fn new<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self(files.into_iter().map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).collect())
    }
}

impl Files for MemoryFiles {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.0.get(path).cloned().ok_or(ReadError::NotFound)
    }

    fn exists(&self, path: &str) -> bool {
        let folder = format!("{path}/");
        self.0.keys().any(|known| known == path || known.starts_with(&folder))
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let below = self.0.keys().filter_map(|path| path.strip_prefix(&prefix));
        let mut names: Vec<String> =
            below.filter_map(|rest| rest.split('/').next()).map(str::to_owned).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    fn has_sources(&self) -> bool {
        let is_description = |path: &str| matches!(path.rsplit('.').next(), Some("stack" | "toml"));
        self.0.keys().any(|path| !is_description(path))
    }
}
