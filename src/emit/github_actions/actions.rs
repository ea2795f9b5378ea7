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
    /// What must run before it, by the package manager whose downloads it keeps.
    #[serde(default)]
    before: BTreeMap<String, String>,
    /// The inputs with which it keeps nothing between runs, where it would do so by itself.
    #[serde(default)]
    uncached: BTreeMap<String, Given>,
    /// What it must be allowed to do besides reading the sources.
    #[serde(default)]
    permissions: BTreeMap<String, String>,
    /// The inputs of a scan of an image, where it is a scanner.
    #[serde(default)]
    scan: BTreeMap<String, Given>,
    /// The inputs with which it takes reports of coverage.
    #[serde(default)]
    coverage: BTreeMap<String, Given>,
}

/// What an input is given: a text may hold names in braces.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Given {
    Flag(bool),
    Text(String),
}

impl Given {
    /// The input with values in place of the names in braces.
    fn input(&self, values: &[(&str, String)]) -> Input {
        let text = match self {
            Self::Flag(flag) => return Input::Flag(*flag),
            Self::Text(text) => text,
        };
        match values.iter().fold(text.clone(), |text, (name, value)| text.replace(name, value)).as_str() {
            "true" => Input::Flag(true),
            "false" => Input::Flag(false),
            text => Input::Text(text.to_owned()),
        }
    }
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

/// The shell line without which the action cannot keep the downloads of a package manager.
pub(super) fn before(role: &str, manager: &str) -> Option<&'static str> {
    table().get(role)?.before.get(manager).map(String::as_str)
}

/// The inputs with which the action keeps nothing between runs.
pub(super) fn uncached(role: &str) -> impl Iterator<Item = (&'static str, Input)> {
    let inputs = table().get(role).into_iter().flat_map(|action| &action.uncached);
    inputs.map(|(name, given)| (name.as_str(), given.input(&[])))
}

/// A step that uses the action with this role: a full commit, the tag as a comment for update bots.
pub(super) fn step<const N: usize>(name: &str, role: &str, inputs: [(&'static str, Input); N]) -> Step {
    let uses = table().get(role).map(|action| {
        let reference = format!("{}@{}", action.uses, action.commit);
        Commented::new(action.tag.clone(), reference)
    });
    Step { name: name.to_owned(), uses, inputs: IndexMap::from(inputs), ..Step::default() }
}

/// A step with the scanner of this name; nothing where there is none.
pub(super) fn scan(role: &str, values: &[(&str, String)]) -> Option<Step> {
    given("Scan for known vulnerabilities", role, &table().get(role)?.scan, values)
}

/// A step that hands reports of coverage to the service of this name; nothing where there is none.
pub(super) fn coverage(role: &str, values: &[(&str, String)]) -> Option<Step> {
    given("Publish the coverage", role, &table().get(role)?.coverage, values)
}

/// What an action must be allowed to do besides reading the sources.
pub(super) fn permissions(role: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let entries = table().get(role).into_iter().flat_map(|action| &action.permissions);
    entries.map(|(scope, level)| (scope.as_str(), level.as_str()))
}

fn given(
    name: &str,
    role: &str,
    inputs: &'static BTreeMap<String, Given>,
    values: &[(&str, String)],
) -> Option<Step> {
    let mut made = step(name, role, []);
    made.inputs = inputs.iter().map(|(name, given)| (name.as_str(), given.input(values))).collect();
    (!inputs.is_empty()).then_some(made)
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
            "cache",
            "checkout",
            "download-artifact",
            "login",
            "metadata",
            "scan-image",
            "setup-buildx",
            "setup-qemu",
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
