//! Settings of programs that are compared with limits: `stdlib/settings.toml`. Must not compare them.

use std::collections::BTreeMap;

use serde::Deserialize;

/// What a setting bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Means {
    /// How many connections there may be at once.
    Connections,
    /// How much memory may be used.
    Memory,
    /// What is given up when it is full.
    Eviction,
}

/// A setting of a program.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// Its name, without dashes before it.
    pub name: String,
    /// What it bounds.
    pub means: Means,
    /// How many bytes a number without a unit counts.
    #[serde(default = "one")]
    pub unit: u64,
    /// Whether the value follows the name directly.
    #[serde(default)]
    pub glued: bool,
    /// Its value where nothing is said, by image.
    #[serde(default)]
    pub defaults: BTreeMap<String, u64>,
}

/// The file as a whole.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    /// Starts of names of variables that are read when a page is compiled.
    pub(super) baked: Vec<String>,
    /// Variables and values for development, as `NAME=value`.
    pub(super) development: Vec<String>,
    /// Words of commands for development.
    pub(super) development_words: Vec<String>,
    /// Libraries of queues.
    pub(super) queues: Vec<String>,
    /// Programs that start work by a clock, as words of their commands.
    pub(super) clocks: Vec<String>,
    /// What such programs are told where only one of several starts the work.
    pub(super) locked_clocks: Vec<String>,
    /// The settings.
    pub(super) setting: Vec<Setting>,
}

fn one() -> u64 {
    1
}

impl Setting {
    /// The value that a text gives it, as it is written.
    pub fn written<'t>(&self, text: &'t str) -> Option<&'t str> {
        let ends = |c: char| c.is_whitespace() || "='\",;".contains(c);
        let mut words = text.split(ends).filter(|word| !word.is_empty());
        while let Some(word) = words.next() {
            let name = word.trim_start_matches('-');
            if self.glued {
                if let Some(value) = name.strip_prefix(self.name.as_str()).filter(|value| !value.is_empty()) {
                    return Some(value);
                }
            } else if name.len() == self.name.len() && name.bytes().zip(self.name.bytes()).all(alike) {
                return words.next();
            }
        }
        None
    }

    /// A value as a number: of connections, or of bytes.
    pub fn number(&self, value: &str) -> Option<u64> {
        let (digits, unit) = parts(value);
        let scale = if unit.is_empty() { self.unit } else { scale(&unit.to_ascii_lowercase())? };
        digits.parse::<u64>().ok()?.checked_mul(scale)
    }
}

/// The digits at the start of a value, and what follows them.
pub fn parts(value: &str) -> (&str, &str) {
    value.split_at(value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len()))
}

/// Bytes of a unit in lower case; most programs count in powers of two, whatever they call them.
pub fn scale(unit: &str) -> Option<u64> {
    match unit {
        "k" | "kb" | "kib" => Some(1 << 10),
        "m" | "mb" | "mib" => Some(1 << 20),
        "g" | "gb" | "gib" => Some(1 << 30),
        _ => None,
    }
}

fn alike((a, b): (u8, u8)) -> bool {
    let plain = |c: u8| if c == b'-' { b'_' } else { c };
    plain(a) == plain(b)
}

/// Reads the table.
pub(super) fn read(text: &str) -> Result<Settings, String> {
    toml::from_str(text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setting(name: &str, unit: u64, glued: bool) -> Setting {
        Setting { name: name.into(), means: Means::Memory, unit, glued, defaults: BTreeMap::new() }
    }

    #[test]
    fn values_are_found_in_commands_and_variables() {
        let blocks = setting("shared_buffers", 8192, false);
        assert_eq!(
            blocks.written("-c shared_buffers=256MB").and_then(|it| blocks.number(it)),
            Some(256 << 20)
        );
        assert_eq!(blocks.written("--shared-buffers 4").and_then(|it| blocks.number(it)), Some(32768));
        assert_eq!(blocks.written("shared_buffers_more=1"), None);
        let heap = setting("Xmx", 1, true);
        assert_eq!(heap.written("-Xms64m -Xmx512m").and_then(|it| heap.number(it)), Some(512 << 20));
        assert_eq!(heap.number("a lot"), None);
    }
}
