//! Paths of artifacts, parsed once. Must not touch the disk: symbolic links are the publisher's business.

use std::fmt;

use super::encoded;

/// Names that Windows keeps for devices, with any extension.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// A path below the output root: normal components of plain characters, separated by `/`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArtifactPath(String);

encoded!(ArtifactPath);

impl ArtifactPath {
    /// Checks a path.
    pub fn parse(path: &str) -> Result<Self, PathError> {
        for component in path.split('/') {
            if let Some(problem) = find_problem(component) {
                return Err(PathError { component: component.to_owned(), problem });
            }
        }
        Ok(Self(path.to_owned()))
    }

    /// The path of something below this one.
    pub fn join(&self, below: &str) -> Result<Self, PathError> {
        let below = Self::parse(below)?;
        Ok(Self(format!("{self}/{below}")))
    }

    /// Its components.
    pub fn components(&self) -> impl Iterator<Item = &str> {
        self.0.split('/')
    }
}

/// The first component that is not a plain name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathError {
    /// The component.
    pub component: String,
    /// What is wrong with it.
    pub problem: PathProblem,
}

/// What is wrong with a component of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathProblem {
    /// Nothing between two `/`, or at an end.
    Empty,
    /// `.` or `..`.
    Relative,
    /// More than 255 bytes.
    Long,
    /// A character outside letters, digits and `. _ - + @`.
    Character(char),
    /// `-` at the start, which commands take for an option.
    Option,
    /// `.` at the end, which Windows drops.
    TrailingDot,
    /// A device of Windows.
    Device,
}

impl fmt::Display for PathError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let component = self.component.escape_debug();
        match self.problem {
            PathProblem::Empty => out.write_str("a path needs a name before and after each `/`"),
            PathProblem::Relative => write!(out, "`{component}` leaves the place of a path, expected a name"),
            PathProblem::Long => {
                write!(out, "a name in a path has {} bytes, at most 255 fit", self.component.len())
            }
            PathProblem::Character(character) => {
                let character = character.escape_debug();
                write!(out, "`{component}` has `{character}`, expected letters, digits and `. _ - + @`")
            }
            PathProblem::Option => write!(out, "`{component}` starts with `-` and reads like an option"),
            PathProblem::TrailingDot => write!(out, "`{component}` ends with a dot, which Windows drops"),
            PathProblem::Device => write!(out, "`{component}` is a device on Windows"),
        }
    }
}

impl std::error::Error for PathError {}

fn find_problem(component: &str) -> Option<PathProblem> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-+@".contains(c);
    match component {
        "" => return Some(PathProblem::Empty),
        "." | ".." => return Some(PathProblem::Relative),
        _ => {}
    }
    if component.len() > 255 {
        return Some(PathProblem::Long);
    }
    if let Some(character) = component.chars().find(|&character| !is_plain(character)) {
        return Some(PathProblem::Character(character));
    }
    if component.starts_with('-') {
        return Some(PathProblem::Option);
    }
    if component.ends_with('.') {
        return Some(PathProblem::TrailingDot);
    }
    is_device(component).then_some(PathProblem::Device)
}

fn is_device(component: &str) -> bool {
    let stem = component.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let is_port = |prefix: &str| {
        let number = stem.strip_prefix(prefix).unwrap_or_default();
        number.len() == 1 && number.bytes().all(|byte| byte.is_ascii_digit())
    };
    DEVICES.contains(&stem.as_str()) || is_port("com") || is_port("lpt")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_paths() {
        for path in [
            ".github/workflows/ci.yml",
            "k8s/base/api.yaml",
            "a",
            "con1",
            "com10",
            "console",
            "a-b_c+d@2x.txt",
        ] {
            assert_eq!(ArtifactPath::parse(path).unwrap().as_str(), path);
        }
        let joined = ArtifactPath::parse("a").unwrap().join("b/c").unwrap();
        assert_eq!(joined.components().collect::<Vec<_>>(), ["a", "b", "c"]);
    }

    #[test]
    fn hostile_paths() {
        let long = "a".repeat(256);
        for (path, problem) in [
            ("", PathProblem::Empty),
            ("/etc/passwd", PathProblem::Empty),
            ("a//b", PathProblem::Empty),
            ("a/", PathProblem::Empty),
            ("../evil", PathProblem::Relative),
            ("a/./b", PathProblem::Relative),
            ("a/..", PathProblem::Relative),
            ("a\\b", PathProblem::Character('\\')),
            ("C:/x", PathProblem::Character(':')),
            ("a\0b", PathProblem::Character('\0')),
            ("a b", PathProblem::Character(' ')),
            ("é", PathProblem::Character('é')),
            ("~/x", PathProblem::Character('~')),
            ("$HOME/x", PathProblem::Character('$')),
            ("-rf", PathProblem::Option),
            ("a/b.", PathProblem::TrailingDot),
            ("...", PathProblem::TrailingDot),
            ("a/CON", PathProblem::Device),
            ("nul.txt", PathProblem::Device),
            ("com1.log", PathProblem::Device),
            ("LPT9", PathProblem::Device),
            (long.as_str(), PathProblem::Long),
        ] {
            assert_eq!(ArtifactPath::parse(path).unwrap_err().problem, problem, "{path:?}");
        }
    }

    #[test]
    fn the_error_names_the_component() {
        let message = ArtifactPath::parse("a/b\u{1b}/c").unwrap_err().to_string();
        assert_eq!(message, "`b\\u{1b}` has `\\u{1b}`, expected letters, digits and `. _ - + @`");
    }
}
