//! Objects that pods need before they start: the namespace, service accounts and configuration. Must not hold secrets.

use super::objects::{ConfigMap, Metadata, Namespace, ServiceAccount, Strings};
use super::scope::{Cluster, Unit};
use super::variables::Variables;
use crate::emit::config;

/// End of the name of the `ConfigMap` with configuration files.
const FILES: &str = "files";

/// The namespace with its pod security standard.
pub(super) fn namespace(cluster: &Cluster<'_>) -> Namespace {
    let mut metadata = Metadata { namespace: None, ..cluster.metadata(&cluster.namespace(), "base") };
    let level = cluster.target.pod_security.word();
    for mode in ["enforce", "audit", "warn"] {
        let key = format!("pod-security.kubernetes.io/{mode}");
        metadata.labels.insert(key.clone(), level.to_owned());
        metadata.labels.insert(format!("{key}-version"), "latest".to_owned());
    }
    Namespace { api_version: "v1", kind: "Namespace", metadata }
}

/// An identity without any right, so that rights given to one service later are given to no other.
pub(super) fn service_account(unit: &Unit<'_>) -> ServiceAccount {
    ServiceAccount {
        api_version: "v1",
        kind: "ServiceAccount",
        metadata: unit.metadata(&unit.dns(), "base"),
        automount_service_account_token: false,
    }
}

/// The variables without secrets.
pub(super) fn variables(unit: &Unit<'_>, variables: &Variables) -> Option<ConfigMap> {
    let is_needed = !variables.data.is_empty();
    is_needed.then(|| config_map(unit, "config", variables.data.clone()))
}

/// The configuration files, by their keys.
pub(super) fn files(unit: &Unit<'_>) -> Option<ConfigMap> {
    let data = file_data(unit);
    (!data.is_empty()).then(|| config_map(unit, FILES, data))
}

/// The name of the `ConfigMap` with the files.
pub(super) fn files_name(unit: &Unit<'_>) -> String {
    unit.named(FILES)
}

/// The files' texts by key.
pub(super) fn file_data(unit: &Unit<'_>) -> Strings {
    let text = |path: &str| unit.service.config.get(path).map(config::text).unwrap_or_default();
    config::keys(unit.service).into_iter().map(|(key, path)| (key, text(path))).collect()
}

/// A `ConfigMap` `<service>-<suffix>`.
pub(super) fn config_map(unit: &Unit<'_>, suffix: &str, data: Strings) -> ConfigMap {
    ConfigMap {
        api_version: "v1",
        kind: "ConfigMap",
        metadata: unit.metadata(&unit.named(suffix), "base"),
        data,
    }
}
