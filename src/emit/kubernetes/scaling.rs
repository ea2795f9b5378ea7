//! Numbers of instances under load and under maintenance. Must not set `replicas`.

use super::objects::{
    AutoscalerSpec, AverageTarget, Behavior, DisruptionBudgetSpec, Metric, MetricName, MetricTarget, Object,
    PodsMetric, ResourceMetric, ScaleDown, ScalePolicy, TargetRef,
};
use super::scope::Unit;
use crate::schema::Ratio;

/// The autoscaler of a service with `scale`.
pub(super) fn autoscaler(unit: &Unit<'_>) -> Option<Object<AutoscalerSpec>> {
    let scale = unit.service.scale.as_ref()?;
    // Without any measure the API server takes 80 % of the processor time: written, so that it can be seen.
    let is_measured = scale.memory.is_some() || !scale.metric.is_empty();
    let share = scale.cpu.or_else(|| (!is_measured).then_some(Ratio(8000)));
    let cpu = share.map(|share| metric("cpu", share));
    let memory = scale.memory.map(|share| metric("memory", share));
    let own = scale.metric.iter().map(|(name, metric)| pods_metric(name, metric.average));
    Some(Object {
        api_version: "autoscaling/v2",
        kind: "HorizontalPodAutoscaler",
        metadata: unit.metadata(&unit.dns(), "workload"),
        spec: AutoscalerSpec {
            scale_target_ref: TargetRef {
                api_version: "apps/v1",
                kind: if unit.is_stateful() { "StatefulSet" } else { "Deployment" },
                name: unit.dns(),
            },
            min_replicas: scale.min.max(1),
            max_replicas: scale.max,
            metrics: cpu.into_iter().chain(memory).chain(own).collect(),
            behavior: Behavior {
                scale_down: ScaleDown {
                    stabilization_window_seconds: 300,
                    policies: vec![ScalePolicy { r#type: "Pods", value: 1, period_seconds: 60 }],
                },
            },
        },
    })
}

/// At most one instance is taken away at a time when machines are emptied; broken ones never stand in the way.
pub(super) fn disruption_budget(unit: &Unit<'_>) -> Option<Object<DisruptionBudgetSpec>> {
    (unit.service.most_instances() > 1).then(|| Object {
        api_version: "policy/v1",
        kind: "PodDisruptionBudget",
        metadata: unit.metadata(&unit.dns(), "base"),
        spec: DisruptionBudgetSpec {
            max_unavailable: 1,
            unhealthy_pod_eviction_policy: "AlwaysAllow",
            selector: unit.selector(),
        },
    })
}

/// A measure of the pods' own; an adapter in the cluster serves it from the collected metrics.
fn pods_metric(name: &str, average: u32) -> Metric {
    Metric::Pods {
        pods: PodsMetric {
            metric: MetricName { name: name.to_owned() },
            target: AverageTarget { r#type: "AverageValue", average_value: average.max(1).to_string() },
        },
    }
}

fn metric(name: &'static str, share: Ratio) -> Metric {
    Metric::Resource {
        resource: ResourceMetric {
            name,
            target: MetricTarget { r#type: "Utilization", average_utilization: share.percent().max(1) },
        },
    }
}
