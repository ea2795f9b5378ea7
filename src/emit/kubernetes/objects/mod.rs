//! Objects of the Kubernetes API as thin typed structs, with only the fields that are emitted. Must not decide anything.

mod edge;
mod network;
mod outside;
mod pod;
mod scaling;
mod workload;

use indexmap::IndexMap;
use serde::Serialize;

pub(super) use edge::*;
pub(super) use network::*;
pub(super) use outside::*;
pub(super) use pod::*;
pub(super) use scaling::*;
pub(super) use workload::*;

/// Labels, annotations, selectors and configuration, in the order in which they are printed.
pub(super) type Strings = IndexMap<String, String>;

/// What every object has, and a `spec`.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Object<S> {
    pub api_version: &'static str,
    pub kind: &'static str,
    pub metadata: Metadata,
    pub spec: S,
}

/// Identity of an object.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Metadata {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    #[serde(skip_serializing_if = "Strings::is_empty")]
    pub labels: Strings,
    #[serde(skip_serializing_if = "Strings::is_empty")]
    pub annotations: Strings,
}

/// A namespace; what matters is in its labels.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Namespace {
    pub api_version: &'static str,
    pub kind: &'static str,
    pub metadata: Metadata,
}

/// Identity of pods.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ServiceAccount {
    pub api_version: &'static str,
    pub kind: &'static str,
    pub metadata: Metadata,
    pub automount_service_account_token: bool,
}

/// Configuration that is no secret.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ConfigMap {
    pub api_version: &'static str,
    pub kind: &'static str,
    pub metadata: Metadata,
    pub data: Strings,
}

/// Pods by their labels.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Selector {
    #[serde(skip_serializing_if = "Strings::is_empty")]
    pub match_labels: Strings,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub match_expressions: Vec<Requirement>,
}

/// One condition of a [`Selector`].
#[derive(Debug, Clone, Serialize)]
pub(super) struct Requirement {
    pub key: &'static str,
    pub operator: &'static str,
    pub values: Vec<String>,
}

/// A number or a name, such as a port.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(super) enum NumberOrName {
    Number(u32),
    Name(String),
}
