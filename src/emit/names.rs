//! Names that several targets derive in the same way. Must not spell syntax.

use super::kubernetes::naming;
use super::spell::dns;
use crate::model::{ComposeTarget, KubernetesTarget, Volume};
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

/// The name of what proves that copies can be restored.
pub(super) fn rehearsal(service: &str) -> String {
    format!("{service}-rehearse")
}

/// The name of what brings copies to another place.
pub(super) fn offsite(service: &str) -> String {
    format!("{service}-offsite")
}

/// The script of a backup, in the folder of its environment.
pub(super) fn backup_script(service: &str) -> String {
    format!("backup/{}.sh", dns(service))
}

/// The script that brings copies to another place, in the folder of its environment.
pub(super) fn offsite_script(service: &str) -> String {
    format!("backup/{}.sh", dns(&offsite(service)))
}

/// The folder of an environment.
pub(super) fn folder(plan: &Plan, environment: &EnvironmentPlan) -> String {
    format!("{}/{}", plan.project.output, environment.name())
}

/// The file that an image is built from.
pub(super) fn dockerfile(plan: &Plan, image: &ImagePlan) -> String {
    format!("{}/docker/{}.Dockerfile", plan.project.output, image.name)
}

/// The script that starts commands by a schedule, in the folder of its environment.
pub(super) const SCHEDULE_SCRIPT: &str = "schedule.sh";

/// The operations script of an environment on one machine.
pub(super) fn ops(plan: &Plan, environment: &EnvironmentPlan) -> String {
    format!("{}/ops", folder(plan, environment))
}

/// The operations script of an environment in a cluster, which may run on a machine too.
pub(super) fn ops_of_cluster(plan: &Plan, environment: &EnvironmentPlan) -> String {
    let name = if environment.model.compose().is_some() { "ops-cluster" } else { "ops" };
    format!("{}/{name}", folder(plan, environment))
}

/// The file of the entry script that puts secrets into variables.
pub(super) fn with_secrets(plan: &Plan) -> String {
    format!("{}/docker/with-secrets.sh", plan.project.output)
}

/// The script that checks the variables of an image before its command runs.
pub(super) fn check_env(plan: &Plan, image: &ImagePlan) -> String {
    format!("{}/docker/{}.check-env.sh", plan.project.output, image.name)
}

/// The web server configuration inside an image that serves files.
pub(super) fn static_config(plan: &Plan, image: &ImagePlan) -> String {
    format!("{}/docker/{}.nginx.conf", plan.project.output, image.name)
}

/// The Compose project: names of containers, networks and volumes start with it.
pub(super) fn compose_project(plan: &Plan, environment: &EnvironmentPlan, target: &ComposeTarget) -> String {
    match &target.project {
        Some(name) => name.to_string(),
        None => dns(&format!("{}-{}", plan.project.name, environment.name())),
    }
}

/// The project's folder as seen from `<output>/<environment>/`.
pub(super) fn project_root(output: &str) -> String {
    let depth = output.split('/').filter(|part| !part.is_empty() && *part != ".").count() + 1;
    vec![".."; depth].join("/")
}

/// The namespace of an environment in a cluster.
pub(super) fn namespace(plan: &Plan, environment: &EnvironmentPlan, target: &KubernetesTarget) -> String {
    match &target.namespace {
        Some(name) => naming::label(name),
        None => naming::joined(&[&plan.project.name, environment.name()]),
    }
}
