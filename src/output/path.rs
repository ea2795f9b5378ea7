//! The path of an artifact: relative to the output root, parsed once, the same file on every system. Must not touch
//! the disk.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// Longest component that every common file system stores.
const MAX_COMPONENT: usize = 255;
/// Longest path; leaves room for a root below `PATH_MAX`.
const MAX_PATH: usize = 1024;
/// Names that Windows opens as devices, with any extension and in any case.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];
/// The publisher's own folder, and git's: a file written there could be executed by the next `git commit`.
const RESERVED: [&str; 2] = [".stackc", ".git"];

/// A relative, `/`-separated path of normal components over `[A-Za-z0-9._@+-]`.
///
/// The alphabet is ASCII, so two spellings of one name in Unicode cannot occur; [`collision`] finds names that
/// differ only in case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ArtifactPath(String);

impl ArtifactPath {
    /// Accepts `text` only when it names the same file below any root on any system.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        if text.is_empty() {
            return Err(PathError::Empty);
        }
        if text.len() > MAX_PATH {
            return Err(PathError::TooLong { len: text.len(), max: MAX_PATH });
        }
        if text.starts_with('/') {
            return Err(PathError::Absolute);
        }
        text.split('/').try_for_each(check_component)?;
        Ok(Self(text.to_owned()))
    }

    /// The path as written, with `/`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The folder that holds the file; empty for the root.
    pub fn folder(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The last component.
    pub fn name(&self) -> &str {
        self.0.rsplit_once('/').map_or(self.0.as_str(), |(_, name)| name)
    }

    /// The folders above the file, innermost first, without the root.
    pub fn folders(&self) -> impl Iterator<Item = &str> {
        self.0.rmatch_indices('/').filter_map(|(at, _)| self.0.get(..at))
    }
}

/// The first two paths that cannot both exist as files: equal, equal but for case (in a folder or in the name), or
/// one a folder of the other.
pub fn collision<'a>(
    paths: impl IntoIterator<Item = &'a ArtifactPath>,
) -> Option<(&'a ArtifactPath, &'a ArtifactPath)> {
    let mut seen: BTreeMap<String, (&str, &ArtifactPath)> = BTreeMap::new();
    for path in paths {
        if let Some((_, other)) = seen.insert(path.0.to_ascii_lowercase(), (path.as_str(), path)) {
            return Some((other, path));
        }
        for folder in path.folders() {
            let (spelling, other) = *seen.entry(folder.to_ascii_lowercase()).or_insert((folder, path));
            if spelling != folder || other.as_str() == folder {
                return Some((other, path));
            }
        }
    }
    None
}

fn check_component(component: &str) -> Result<(), PathError> {
    let named = || component.to_owned();
    if component.is_empty() || component == "." || component == ".." {
        return Err(PathError::NotNormal(named()));
    }
    if component.len() > MAX_COMPONENT {
        return Err(PathError::TooLong { len: component.len(), max: MAX_COMPONENT });
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '@' | '+' | '-');
    if let Some(found) = component.chars().find(|&c| !allowed(c)) {
        return Err(PathError::Character(found));
    }
    if component.starts_with('-') {
        return Err(PathError::Option(named()));
    }
    if component.ends_with('.') {
        return Err(PathError::TrailingDot(named()));
    }
    if is_device(component) {
        return Err(PathError::Device(named()));
    }
    if RESERVED.iter().any(|name| component.eq_ignore_ascii_case(name)) {
        return Err(PathError::Reserved(named()));
    }
    Ok(())
}

fn is_device(component: &str) -> bool {
    let stem = component.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let numbered = |prefix| {
        stem.strip_prefix(prefix)
            .is_some_and(|rest| rest.len() == 1 && rest.bytes().all(|b| b.is_ascii_digit()))
    };
    DEVICES.contains(&stem.as_str()) || numbered("com") || numbered("lpt")
}

impl fmt::Display for ArtifactPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for ArtifactPath {
    type Error = PathError;

    fn try_from(text: String) -> Result<Self, PathError> {
        Self::parse(&text)
    }
}

impl From<ArtifactPath> for String {
    fn from(path: ArtifactPath) -> Self {
        path.0
    }
}

/// Why a text is not the path of an artifact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathError {
    /// No text at all.
    Empty,
    /// Starts with `/`.
    Absolute,
    /// A component that is empty, `.` or `..`.
    NotNormal(String),
    /// A component or the whole path is longer than every file system stores.
    TooLong {
        /// Bytes found.
        len: usize,
        /// Bytes allowed.
        max: usize,
    },
    /// A character outside `[A-Za-z0-9._@+-]`.
    Character(char),
    /// Commands take it for an option.
    Option(String),
    /// Windows drops the dot, so the name would be another file there.
    TrailingDot(String),
    /// Windows opens a device instead of a file.
    Device(String),
    /// A folder that belongs to stackc itself or to git.
    Reserved(String),
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("path is empty"),
            Self::Absolute => f.write_str("path is absolute, expected one below the output root"),
            Self::NotNormal(part) => write!(f, "path has the component `{part}`, expected a name"),
            Self::TooLong { len, max } => write!(f, "path has {len} bytes where {max} are allowed"),
            Self::Character(found) => {
                write!(f, "path has the character {found:?}, expected a letter, a digit or one of `._@+-`")
            }
            Self::Option(part) => write!(f, "`{part}` starts with `-` and reads like an option"),
            Self::TrailingDot(part) => write!(f, "`{part}` ends with a dot, which Windows drops"),
            Self::Device(part) => write!(f, "`{part}` is a device on Windows"),
            Self::Reserved(part) => write!(f, "`{part}` is reserved"),
        }
    }
}

impl std::error::Error for PathError {}
