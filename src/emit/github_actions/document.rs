//! A workflow as a typed document (workflow syntax of GitHub Actions). Must not compute values.

use indexmap::IndexMap;
use serde::Serialize;

use crate::print::yaml::{Above, Commented, Placed, Spaced};

/// Variables and inputs, in order.
pub(super) type Values = IndexMap<String, String>;

/// A permission and why it is needed.
pub(super) type Permissions = IndexMap<&'static str, Commented<&'static str>>;

/// A whole file.
#[derive(Debug, Serialize)]
pub(super) struct Workflow {
    pub(super) name: String,
    pub(super) on: Spaced<On>,
    pub(super) permissions: Spaced<Above<Empty>>,
    pub(super) concurrency: Spaced<Above<Concurrency>>,
    pub(super) jobs: Spaced<IndexMap<String, Placed<Spaced<Job>>>>,
}

/// Nothing: `{}`.
#[derive(Debug, Serialize)]
pub(super) struct Empty {}

#[derive(Debug, Default, Serialize)]
pub(super) struct On {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) push: Option<Push>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pull_request: Option<PullRequest>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) schedule: Vec<Schedule>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) workflow_dispatch: Option<Empty>,
}

#[derive(Debug, Default, Serialize)]
pub(super) struct Push {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) branches: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) tags: Vec<String>,
}

#[derive(Debug, Default, Serialize)]
pub(super) struct PullRequest {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) branches: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct Schedule {
    pub(super) cron: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Concurrency {
    pub(super) group: String,
    pub(super) cancel_in_progress: bool,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Job {
    pub(super) name: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) needs: Vec<String>,
    #[serde(rename = "if", skip_serializing_if = "Option::is_none")]
    pub(super) condition: Option<String>,
    pub(super) runs_on: String,
    pub(super) timeout_minutes: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) environment: Option<Environment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) concurrency: Option<Concurrency>,
    pub(super) permissions: Permissions,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) strategy: Option<Strategy>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(super) outputs: Values,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(super) services: IndexMap<String, Container>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(super) env: Values,
    pub(super) steps: Vec<Spaced<Step>>,
}

/// A protected environment, and where its result can be seen.
#[derive(Debug, Serialize)]
pub(super) struct Environment {
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Strategy {
    pub(super) fail_fast: bool,
    pub(super) matrix: IndexMap<String, Axis>,
}

/// The values of an axis of a matrix.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Axis {
    /// Known when the file is written.
    Values(Vec<String>),
    /// An expression that makes a list.
    Expression(String),
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct Container {
    pub(super) image: String,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(super) env: Values,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) ports: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) options: Option<String>,
}

#[derive(Debug, Default, Serialize)]
pub(super) struct Step {
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<&'static str>,
    #[serde(rename = "if", skip_serializing_if = "Option::is_none")]
    pub(super) condition: Option<&'static str>,
    #[serde(rename = "timeout-minutes", skip_serializing_if = "Option::is_none")]
    pub(super) timeout_minutes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) uses: Option<Commented<String>>,
    #[serde(rename = "with", skip_serializing_if = "IndexMap::is_empty")]
    pub(super) inputs: IndexMap<&'static str, Input>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(super) env: Values,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) shell: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) run: Option<String>,
}

/// An input of an action: the types that YAML has.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Input {
    Text(String),
    Flag(bool),
    Number(u64),
}

impl From<&str> for Input {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Input {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Input {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}
