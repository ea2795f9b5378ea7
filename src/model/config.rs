//! Configuration files whose content stands in the stack. Must not know the format that a program reads.

use crate::schema::{LabelShape, Map, Plain, PublicText, kind};

kind! {
    /// A configuration file or script inside the container: `config "/etc/db.conf" { settings { port = 5432 } }`.
    /// Programs see it read-only; it may name services and the paths of secrets, never their values.
    Config = "config" LabelShape::Quoted;
    /// Whether there is such a file; presets describe files that only some need.
    enabled: bool = true;
    /// Its text, in front of the settings.
    text: Option<PublicText>;
    /// One line for each key; numbers and switches are written as they stand.
    settings: Map<PublicText>;
    /// What stands between a key and its value.
    between: Plain = Plain(" = ".into());
    /// The mark around each value, such as `'`; none when left out.
    quote: Option<Plain>;
    /// How a comment starts; empty where the format has none.
    comment: Plain = Plain("#".into());
}

impl Config {
    /// The folders and the name of its path: those that are safe in every target's paths.
    pub fn parts(path: &str) -> Option<Vec<&str>> {
        let safe = |part: &str| {
            let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
            !part.is_empty() && !part.starts_with('.') && part.chars().all(known)
        };
        let parts: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
        parts.iter().all(|part| safe(part)).then_some(parts)
    }
}
