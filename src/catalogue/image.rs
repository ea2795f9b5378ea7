//! What is known about one public image: a file of `stdlib/images/`. Must not judge how a service uses it.

use serde::Deserialize;

/// The facts about an image.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
pub struct ImageFacts {
    /// Registry and repository, without a tag; the default registry is left out.
    pub repository: String,
    /// Programs in it that health checks and commands may use.
    #[serde(default)]
    pub tools: Vec<String>,
    /// The user that it runs as when nothing else is said.
    #[serde(default)]
    pub user: Option<String>,
    /// The ports that it listens on.
    #[serde(default)]
    pub ports: Vec<u16>,
    /// Folders whose content must survive.
    #[serde(default)]
    pub data_paths: Vec<String>,
    /// Folders that it must be able to write to.
    #[serde(default)]
    pub writable_paths: Vec<String>,
    /// Variables that its entry point understands.
    #[serde(default)]
    pub variables: Vec<ImageVariable>,
    /// Command that shows that it works.
    #[serde(default)]
    pub health: Vec<String>,
    /// Day after which it gets no fixes: `2027-04-30`.
    #[serde(default)]
    pub end_of_life: Option<String>,
    /// Its tags.
    #[serde(default)]
    pub series: Vec<Series>,
}

/// A variable that the entry point of an image understands.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ImageVariable {
    /// Its name.
    pub name: String,
    /// Whether the image refuses to start without it.
    #[serde(default)]
    pub required: bool,
    /// Whether `NAME_FILE` with the path of a file works as well.
    #[serde(default)]
    pub file: bool,
}

/// A tag of an image.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Series {
    /// The tag.
    pub tag: String,
    /// The version behind it when the catalogue was made.
    #[serde(default)]
    pub version: Option<String>,
    /// `sha256:…` of the image behind it when the catalogue was made.
    #[serde(default)]
    pub digest: Option<String>,
    /// Day after which it gets no fixes, where it differs.
    #[serde(default)]
    pub end_of_life: Option<String>,
    /// Programs in it, where they differ.
    #[serde(default)]
    pub tools: Option<Vec<String>>,
}

impl ImageFacts {
    /// What is known about a tag.
    pub fn series(&self, tag: &str) -> Option<&Series> {
        self.series.iter().find(|series| series.tag == tag)
    }

    /// The programs in the image with this tag.
    pub fn tools(&self, tag: Option<&str>) -> &[String] {
        tag.and_then(|tag| self.series(tag)?.tools.as_deref())
            .unwrap_or(&self.tools)
    }

    /// Whether a variable may come from a file named by `NAME_FILE`.
    pub fn takes_file(&self, variable: &str) -> bool {
        self.variables
            .iter()
            .any(|known| known.file && known.name == variable)
    }
}

/// Reads an image file.
pub(super) fn read(text: &str) -> Result<ImageFacts, String> {
    toml::from_str(text).map_err(|error| error.to_string())
}
