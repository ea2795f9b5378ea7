//! `stackc.toml`: facts about a project that are not part of the system. Must not read the disk.

use serde::Deserialize;

use crate::diagnostic::{Diagnostic, codes};
use crate::model::Project;
use crate::source::{SourceId, Span};

/// The file name of the project's manifest.
pub const FILE: &str = "stackc.toml";

/// What `stackc.toml` may hold.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Manifest {
    /// Name of the stack; the folder's name when left out.
    pub name: Option<String>,
    /// The file that describes the system.
    pub entry: Option<String>,
    /// Where images are pushed: `ghcr.io/acme/shop`.
    pub registry: Option<String>,
    /// Where the sources live, as a URL.
    pub repository: Option<String>,
    /// SPDX expression of the sources' licence.
    pub license: Option<String>,
    /// People who answer for it.
    pub owner: Option<String>,
    /// Folder of the emitted files.
    pub output: Option<String>,
}

/// The file that describes the system when the manifest names none.
pub const ENTRY: &str = "main.stack";

impl Manifest {
    /// Reads the manifest; the error points into the text.
    pub fn parse(source: SourceId, text: &str) -> Result<Self, Diagnostic> {
        toml::from_str(text).map_err(|error| {
            let span = error.span().unwrap_or(0..0);
            let span = Span::new(source, span.start as u32, span.end as u32);
            let message = error.message().lines().next().unwrap_or("it is not TOML").to_owned();
            Diagnostic::error(codes::BAD_MANIFEST, message)
                .at(span, "in the project's manifest")
                .help("known are `name`, `entry`, `registry`, `repository`, `license`, `owner` and `output`")
        })
    }

    /// The project, with the folder's name where the manifest says none.
    pub fn project(&self, folder: &str) -> Project {
        let text = |value: &Option<String>| value.as_deref().map(std::sync::Arc::from);
        Project {
            name: dns_label(self.name.as_deref().unwrap_or(folder)).into(),
            registry: text(&self.registry),
            repository: text(&self.repository),
            licence: text(&self.license),
            owner: text(&self.owner),
            output: self.output.as_deref().unwrap_or("deploy").trim_end_matches('/').into(),
        }
    }
}

/// A name as a DNS label (RFC 1123): what every target accepts.
fn dns_label(name: &str) -> String {
    let legal = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let label: String = name.chars().map(legal).collect();
    match label.trim_matches('-') {
        "" => "stack".to_owned(),
        label => label.chars().take(40).collect(),
    }
}
