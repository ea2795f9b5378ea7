//! The journal: the changes of one publication, complete before the first of them happens. Whoever finds one finishes
//! them. It is untrusted input like the manifest. Must not touch the disk.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::digest::Digest;
use super::path::{ArtifactPath, collision};

const VERSION: u32 = 1;

/// A publication as data.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Journal {
    version: u32,
    /// The n-th is staged under the name `n`; the manifest comes last.
    pub(super) writes: Vec<Write>,
    pub(super) removes: Vec<Remove>,
}

/// A staged file and its place.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Write {
    pub(super) path: ArtifactPath,
    pub(super) sha256: Digest,
    /// What was there when the publication was decided: anything else that is there now belongs to somebody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) before: Option<Digest>,
}

/// A file that is no longer emitted.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Remove {
    pub(super) path: ArtifactPath,
    pub(super) sha256: Digest,
}

impl Journal {
    pub(super) fn new(writes: Vec<Write>, removes: Vec<Remove>) -> Self {
        Self { version: VERSION, writes, removes }
    }

    /// Accepts only what [`Journal::render`] could have written.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, String> {
        let journal: Self = serde_json::from_slice(bytes).map_err(|e| e.to_string())?;
        if journal.version != VERSION {
            return Err(format!("it has version {}, expected {VERSION}", journal.version));
        }
        let written = journal.writes.iter().map(|write| &write.path);
        let removed = journal.removes.iter().map(|remove| &remove.path);
        // A file may make way for a folder of its name, so the two lists collide only where a path is in both.
        let both = written.clone().collect::<BTreeSet<_>>();
        let twice = removed.clone().find(|path| both.contains(path)).map(|path| (path, path));
        if let Some((first, second)) = collision(written).or_else(|| collision(removed)).or(twice) {
            return Err(format!("`{first}` and `{second}` cannot both be in it"));
        }
        Ok(journal)
    }

    pub(super) fn render(&self) -> Result<String, String> {
        serde_json::to_string(self).map_err(|e| e.to_string())
    }
}
