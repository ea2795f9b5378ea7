//! Jobs, backups and what runs by a schedule as containers. Must not know a schedule's form: `schedule` does.

use indexmap::IndexMap;

use super::document::{Dependency, Healthcheck, Mount, Probe, Service as Container};
use super::mounts::{self, bind};
use super::service::{Context, environment, words};
use crate::emit::spell::dns;
use crate::emit::{backup, names, schedule};
use crate::model::{Backup, Job, JobTime, Service};
use crate::plan::{ServicePlan, TaskPlan, offsite_network};
use crate::print::yaml::Flow;
use crate::schema::{Cron, ImageRef};

/// Containers that start only when they are asked for by name.
const ON_DEMAND: &str = "jobs";
/// Where the script of a backup is inside its container.
const SCRIPT: &str = "/backup.sh";
const SHELL: &str = "/bin/sh";
/// Whether the process that waits for a schedule is there.
const RUNS: &str = "kill -0 1";
/// Where programs of any image put what they need for a moment.
const SCRATCH: &str = "/tmp";

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
        // The image would ask the server, which does not run here.
        let has_check = service.build.is_some() && service.health.is_some();
        container.healthcheck = has_check.then_some(Healthcheck::Off { disable: true });
        container.environment.extend(environment(&task.variables));
        container.secrets = secrets(task);
        match (&job.schedule, job.when) {
            (Some(cron), JobTime::Scheduled) => {
                let run = container.command.take().map(|words| words.0).unwrap_or_default();
                let shell = std::iter::once(SHELL.to_owned());
                container.command = Some(Flow(shell.chain(by_schedule(cron, run)).collect()));
                // `up --wait` takes no container that stays and has no check; this one asks whether the schedule runs.
                container.healthcheck = has_check.then(|| probe(RUNS.to_owned()));
                stay(&mut container);
            }
            (_, JobTime::BeforeRollout) => {}
            _ => container.profiles = vec![ON_DEMAND],
        }
        container
    }

    /// The containers around a backup, by name: what saves by a schedule, what rehearses, what brings copies away.
    pub(super) fn backups(&self, service: &'a Service, planned: &'a ServicePlan) -> Vec<(String, Container)> {
        let (Some(backup), Some(task)) = (&service.backup, &planned.backup) else {
            return Vec::new();
        };
        let name = &*service.label.value;
        let mut all = vec![(dns(&names::backup(name)), self.saver(service, planned, backup, task))];
        if let Some(cron) = backup.rehearsed() {
            let mut container = self.saver(service, planned, backup, task);
            // What has no copies of its own to judge is asked whether it runs, where the image would ask the server.
            let is_asked = backup.image.is_none() && service.build.is_some() && service.health.is_some();
            container.healthcheck = is_asked.then(|| probe(RUNS.to_owned()));
            container.command = Some(Flow(by_schedule(cron, script_words("rehearse"))));
            all.push((dns(&names::rehearsal(name)), container));
        }
        let image = backup.offsite_image.as_ref().filter(|_| backup.leaves());
        if let (Some(image), Some(task)) = (image, &planned.offsite) {
            all.push((dns(&names::offsite(name)), self.offsite(service, planned, backup, task, image)));
        }
        all
    }

    fn saver(
        &self,
        service: &'a Service,
        planned: &'a ServicePlan,
        backup: &'a Backup,
        task: &'a TaskPlan,
    ) -> Container {
        let name = &service.label.value;
        let folder = backup::owned_folder(service, backup);
        let mut container = self.beside(service, planned, backup.image.as_ref(), folder);
        if backup.files {
            container.volumes.extend(mounts::kept(service));
            container.networks.clear();
            container.network_mode = Some("none");
        }
        container.volumes.push(bind(&format!("./{}", names::backup_script(name)), SCRIPT));
        container.environment = environment(&backup::plain(task));
        container.secrets = secrets(task);
        container.command = Some(Flow(by_schedule(&backup.schedule, script_words("save"))));
        let failed = format!("! test -e {folder}/.failed");
        container.healthcheck = Some(probe(failed));
        let condition = super::condition(service);
        container.depends_on = IndexMap::from([(dns(name), Dependency { condition })]);
        stay(&mut container);
        container
    }

    /// On a network of its own: the service itself gets no way out by this.
    fn offsite(
        &self,
        service: &'a Service,
        planned: &'a ServicePlan,
        backup: &'a Backup,
        task: &'a TaskPlan,
        image: &ImageRef,
    ) -> Container {
        let name = &service.label.value;
        let mut container = self.beside(service, planned, Some(image), backup::owned_folder(service, backup));
        container.volumes.push(bind(&format!("./{}", names::offsite_script(name)), SCRIPT));
        container.environment = environment(&task.variables);
        container.secrets = secrets(task);
        container.networks = vec![offsite_network(name)];
        container.network_mode = None;
        container.command = Some(Flow(by_schedule(&backup.offsite_schedule, script_words("push"))));
        stay(&mut container);
        container
    }

    /// A container with the copies of a service and a shell.
    fn beside(
        &self,
        service: &'a Service,
        planned: &'a ServicePlan,
        image: Option<&ImageRef>,
        folder: &str,
    ) -> Container {
        let mut container = self.base(service, planned);
        if let Some(image) = image {
            container.image = Some(self.plan.pinned(image).to_string());
            container.build = None;
            // What the service writes to and what is kept free for it are not about another image.
            container.tmpfs = mounts::memory(service, [SCRATCH]);
            container.deploy.resources.reservations = None;
        }
        container.volumes = vec![Mount::Short(format!("{}:{folder}", names::backup(&service.label.value)))];
        container.entrypoint = Some(Flow(vec![SHELL.to_owned()]));
        container
    }
}

/// A check by the shell, now and then: what waits for a schedule has no hurry.
fn probe(script: String) -> Healthcheck {
    Healthcheck::Probe(Probe {
        test: Flow(vec!["CMD".to_owned(), SHELL.to_owned(), "-c".to_owned(), script]),
        interval: "1m".to_owned(),
        timeout: "10s".to_owned(),
        retries: 3,
        start_period: "5s".to_owned(),
    })
}

fn script_words(command: &str) -> Vec<String> {
    [SHELL, SCRIPT, command].map(ToOwned::to_owned).to_vec()
}

/// The operands of a shell that runs these words by a schedule.
fn by_schedule(cron: &Cron, run: Vec<String>) -> Vec<String> {
    let script = std::iter::once(schedule::MOUNTED.to_owned());
    script.chain(schedule::operands(cron)).chain(run).collect()
}

/// A container with the schedule script that is started again whenever it ends.
fn stay(container: &mut Container) {
    container.volumes.push(bind(&format!("./{}", names::SCHEDULE_SCRIPT), schedule::MOUNTED));
    container.restart = "unless-stopped";
}

fn secrets(task: &TaskPlan) -> Vec<String> {
    task.secrets.iter().map(ToString::to_string).collect()
}
