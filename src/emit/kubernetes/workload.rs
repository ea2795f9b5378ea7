//! Deployments, stateful sets and their services. Must not look into pods.

use super::objects::{
    DeploymentSpec, NumberOrName, Object, RollingUpdate, ServicePort, ServiceSpec, StatefulSetSpec, Strategy,
    Strings,
};
use super::scope::Unit;
use super::variables::Variables;
use super::{naming, next, pod, storage};
use crate::model::RolloutKind;
use crate::schema::Duration;

/// Old versions that can be rolled back to.
const HISTORY: u32 = 5;

/// Pods that are interchangeable.
pub(super) fn deployment(unit: &Unit<'_>, variables: &Variables) -> Object<DeploymentSpec> {
    let deadline = unit.service.rollout.as_ref().map(|rollout| rollout.deadline);
    let min_ready = min_ready(unit);
    let deadline = deadline.unwrap_or(Duration::minutes(5)).as_seconds();
    let mut metadata = unit.metadata(&unit.dns(), "workload");
    add_labels(unit, &mut metadata.labels, &mut metadata.annotations);
    Object {
        api_version: "apps/v1",
        kind: "Deployment",
        metadata,
        spec: DeploymentSpec {
            replicas: replicas(unit),
            revision_history_limit: HISTORY,
            // The API refuses a deadline that is not longer than the time that a pod must be ready.
            progress_deadline_seconds: deadline.max(min_ready.unwrap_or(0) + 1),
            min_ready_seconds: min_ready,
            strategy: strategy(unit),
            selector: unit.selector(),
            template: pod::serving(unit, variables),
        },
    }
}

/// Pods with storage of their own.
pub(super) fn stateful_set(unit: &Unit<'_>, variables: &Variables) -> Object<StatefulSetSpec> {
    let mut metadata = unit.metadata(&unit.dns(), "workload");
    add_labels(unit, &mut metadata.labels, &mut metadata.annotations);
    Object {
        api_version: "apps/v1",
        kind: "StatefulSet",
        metadata,
        spec: StatefulSetSpec {
            service_name: headless_name(unit),
            replicas: replicas(unit),
            revision_history_limit: HISTORY,
            min_ready_seconds: min_ready(unit),
            update_strategy: Strategy { r#type: "RollingUpdate", rolling_update: None },
            selector: unit.selector(),
            template: pod::serving(unit, variables),
            volume_claim_templates: storage::claim_templates(unit),
        },
    }
}

/// One address for all instances.
pub(super) fn service(unit: &Unit<'_>) -> Option<Object<ServiceSpec>> {
    let ports = service_ports(unit);
    (!ports.is_empty()).then(|| Object {
        api_version: "v1",
        kind: "Service",
        metadata: unit.metadata(&unit.dns(), "base"),
        spec: ServiceSpec {
            r#type: Some("ClusterIP"),
            cluster_ip: None,
            publish_not_ready_addresses: None,
            selector: unit.selector().match_labels.into_iter().chain(next::live(unit)).collect(),
            ports,
        },
    })
}

/// One address for each instance, which a stateful set needs.
pub(super) fn headless_service(unit: &Unit<'_>) -> Option<Object<ServiceSpec>> {
    unit.is_stateful().then(|| Object {
        api_version: "v1",
        kind: "Service",
        metadata: unit.metadata(&headless_name(unit), "base"),
        spec: ServiceSpec {
            r#type: None,
            cluster_ip: Some("None"),
            publish_not_ready_addresses: Some(true),
            selector: unit.selector().match_labels,
            ports: service_ports(unit),
        },
    })
}

/// A free label becomes a label where its value may be one, else an annotation.
fn add_labels(unit: &Unit<'_>, labels: &mut Strings, annotations: &mut Strings) {
    for (key, value) in &unit.service.labels {
        if !naming::is_key(key) || labels.contains_key(&**key) {
            continue;
        }
        let place = if naming::is_value(value) { &mut *labels } else { &mut *annotations };
        place.insert(key.to_string(), value.to_string());
    }
}

fn replicas(unit: &Unit<'_>) -> Option<u32> {
    unit.service.scale.is_none().then_some(unit.service.replicas)
}

/// A pod counts as available when one more check after the first has passed.
fn min_ready(unit: &Unit<'_>) -> Option<u64> {
    unit.service.health.as_ref().map(|health| health.every.as_seconds())
}

fn strategy(unit: &Unit<'_>) -> Strategy {
    let rollout = unit.service.rollout.as_ref();
    if rollout.is_some_and(|rollout| rollout.kind() == RolloutKind::Recreate) {
        return Strategy { r#type: "Recreate", rolling_update: None };
    }
    let (surge, unavailable) = rollout.map_or((1, 0), |rollout| (rollout.surge, rollout.unavailable));
    // Both zero is refused by the API: nothing could ever move.
    let surge = if surge == 0 && unavailable == 0 { 1 } else { surge };
    Strategy {
        r#type: "RollingUpdate",
        rolling_update: Some(RollingUpdate {
            max_surge: NumberOrName::Number(surge),
            max_unavailable: NumberOrName::Number(unavailable),
        }),
    }
}

fn headless_name(unit: &Unit<'_>) -> String {
    unit.named("headless")
}

fn service_ports(unit: &Unit<'_>) -> Vec<ServicePort> {
    let ports = unit.ports().into_iter();
    ports
        .map(|(name, port)| ServicePort { target_port: NumberOrName::Name(name.clone()), name, port })
        .collect()
}
