//! Pinned actions from the standard library, by role. Must not name an action: the table does.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use indexmap::IndexMap;
use serde::Deserialize;

use super::document::{Input, Step};
use crate::print::yaml::Commented;

/// A pinned action.
#[derive(Debug, Deserialize)]
struct Action {
    uses: String,
    tag: String,
    commit: String,
    #[serde(default)]
    inputs: BTreeMap<String, String>,
}

/// The table, read once.
fn table() -> &'static BTreeMap<String, Action> {
    static TABLE: OnceLock<BTreeMap<String, Action>> = OnceLock::new();
    TABLE.get_or_init(|| {
        crate::stdlib::module("std/actions.toml")
            .and_then(|text| toml::from_str(text).ok())
            .unwrap_or_default()
    })
}

/// Whether the table has an action for this role.
pub(super) fn has(role: &str) -> bool {
    table().contains_key(role)
}

/// The input that takes a version: `<tool>-version`, or `version`.
pub(super) fn version_input(role: &str, tool: &str) -> &'static str {
    let own = format!("{tool}-version");
    let inputs = table().get(role).map(|action| &action.inputs);
    inputs.and_then(|inputs| inputs.get_key_value(&own)).map_or("version", |(name, _)| name)
}

/// A step that uses the action with this role: a full commit, the tag as a comment for update bots.
pub(super) fn step<const N: usize>(name: &str, role: &str, inputs: [(&'static str, Input); N]) -> Step {
    let uses = table().get(role).map(|action| {
        let reference = format!("{}@{}", action.uses, action.commit);
        Commented::new(action.tag.clone(), reference)
    });
    Step { name: name.to_owned(), uses, inputs: IndexMap::from(inputs), ..Step::default() }
}

/// A step that runs shell lines.
pub(super) fn run(name: &str, script: impl Into<String>) -> Step {
    Step { name: name.to_owned(), run: Some(script.into()), ..Step::default() }
}

/// The sources, without credentials left behind in the working copy.
pub(super) fn checkout(history: bool) -> Step {
    let mut step = step("Check out the sources", "checkout", [("persist-credentials", false.into())]);
    if history {
        step.inputs.insert("fetch-depth", Input::Number(0));
    }
    step
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_that_the_emitter_uses_is_pinned() {
        for role in [
            "build-push",
            "checkout",
            "download-artifact",
            "login",
            "metadata",
            "scan-image",
            "setup-buildx",
            "upload-artifact",
            "upload-sarif",
        ] {
            let action = table().get(role).unwrap_or_else(|| panic!("{role}"));
            assert!(
                action.commit.len() == 40 && action.commit.chars().all(|c| c.is_ascii_hexdigit()),
                "{role}"
            );
        }
    }
}
