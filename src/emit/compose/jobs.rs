//! Jobs and backups as containers that run to their end. Must not schedule: Compose cannot.

use indexmap::IndexMap;

use super::document::{Dependency, Mount, Service as Container};
use super::mounts;
use super::service::{Context, environment, words};
use crate::emit::backup;
use crate::emit::names;
use crate::emit::spell::dns;
use crate::model::{Backup, Job, JobTime, Service};
use crate::plan::{ServicePlan, TaskPlan};
use crate::print::yaml::Flow;

/// Containers that start only when they are asked for by name.
const ON_DEMAND: &str = "jobs";

impl<'a> Context<'a> {
    /// The container of a job: the service's image, variables and secrets with another command. In development too it
    /// is the image that is released: the stage for development need not hold what a job runs.
    pub(super) fn job(
        &self,
        service: &'a Service,
        planned: &'a ServicePlan,
        job: &'a Job,
        task: &'a TaskPlan,
    ) -> Container {
        let mut container = self.base(service, planned);
        if let Some(build) = &mut container.build {
            build.target = None;
        }
        container.volumes = mounts::storage(self, service);
        container.init = self.needs_init(planned);
        container.command = words(&job.run);
        container.environment.extend(environment(&task.variables));
        container.secrets = secrets(task);
        if job.when != JobTime::BeforeRollout {
            container.profiles = vec![ON_DEMAND];
        }
        container
    }

    /// The container that saves a service's data into a volume beside it.
    pub(super) fn backup(
        &self,
        service: &'a Service,
        planned: &'a ServicePlan,
        backup: &'a Backup,
        task: &'a TaskPlan,
    ) -> Container {
        let name = &service.label.value;
        let mut container = self.base(service, planned);
        if let Some(image) = &backup.image {
            container.image = Some(self.plan.pinned(image).to_string());
            container.build = None;
        }
        // A new volume takes the owner of the image's folder below it: the one folder that the user may write to.
        let folder = service.volume.keys().next().map_or(backup::FOLDER, |path| path);
        container.volumes = vec![Mount::Short(format!("{}:{folder}", names::backup(name)))];
        container.environment = environment(&backup::plain(task));
        container.secrets = secrets(task);
        let script = super::service::escape(&backup::script(name, backup, task, folder));
        container.command = Some(Flow(vec![script]));
        container.entrypoint = Some(Flow(vec!["/bin/sh".to_owned(), "-euc".to_owned()]));
        container.profiles = vec![ON_DEMAND];
        let condition = super::condition(service);
        container.depends_on = IndexMap::from([(dns(name), Dependency { condition })]);
        container
    }
}

fn secrets(task: &TaskPlan) -> Vec<String> {
    task.secrets.iter().map(ToString::to_string).collect()
}
