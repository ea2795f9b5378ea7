//! The next version of a service beside the one that runs, without instances until a release gives it some. Must not
//! decide when it gets requests: the operations script does.

use super::objects::{DeploymentSpec, EnvVar, Object, ServiceSpec, Strings};
use super::scope::Unit;
use super::variables::{self, Variables};
use super::workload;

/// Tells the pods of the two versions apart; the address of the service follows it.
const TRACK: &str = "track";
const LIVE: &str = "live";
/// The component that a release applies before it tries the next version.
pub(super) const NEXT: &str = "next";
/// Where jobs that try the next version find its host.
const HOST: &str = "NEXT_HOST";

/// The label of the pods that get the requests, where two versions can run.
pub(super) fn live(unit: &Unit<'_>) -> Option<(String, String)> {
    unit.beside().map(|_| (TRACK.to_owned(), LIVE.to_owned()))
}

/// The deployment of the next version. A release scales it, and the next apply takes its instances away.
pub(super) fn deployment(unit: &Unit<'_>, variables: &Variables) -> Option<Object<DeploymentSpec>> {
    unit.beside()?;
    let mut object = workload::deployment(unit, variables);
    object.metadata.name = Some(unit.next());
    mark(&mut object.metadata.labels);
    object.metadata.labels.insert("app.kubernetes.io/component".to_owned(), NEXT.to_owned());
    object.spec.replicas = Some(0);
    mark(&mut object.spec.selector.match_labels);
    mark(&mut object.spec.template.metadata.labels);
    Some(object)
}

/// The address of the next version, for the jobs that try it.
pub(super) fn service(unit: &Unit<'_>) -> Option<Object<ServiceSpec>> {
    unit.beside().filter(|rollout| !rollout.verify.is_empty())?;
    let mut object = workload::service(unit)?;
    object.metadata.name = Some(unit.next());
    mark(&mut object.spec.selector);
    Some(object)
}

/// The variable with that address, for a job that tries the next version.
pub(super) fn host(unit: &Unit<'_>, job: &str) -> Option<EnvVar> {
    let rollout = unit.beside()?;
    rollout.verify.iter().any(|name| **name == *job).then(|| variables::value(HOST, unit.next()))
}

fn mark(labels: &mut Strings) {
    labels.insert(TRACK.to_owned(), NEXT.to_owned());
}
