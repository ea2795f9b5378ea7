//! The ownership manifest: what stackc wrote, by hash. It lies in a folder that anyone may edit, so what is read is
//! held to the same rules as any input. Must not touch the disk.

use std::fmt::Write as _;

use serde::Deserialize;

use super::digest::Digest;
use super::path::{ArtifactPath, collision};

const VERSION: u32 = 1;

/// The files that stackc wrote last, in path order.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    #[serde(rename = "version")]
    _version: u32,
    files: Vec<Entry>,
}

/// One file that stackc wrote.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    pub(super) path: ArtifactPath,
    pub(super) sha256: Digest,
    #[serde(default)]
    pub(super) executable: bool,
}

#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

impl Manifest {
    pub(super) fn new(files: Vec<Entry>) -> Self {
        Self { _version: VERSION, files }
    }

    /// Accepts only what [`Manifest::render`] could have written, but for white space.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, String> {
        // The version first: a later one may have other fields, and the reason should name the cause.
        let Versioned { version } = serde_json::from_slice(bytes).map_err(|e| e.to_string())?;
        if version != VERSION {
            return Err(format!("it has version {version}, expected {VERSION}"));
        }
        let manifest: Self = serde_json::from_slice(bytes).map_err(|e| e.to_string())?;
        if !manifest.files.is_sorted_by(|a, b| a.path < b.path) {
            return Err("its paths are not in order, or one is there twice".to_owned());
        }
        match collision(manifest.files.iter().map(|entry| &entry.path)) {
            Some((first, second)) => Err(format!("`{first}` and `{second}` cannot both exist")),
            None => Ok(manifest),
        }
    }

    pub(super) fn files(&self) -> &[Entry] {
        &self.files
    }

    /// What was written at `path`, if anything was.
    pub(super) fn digest(&self, path: &ArtifactPath) -> Option<Digest> {
        let at = self.files.binary_search_by(|entry| entry.path.cmp(path)).ok()?;
        self.files.get(at).map(|entry| entry.sha256)
    }

    /// One file a line, so that a change is one line of a diff.
    pub(super) fn render(&self) -> String {
        let mut text = format!("{{\n  \"version\": {VERSION},\n  \"files\": [");
        for (index, entry) in self.files.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            let executable = if entry.executable { ", \"executable\": true" } else { "" };
            // Neither a path nor a digest can hold a character that JSON escapes; writing to a string cannot fail.
            let _ = write!(
                text,
                "{comma}\n    {{ \"path\": \"{}\", \"sha256\": \"{}\"{executable} }}",
                entry.path, entry.sha256
            );
        }
        text.push_str(if self.files.is_empty() { "]\n}\n" } else { "\n  ]\n}\n" });
        text
    }
}
