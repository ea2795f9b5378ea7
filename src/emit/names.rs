//! Names that several targets derive in the same way. Must not spell syntax.

use super::kubernetes::naming;
use crate::model::{KubernetesTarget, Volume};
use crate::plan::{EnvironmentPlan, ImagePlan, Plan};

/// The name of a volume: declared, or service and last component of its path.
pub(super) fn volume(service: &str, path: &str, volume: &Volume) -> String {
    match &volume.name {
        Some(name) => name.to_string(),
        None => format!("{service}-{}", path.rsplit('/').find(|part| !part.is_empty()).unwrap_or("data")),
    }
}

/// The name of a job's container or object.
pub(super) fn job(service: &str, job: &str) -> String {
    format!("{service}-{job}")
}

/// The name of what saves a service's data.
pub(super) fn backup(service: &str) -> String {
    format!("{service}-backup")
}

/// The file of the entry script that puts secrets into variables.
pub(super) fn with_secrets(plan: &Plan) -> String {
    format!("{}/docker/with-secrets.sh", plan.project.output)
}

/// The web server configuration inside an image that serves files.
pub(super) fn static_config(plan: &Plan, image: &ImagePlan) -> String {
    format!("{}/docker/{}.nginx.conf", plan.project.output, image.name)
}

/// The namespace of an environment in a cluster.
pub(super) fn namespace(plan: &Plan, environment: &EnvironmentPlan, target: &KubernetesTarget) -> String {
    match &target.namespace {
        Some(name) => naming::label(name),
        None => naming::joined(&[&plan.project.name, environment.name()]),
    }
}
