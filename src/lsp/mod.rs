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

use crate::source::Files;

/// What the server needs from the machine that it runs on.
pub trait Host {
    /// The folder of the project that a file belongs to: the nearest one with a manifest, else its own.
    fn root(&self, file: &Path) -> PathBuf;
    /// The files of a project as they are on the disk.
    fn files(&self, root: &Path) -> Box<dyn Files + Send>;
    /// Where people can open a file of the standard library.
    fn library(&self, path: &str) -> Option<PathBuf>;
}

/// How serving ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The editor asked for it.
    Goodbye,
    /// The editor is gone.
    Gone,
}

/// Serves one editor until it says goodbye or is gone.
pub fn serve(connection: &Connection, host: &dyn Host) -> Result<End, ProtocolError> {
    let (id, params) = connection.initialize_start()?;
    let encoding = position::Encoding::negotiated(&params);
    let answer = serde_json::json!({
        "capabilities": feature::capabilities(encoding),
        "serverInfo": { "name": "stackc", "version": env!("CARGO_PKG_VERSION") },
    });
    connection.initialize_finish(id, answer)?;
    Ok(server::Server::new(connection, host, encoding, &params).run())
}
