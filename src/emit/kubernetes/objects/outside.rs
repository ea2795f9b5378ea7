//! Objects that are read by others than the API server: External Secrets and kustomize. Must not decide anything.

use serde::Serialize;

use super::Strings;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct ExternalSecretSpec {
    pub refresh_interval: String,
    pub secret_store_ref: StoreRef,
    pub target: SecretTarget,
    pub data: Vec<SecretData>,
}

#[derive(Debug, Serialize)]
pub(in super::super) struct StoreRef {
    pub kind: &'static str,
    pub name: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct SecretTarget {
    pub name: String,
    pub creation_policy: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct SecretData {
    pub secret_key: String,
    pub remote_ref: RemoteRef,
}

#[derive(Debug, Serialize)]
pub(in super::super) struct RemoteRef {
    pub key: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Kustomization {
    pub api_version: &'static str,
    pub kind: &'static str,
    pub namespace: String,
    pub resources: Vec<String>,
    pub labels: Vec<KustomizeLabels>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<KustomizeImage>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct KustomizeLabels {
    pub pairs: Strings,
    pub include_selectors: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct KustomizeImage {
    pub name: String,
    pub new_tag: String,
}
