//! The whole: what the checker hands to the plan. Must not compute anything: derived facts are in `plan`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use indexmap::IndexMap;

use super::environment::{ComposeTarget, EnvironmentBlock, KubernetesTarget};
use super::{Alert, Ingress, Notify, Pipeline, Secret, Service, Task};
use crate::diagnostic::{Baseline, Level};
use crate::schema::{Sourced, Value};
use crate::source::{Span, Spanned};

/// Facts about the project that are not part of the system: from `stackc.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Name of the stack: a DNS label.
    pub name: Arc<str>,
    /// Where images are pushed: `ghcr.io/acme/shop`.
    pub registry: Option<Arc<str>>,
    /// Where the sources live, as a URL.
    pub repository: Option<Arc<str>>,
    /// SPDX expression of the sources' licence.
    pub licence: Option<Arc<str>>,
    /// People who answer for it.
    pub owner: Option<Arc<str>>,
    /// Folder of the emitted files.
    pub output: Arc<str>,
    /// How much rules matter here, by name; the others have their own level.
    pub rules: BTreeMap<Arc<str>, Level>,
    /// Findings of rules that were there before; nobody is told about them.
    pub known: Baseline,
}

/// A checked stack: every environment merged and evaluated.
#[derive(Debug, Clone)]
pub struct Stack {
    /// The project.
    pub project: Project,
    /// The environments, in declaration order.
    pub environments: IndexMap<Arc<str>, Environment>,
    /// The pipelines, in declaration order.
    pub pipelines: IndexMap<Arc<str>, Pipeline>,
}

/// One environment with everything in it, overlays merged.
#[derive(Debug, Clone)]
pub struct Environment {
    /// Its name.
    pub name: Arc<str>,
    /// The environments that it is made from, the root first, itself last.
    pub chain: Vec<Arc<str>>,
    /// Its own settings.
    pub block: EnvironmentBlock,
    /// Enabled services, in declaration order. Each has its own memory: a list of all of them would be one large piece.
    pub services: IndexMap<Arc<str>, Box<Service>>,
    /// Secrets, those of services under `<service>_<secret>`.
    pub secrets: IndexMap<Arc<str>, Secret>,
    /// The secrets that something refers to.
    pub read_secrets: BTreeSet<Arc<str>>,
    /// Ingresses.
    pub ingresses: IndexMap<Arc<str>, Ingress>,
    /// Alerts.
    pub alerts: IndexMap<Arc<str>, Alert>,
    /// Channels for alerts.
    pub channels: IndexMap<Arc<str>, Notify>,
    /// Commands that people run by hand.
    pub tasks: IndexMap<Arc<str>, Task>,
    /// Patches, in declaration order.
    pub patches: Vec<Patch>,
}

impl Environment {
    /// The Compose target, where it has one.
    pub fn compose(&self) -> Option<&ComposeTarget> {
        self.block.target.compose.as_ref()
    }

    /// The Kubernetes target, where it has one.
    pub fn kubernetes(&self) -> Option<&KubernetesTarget> {
        self.block.target.kubernetes.as_ref()
    }
}

/// A change to emitted documents that the language has no words for. It must match at least one object and
/// change at least one value.
#[derive(Debug, Clone, PartialEq)]
pub struct Patch {
    /// What it changes: `["kubernetes", "deployment"]`, `["compose"]`, `["nginx", "location"]`.
    pub selector: Vec<Spanned<Arc<str>>>,
    /// The service or ingress that it stands in; `None` at the top of a file or environment.
    pub owner: Option<Arc<str>>,
    /// The environment in whose block it stands; `None` where all environments share it.
    pub environment: Option<Arc<str>>,
    /// The change.
    pub body: PatchBody,
    /// Where it was written.
    pub span: Span,
}

/// The content of a [`Patch`].
#[derive(Debug, Clone, PartialEq)]
pub enum PatchBody {
    /// `spec.replicas = 3`: changes of structured documents.
    Set(Vec<PatchSetting>),
    /// `"""…"""`: text for formats of directives.
    Raw(Arc<str>),
}

/// One change of a structured document.
#[derive(Debug, Clone, PartialEq)]
pub struct PatchSetting {
    /// The keys on the way; a number is an item of a list, the first one is 0.
    pub path: Vec<Arc<str>>,
    /// Whether it is `+=`: the value is a list that goes behind the one that is there.
    pub append: bool,
    /// What goes there, and where the setting was written.
    pub value: Sourced<Value>,
}
