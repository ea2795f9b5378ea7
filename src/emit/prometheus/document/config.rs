//! The configuration file (reference of Prometheus, "Configuration"). Must not compute values.

use serde::Serialize;

use crate::print::yaml::{Above, Flow, Spaced};

#[derive(Debug, Serialize)]
pub(in crate::emit::prometheus) struct Config {
    pub(in crate::emit::prometheus) global: Global,
    pub(in crate::emit::prometheus) rule_files: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::emit::prometheus) alerting: Option<Spaced<Above<Alerting>>>,
    pub(in crate::emit::prometheus) scrape_configs: Spaced<Vec<Spaced<Scrape>>>,
}

#[derive(Debug, Serialize)]
pub(in crate::emit::prometheus) struct Global {
    pub(in crate::emit::prometheus) scrape_interval: &'static str,
    pub(in crate::emit::prometheus) evaluation_interval: &'static str,
}

#[derive(Debug, Serialize)]
pub(in crate::emit::prometheus) struct Alerting {
    pub(in crate::emit::prometheus) alertmanagers: Vec<Alertmanager>,
}

#[derive(Debug, Serialize)]
pub(in crate::emit::prometheus) struct Alertmanager {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(in crate::emit::prometheus) static_configs: Vec<Addresses>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(in crate::emit::prometheus) file_sd_configs: Vec<Files>,
}

/// Targets that others write into files.
#[derive(Debug, Serialize)]
pub(in crate::emit::prometheus) struct Files {
    pub(in crate::emit::prometheus) files: Vec<&'static str>,
}

#[derive(Debug, Serialize)]
pub(in crate::emit::prometheus) struct Scrape {
    pub(in crate::emit::prometheus) job_name: String,
    pub(in crate::emit::prometheus) metrics_path: String,
    pub(in crate::emit::prometheus) scrape_interval: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(in crate::emit::prometheus) static_configs: Vec<Addresses>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(in crate::emit::prometheus) dns_sd_configs: Vec<Names>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(in crate::emit::prometheus) kubernetes_sd_configs: Vec<Pods>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(in crate::emit::prometheus) relabel_configs: Vec<Relabel>,
}

#[derive(Debug, Serialize)]
pub(in crate::emit::prometheus) struct Addresses {
    pub(in crate::emit::prometheus) targets: Vec<String>,
}

/// Every instance behind some names.
#[derive(Debug, Serialize)]
pub(in crate::emit::prometheus) struct Names {
    pub(in crate::emit::prometheus) names: Vec<Name>,
    #[serde(rename = "type")]
    pub(in crate::emit::prometheus) kind: &'static str,
    pub(in crate::emit::prometheus) port: u16,
    pub(in crate::emit::prometheus) refresh_interval: String,
}

#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub(in crate::emit::prometheus) enum Name {
    Plain(String),
    Explained(Above<String>),
}

/// Every port of every pod.
#[derive(Debug, Serialize)]
pub(in crate::emit::prometheus) struct Pods {
    pub(in crate::emit::prometheus) role: &'static str,
    pub(in crate::emit::prometheus) namespaces: Namespaces,
}

#[derive(Debug, Serialize)]
pub(in crate::emit::prometheus) struct Namespaces {
    pub(in crate::emit::prometheus) names: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(in crate::emit::prometheus) struct Relabel {
    pub(in crate::emit::prometheus) source_labels: Flow<Vec<&'static str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::emit::prometheus) regex: Option<String>,
    pub(in crate::emit::prometheus) action: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::emit::prometheus) target_label: Option<&'static str>,
}
