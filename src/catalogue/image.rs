//! What is known about one public image: a file of `stdlib/images/`. Must not judge how a service uses it.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::value::Datetime;

/// The facts about an image. What is absent is unknown.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct ImageFacts {
    /// Registry and repository, without a tag; the default registry is left out.
    pub repository: String,
    /// The day of the newest source that the facts were read from.
    pub checked: Option<Datetime>,
    /// The tag for those who name none.
    pub default: Option<String>,
    /// The ports that it listens on.
    #[serde(default)]
    pub ports: Vec<ImagePort>,
    /// Folders whose content must survive.
    #[serde(default)]
    pub data_paths: Vec<DataPath>,
    /// Folders outside of its data that it must be able to write to.
    #[serde(default)]
    pub writable_paths: Vec<String>,
    /// Variables that its entry point understands.
    #[serde(default)]
    pub variables: Vec<ImageVariable>,
    /// What its entry point adds to the name of a variable whose value is the path of a file: `_FILE` unless said.
    #[serde(default)]
    file_suffix: Option<String>,
    /// Words of a command or a configuration, or starts of names of variables, one of which switches authentication on.
    #[serde(default)]
    pub auth: Vec<String>,
    /// What a command or a configuration of one's own must keep: a flag, or the start of a line.
    #[serde(default)]
    pub config_defaults: Vec<String>,
    /// How the names of its own variables begin, where all of those are listed.
    pub prefix: Option<String>,
    /// The schemes of addresses that lead to it, the usual one first.
    #[serde(default)]
    pub schemes: Vec<String>,
    /// The variable with the name of the database that it makes.
    pub database: Option<String>,
    /// The variable with the name of the role that it makes.
    pub role: Option<String>,
    /// Command that shows that it works; `${NAME}` stands for the value of a variable.
    #[serde(default)]
    pub health: Vec<String>,
    /// Its tags.
    #[serde(default)]
    pub series: Vec<Series>,
    /// What differs between families of tags, by name: `alpine`.
    #[serde(default)]
    pub variants: BTreeMap<String, Variant>,
    /// The program in it that starts other programs, where all of its flags are listed.
    pub runtime: Option<Runtime>,
}

/// A program that ends at once when it is given a flag that it does not know.
#[derive(Debug, Clone, Deserialize)]
pub struct Runtime {
    /// Its name.
    pub program: String,
    /// The variable from which it takes flags as well.
    pub variable: Option<String>,
    /// The flags of all versions, one after another, without dashes before them.
    flags: String,
}

impl Runtime {
    /// Whether some version knows a flag such as `--max-old-space-size=400` or `--no_warnings`.
    pub fn knows(&self, flag: &str) -> bool {
        let name = flag.trim_start_matches('-').replace('_', "-");
        let name = name.strip_prefix("no-").unwrap_or(&name);
        self.flags.split_whitespace().any(|known| known == name)
    }

    /// The flags that are known.
    pub fn flags(&self) -> impl Iterator<Item = &str> {
        self.flags.split_whitespace()
    }
}

/// A port that an image listens on.
#[derive(Debug, Clone, Deserialize)]
pub struct ImagePort {
    /// The number.
    pub port: u16,
    /// Its customary name.
    pub name: Option<String>,
}

/// A folder whose content must survive.
#[derive(Debug, Clone, Deserialize)]
pub struct DataPath {
    /// The folder.
    pub path: String,
    /// Its permissions in the image.
    pub mode: Option<String>,
}

/// A variable that the entry point of an image understands.
#[derive(Debug, Clone, Deserialize)]
pub struct ImageVariable {
    /// Its name.
    pub name: String,
    /// Whether the image refuses to start without it.
    #[serde(default)]
    pub required: bool,
    /// Variables that lift this: `NAME`, or `NAME=value`.
    #[serde(default)]
    pub required_unless: Vec<String>,
    /// Whether the path of a file works as well, under the name with the suffix of the image.
    #[serde(default)]
    pub file: bool,
    /// Values that it refuses, one by one where it holds several.
    #[serde(default)]
    pub refuses: Vec<String>,
    /// Values that let everybody in; `*` is any.
    #[serde(default)]
    pub opens: Vec<String>,
    /// What to do instead.
    pub why: Option<String>,
    /// Its value when it is not set; may mention other variables as `${NAME}`.
    pub default: Option<String>,
}

