//! What pipelines use where the source says nothing: data of the standard library. Must not hold a name of its own.

use std::sync::OnceLock;

use serde::Deserialize;

/// The choices of the standard library.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Defaults {
    /// Machine image of jobs.
    pub(super) runner: String,
    /// The registry that takes the token of a run.
    pub(super) own_registry: String,
    /// The scanner of images, by its name in the table of actions.
    pub(super) scanner: String,
}

/// The choices, read once.
pub(super) fn defaults() -> &'static Defaults {
    static DEFAULTS: OnceLock<Defaults> = OnceLock::new();
    DEFAULTS.get_or_init(|| {
        crate::stdlib::module("std/ci.toml").and_then(|text| toml::from_str(text).ok()).unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_choices_are_read() {
        assert!(!defaults().runner.is_empty() && !defaults().own_registry.is_empty());
        assert!(super::super::actions::scan(&defaults().scanner, &[]).is_some());
    }
}
