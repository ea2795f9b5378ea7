//! The real file system as the core sees it: below one folder, without following links out of it.
#![expect(clippy::disallowed_methods, reason = "the only reader of the disk")]

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::source::{Files, MAX_SOURCE_BYTES, ReadError};

/// Files below a folder.
#[derive(Debug, Clone)]
pub(super) struct Disk {
    root: PathBuf,
    /// The root without links, when it is there.
    real: OnceLock<PathBuf>,
}

impl Disk {
    pub(super) fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), real: OnceLock::new() }
    }

    /// The real path, when it is inside the root.
    fn locate(&self, path: &str) -> Result<PathBuf, ReadError> {
        let reason = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::NotFound => ReadError::NotFound,
            _ => ReadError::Unreadable(error.to_string()),
        };
        let root = match self.real.get() {
            Some(root) => root,
            None => {
                let root = self.root.canonicalize().map_err(reason)?;
                self.real.get_or_init(|| root)
            }
        };
        let real = root.join(path).canonicalize().map_err(reason)?;
        if real.starts_with(root) {
            Ok(real)
        } else {
            Err(ReadError::Unreadable("a link leads out of the project".into()))
        }
    }
}

impl Files for Disk {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        use std::io::Read;
        let reason = |error: std::io::Error| ReadError::Unreadable(error.to_string());
        let real = self.locate(path)?;
        // Before opening: a pipe without a writer would hang there.
        if !std::fs::metadata(&real).map_err(reason)?.is_file() {
            return Err(ReadError::Unreadable("it is not a file".into()));
        }
        let file = std::fs::File::open(real).map_err(reason)?;
        let mut bytes = Vec::new();
        // One byte more than allowed is enough to see that it is too large.
        file.take(MAX_SOURCE_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(reason)?;
        Ok(bytes)
    }

    fn exists(&self, path: &str) -> bool {
        self.locate(path).is_ok()
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let Ok(entries) =
            self.locate(folder).and_then(|path| std::fs::read_dir(path).map_err(|_| ReadError::NotFound))
        else {
            return Vec::new();
        };
        let mut names: Vec<String> =
            entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
        names.sort_unstable();
        names
    }
}
