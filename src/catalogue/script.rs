//! Programs that run scripts by their name, and what tool chains make: `stdlib/scripts.toml`. Must not read a manifest.

use serde::Deserialize;

/// A program that runs scripts of a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScriptRunner {
    /// The words before the name of the script.
    pub words: Vec<String>,
    /// The file with the scripts.
    pub file: String,
    /// Its table of them.
    pub table: String,
    /// Flags whose value is the folder of another such file.
    pub folder: Vec<String>,
    /// Flags with which the script need not exist in one certain file.
    pub everywhere: Vec<String>,
}

/// The file as a whole.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scripts {
    /// What tool chains make without being told its name.
    pub(super) outputs: Vec<String>,
    /// Programs that run scripts.
    pub(super) runner: Vec<ScriptRunner>,
}

/// Reads the table.
pub(super) fn read(text: &str) -> Result<Scripts, String> {
    toml::from_str(text).map_err(|error| error.to_string())
}
