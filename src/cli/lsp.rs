//! `stackc lsp`: the language server on standard input and output. Must not know the protocol.
#![expect(
    clippy::disallowed_methods,
    reason = "reads projects and lays out the standard library for editors"
)]

use std::fs;
use std::path::{Path, PathBuf};

use lsp_server::Connection;

use super::disk::Disk;
use super::report::{self, exit};
use crate::lsp::{End, Host, serve};
use crate::project::FILE;
use crate::source::Files;
use crate::stdlib;

/// Serves until the editor leaves.
pub(super) fn run() -> u8 {
    let (connection, threads) = Connection::stdio();
    let served = serve(&connection, &Machine);
    drop(connection);
    // An editor that leaves closes both pipes: what could not be written any more is no failure of the server.
    let _ = threads.join();
    match served {
        Ok(End::Goodbye) => exit::CLEAN,
        // The protocol's code for an end without a shutdown.
        Ok(End::Gone) => exit::FINDINGS,
        Err(problem) => {
            report::say(&format!("error: the editor cannot be served: {problem}"));
            exit::FAILURE
        }
    }
}

struct Machine;

impl Host for Machine {
    fn root(&self, file: &Path) -> PathBuf {
        let folder = file.parent().unwrap_or(Path::new("/"));
        folder.ancestors().find(|above| above.join(FILE).is_file()).unwrap_or(folder).to_owned()
    }

    fn files(&self, root: &Path) -> Box<dyn Files + Send> {
        Box::new(Disk::new(root))
    }

    /// Below the user's cache, one folder per version, written when somebody first goes there.
    fn library(&self, path: &str) -> Option<PathBuf> {
        let folder = cache()?.join("stackc").join(env!("CARGO_PKG_VERSION"));
        let place = folder.join(path);
        let text = stdlib::module(path)?;
        if fs::read_to_string(&place).is_ok_and(|known| known == text) {
            return Some(place);
        }
        fs::create_dir_all(place.parent()?).ok()?;
        fs::write(&place, text).ok()?;
        Some(place)
    }
}

fn cache() -> Option<PathBuf> {
    let folder = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty()).map(PathBuf::from);
    folder("XDG_CACHE_HOME")
        .or_else(|| folder("LOCALAPPDATA"))
        .or_else(|| Some(folder("HOME")?.join(".cache")))
}
