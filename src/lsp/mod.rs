//! The language server: the protocol of editors around the answers of `ide`. The only place that knows the protocol;
//! must not read the disk itself or answer anything that an editor would not ask.

mod diagnostics;
mod document;
mod feature;
mod position;
mod protocol;
mod server;
pub mod uri;
mod worker;

use std::path::{Path, PathBuf};

use lsp_server::{Connection, ProtocolError};

use crate::lock::Lock;
use crate::model::Project;
use crate::source::Files;

/// A project as the host of the server finds it.
pub struct Opened {
    /// The folder that all paths are relative to.
    pub root: PathBuf,
    /// The file that describes the system.
    pub entry: String,
    /// Facts about the project.
    pub project: Project,
    /// Digests of images.
    pub lock: Lock,
}

/// What the server needs from the machine that it runs on.
pub trait Host {
    /// The project that a file belongs to.
    fn project(&self, file: &Path) -> Opened;
    /// The files of a project as they are on the disk.
    fn files(&self, root: &Path) -> Box<dyn Files + Send>;
    /// Where people can open a file of the standard library.
    fn library(&self, path: &str) -> Option<PathBuf>;
}

/// Serves one editor until it says goodbye.
pub fn serve(connection: &Connection, host: &dyn Host) -> Result<(), ProtocolError> {
    let (id, params) = connection.initialize_start()?;
    let encoding = position::Encoding::negotiated(&params);
    let answer = serde_json::json!({
        "capabilities": feature::capabilities(encoding),
        "serverInfo": { "name": "stackc", "version": env!("CARGO_PKG_VERSION") },
    });
    connection.initialize_finish(id, answer)?;
    server::Server::new(connection, host, encoding, &params).run()
}