/// A tag of an image.
#[derive(Debug, Clone, Deserialize)]
pub struct Series {
    /// The tag.
    pub tag: String,
    /// The version behind it when the catalogue was made.
    pub version: Option<String>,
    /// Its family.
    pub variant: Option<String>,
    /// `sha256:…` of the image behind it when the catalogue was made.
    pub digest: Option<String>,
    /// Day after which it gets no fixes.
    pub end_of_life: Option<Datetime>,
    /// Folders whose content must survive, where they differ.
    pub data_paths: Option<Vec<DataPath>>,
}

/// A family of tags.
#[derive(Debug, Clone, Deserialize)]
pub struct Variant {
    /// Programs in it that health checks and commands may use.
    #[serde(default)]
    pub tools: Vec<String>,
    /// Numeric user and group that it can run as.
    pub user: Option<String>,
    /// Command that shows that it works, where it differs.
    #[serde(default)]
    pub health: Vec<String>,
}

impl ImageFacts {
    /// What is known about a tag.
    pub fn series(&self, tag: &str) -> Option<&Series> {
        self.series.iter().find(|series| series.tag == tag)
    }

    /// The family of a tag: as listed, else the one whose name is a word of the tag, else the only one.
    pub fn variant(&self, tag: Option<&str>) -> Option<&Variant> {
        let listed = || self.series(tag?)?.variant.as_deref();
        let named = || {
            let words = || tag.unwrap_or_default().split('-');
            let names = self.variants.keys().map(String::as_str);
            names.into_iter().find(|name| words().any(|word| is_release_of(word, name)))
        };
        let only = || self.variants.keys().next().filter(|_| self.variants.len() == 1);
        let name = listed().or_else(named).or_else(|| only().map(String::as_str))?;
        self.variants.get(name)
    }

    /// The programs in the image with this tag; those that every family has when the tag's is not known.
    pub fn tools(&self, tag: Option<&str>) -> Vec<&str> {
        if let Some(variant) = self.variant(tag) {
            return variant.tools.iter().map(String::as_str).collect();
        }
        let Some(first) = self.variants.values().next() else {
            return Vec::new();
        };
        let everywhere = |tool: &&String| self.variants.values().all(|variant| variant.tools.contains(tool));
        first.tools.iter().filter(everywhere).map(String::as_str).collect()
    }

    /// The command that shows that the image with this tag works.
    pub fn health(&self, tag: Option<&str>) -> &[String] {
        match self.variant(tag) {
            Some(variant) if !variant.health.is_empty() => &variant.health,
            _ => &self.health,
        }
    }

    /// A variable that the entry point understands.
    pub fn variable(&self, name: &str) -> Option<&ImageVariable> {
        self.variables.iter().find(|variable| variable.name == name)
    }

    /// Folders whose content must survive, for the image with this tag.
    pub fn data_paths(&self, tag: Option<&str>) -> &[DataPath] {
        let of_series = tag.and_then(|tag| self.series(tag)).and_then(|series| series.data_paths.as_ref());
        of_series.unwrap_or(&self.data_paths)
    }

    /// The last day of fixes for a tag, when it had passed on the day when the facts were read.
    pub fn ended(&self, tag: &str) -> Option<&Datetime> {
        let end = self.series(tag)?.end_of_life.as_ref()?;
        (end.date? < self.checked?.date?).then_some(end)
    }

    /// Whether a variable may come from a file.
    pub fn takes_file(&self, name: &str) -> bool {
        self.variable(name).is_some_and(|variable| variable.file)
    }

    /// What follows the name of a variable whose value is the path of a file.
    pub fn file_suffix(&self) -> &str {
        self.file_suffix.as_deref().unwrap_or("_FILE")
    }
}

/// `alpine3.20` is a release of `alpine`.
fn is_release_of(word: &str, name: &str) -> bool {
    word.strip_prefix(name).is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || c == '.'))
}

/// Reads an image file.
pub(super) fn read(text: &str) -> Result<ImageFacts, String> {
    toml::from_str(text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = r#"
        repository = "db"
        [[series]]
        tag = "16"
        variant = "big"
        [variants.small]
        tools = ["sh", "wget"]
        [variants.big]
        tools = ["sh", "bash"]
    "#;

    #[test]
    fn the_tools_of_a_tag_are_those_of_its_family() {
        let facts = read(TWO).unwrap();
        assert_eq!(facts.tools(Some("16")), ["sh", "bash"]);
        assert_eq!(facts.tools(Some("15.2-small3.20")), ["sh", "wget"]);
        assert_eq!(facts.tools(Some("15.2-smaller")), ["sh"]);
        assert_eq!(facts.tools(None), ["sh"]);
    }
}
