//! What stands beside the sources: `stackc.toml`, `stackc.lock` and `stackc.baseline`. Must not read the disk.

mod manifest;
mod settings;

pub use manifest::Manifest;
pub use settings::{Problem, Settings};

/// The file name of the project's manifest.
pub const FILE: &str = "stackc.toml";

/// The file name of the digests.
pub const LOCK: &str = "stackc.lock";

/// Findings that were there when the project took up the rules.
pub const BASELINE: &str = "stackc.baseline";

/// The file that describes the system when the manifest names none.
pub const ENTRY: &str = "main.stack";
