//! How many pods there are, and how many may go at once. Must not decide anything.

use serde::Serialize;

use super::Selector;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct AutoscalerSpec {
    pub scale_target_ref: TargetRef,
    pub min_replicas: u32,
    pub max_replicas: u32,
    pub metrics: Vec<Metric>,
    pub behavior: Behavior,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct TargetRef {
    pub api_version: &'static str,
    pub kind: &'static str,
    pub name: String,
}

#[derive(Debug, Serialize)]
#[serde(tag = "type")]
pub(in super::super) enum Metric {
    Resource { resource: ResourceMetric },
    Pods { pods: PodsMetric },
}

#[derive(Debug, Serialize)]
pub(in super::super) struct PodsMetric {
    pub metric: MetricName,
    pub target: AverageTarget,
}

#[derive(Debug, Serialize)]
pub(in super::super) struct MetricName {
    pub name: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct AverageTarget {
    pub r#type: &'static str,
    pub average_value: String,
}

#[derive(Debug, Serialize)]
pub(in super::super) struct ResourceMetric {
    pub name: &'static str,
    pub target: MetricTarget,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct MetricTarget {
    pub r#type: &'static str,
    pub average_utilization: u32,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Behavior {
    pub scale_down: ScaleDown,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct ScaleDown {
    pub stabilization_window_seconds: u32,
    pub policies: Vec<ScalePolicy>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct ScalePolicy {
    pub r#type: &'static str,
    pub value: u32,
    pub period_seconds: u32,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct DisruptionBudgetSpec {
    pub max_unavailable: u32,
    pub unhealthy_pod_eviction_policy: &'static str,
    pub selector: Selector,
}
