//! Programs that ask a service whether it works: `stdlib/tools.toml`. Must not decide which image has one.

use serde::Deserialize;

/// A program that can perform health checks.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// Its name, as in the `tools` of an image.
    pub program: String,
    /// Words of a GET request, with `{url}`, `{port}` and `{path}`; empty when it cannot make one.
    #[serde(default)]
    pub http: Vec<String>,
    /// Words that open a connection, with `{port}`; empty when it cannot.
    #[serde(default)]
    pub tcp: Vec<String>,
    /// Whether it is taken for granted in an unknown image.
    #[serde(default)]
    pub assumed: bool,
}

/// The file as a whole.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    /// The programs, best first.
    pub(super) client: Vec<Client>,
    /// Programs that most images have, listed or not.
    #[serde(default)]
    pub(super) everyday: Vec<String>,
}

/// Reads the table of clients; the order is the order of preference.
pub(super) fn read(text: &str) -> Result<Table, String> {
    toml::from_str(text).map_err(|error| error.to_string())
}
