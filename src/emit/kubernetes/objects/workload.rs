//! What keeps pods running, runs them to an end, or holds their data. Must not decide anything.

use serde::Serialize;

use super::{Metadata, NumberOrName, PodTemplate, Selector, Strings};

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct DeploymentSpec {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replicas: Option<u32>,
    pub revision_history_limit: u32,
    pub progress_deadline_seconds: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_ready_seconds: Option<u64>,
    pub strategy: Strategy,
    pub selector: Selector,
    pub template: PodTemplate,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Strategy {
    pub r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rolling_update: Option<RollingUpdate>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct RollingUpdate {
    pub max_surge: NumberOrName,
    pub max_unavailable: NumberOrName,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct StatefulSetSpec {
    pub service_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replicas: Option<u32>,
    pub revision_history_limit: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_ready_seconds: Option<u64>,
    pub update_strategy: Strategy,
    pub selector: Selector,
    pub template: PodTemplate,
    pub volume_claim_templates: Vec<ClaimTemplate>,
}

/// The API server fills in the kind of a claim template; declared here so that nothing differs from the live object.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct ClaimTemplate {
    pub api_version: &'static str,
    pub kind: &'static str,
    pub metadata: Metadata,
    pub spec: ClaimSpec,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct ClaimSpec {
    pub access_modes: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage_class_name: Option<String>,
    pub resources: ClaimResources,
}

#[derive(Debug, Clone, Serialize)]
pub(in super::super) struct ClaimResources {
    pub requests: Strings,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct JobSpec {
    pub backoff_limit: u32,
    pub active_deadline_seconds: u64,
    pub ttl_seconds_after_finished: u64,
    pub template: PodTemplate,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct CronJobSpec {
    pub schedule: String,
    pub time_zone: &'static str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub suspend: bool,
    pub concurrency_policy: &'static str,
    pub starting_deadline_seconds: u64,
    pub successful_jobs_history_limit: u32,
    pub failed_jobs_history_limit: u32,
    pub job_template: JobTemplate,
}

#[derive(Debug, Serialize)]
pub(in super::super) struct JobTemplate {
    pub metadata: Metadata,
    pub spec: JobSpec,
}
