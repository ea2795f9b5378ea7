//! What an expression evaluates to. Must not know fields: the checker compares values with types.

use std::sync::Arc;

use indexmap::IndexMap;

use super::{Duration, Rate, Ratio, Size, Sourced, Text};

/// The value of an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `none`
    None,
    /// `true`, `false`
    Bool(bool),
    /// `3000`
    Int(i64),
    /// `0.5`, in thousandths: the language has no other fractions.
    Milli(i64),
    /// `512MiB`
    Size(Size),
    /// `10s`
    Duration(Duration),
    /// `70%`
    Ratio(Ratio),
    /// `20/s`
    Rate(Rate),
    /// `"…"`
    Text(Text),
    /// `[a, b]`
    List(Vec<Sourced<Value>>),
    /// `{ a = b }`
    Map(IndexMap<Arc<str>, Sourced<Value>>),
    /// A bare word of a choice: `npm`, `blue_green`.
    Choice(&'static str),
    /// A service, an environment, a secret, or a part of one.
    Reference(Reference),
    /// `push("main")`, `pull_request`
    Trigger(Trigger),
    /// A value that could not be computed; already reported, compatible with every type.
    Error,
}

/// What a path that names a declaration stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reference {
    /// `api`: a service; `port` when one of its ports is named.
    Service {
        /// The service.
        name: Arc<str>,
        /// The name of the port, from `api.ports.ws`.
        port: Option<Arc<str>>,
    },
    /// `production`
    Environment(Arc<str>),
    /// A pipeline job.
    Job(Arc<str>),
    /// `secret.jwt` where a secret itself is wanted, not its value in a string.
    Secret(Arc<str>),
}

/// What starts a pipeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trigger {
    /// `push("main")`: branches.
    Push(Vec<Arc<str>>),
    /// `tag("v*")`: tags.
    Tag(Vec<Arc<str>>),
    /// `pull_request`, `pull_request("main")`: target branches, all when empty.
    PullRequest(Vec<Arc<str>>),
    /// `schedule("0 2 * * *")`
    Schedule(Arc<str>),
    /// `manual`
    Manual,
}
