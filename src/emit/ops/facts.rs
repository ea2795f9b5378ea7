//! What the templates of a Compose environment read, each word encoded. Must not hold a decision that the plan has.

use serde::Serialize;

use super::job::{self, Job};
use super::rollout::Rollouts;
use super::saved::{self, Saved};
use super::secret::{self, SecretFile, SecretVariable};
use crate::emit::names;
use crate::emit::spell::dns;
use crate::model::{Backup, ComposeTarget, Mode, Service};
use crate::plan::{EnvironmentPlan, Plan};
use crate::text::{ShellWord, Unwritable};

/// A Compose environment as a script sees it.
#[derive(Debug, Serialize)]
pub(super) struct Facts {
    pub(super) environment: ShellWord,
    pub(super) compose_project: ShellWord,
    pub(super) is_development: bool,
    /// Whether images are built on the machine instead of pulled.
    pub(super) builds: bool,
    /// The tag that runs when nobody says another.
    pub(super) release: ShellWord,
    /// Containers that stay up, sorted.
    pub(super) services: Vec<ShellWord>,
    /// The one whose shell people want, where there is no doubt.
    pub(super) main_service: Option<ShellWord>,
    /// Containers that run an image of ours.
    pub(super) images: Vec<Image>,
    /// Containers that must run before migrations do.
    pub(super) needed: Vec<ShellWord>,
    /// Jobs before a new version, in start order of their services.
    pub(super) migrations: Vec<ShellWord>,
    /// Jobs that people start.
    pub(super) jobs: Vec<Job>,
    pub(super) backups: Vec<Saved>,
    pub(super) secrets: Vec<SecretFile>,
    pub(super) variables: Vec<SecretVariable>,
    /// Named volumes with data, without those of copies.
    pub(super) volumes: Vec<ShellWord>,
    /// Services that are released one by one.
    #[serde(flatten)]
    pub(super) rollouts: Rollouts,
}

/// A container and the image that it runs.
#[derive(Debug, Serialize)]
pub(super) struct Image {
    container: ShellWord,
    repository: ShellWord,
}

impl Facts {
    /// The facts of an environment.
    pub(super) fn new(
        plan: &Plan,
        environment: &EnvironmentPlan,
        target: &ComposeTarget,
    ) -> Result<Self, Unwritable> {
        let project = names::compose_project(plan, environment, target);
        let is_development = environment.model.block.mode == Mode::Development;
        let builds = plan.builds(environment);
        let services = staying(environment)?;
        let mut needed = names_of(environment.needed_before_rollout().into_iter().map(|name| dns(name)))?;
        // Compose starts them in its own order.
        needed.sort_unstable();
        Ok(Self {
            environment: bare(environment.name())?,
            compose_project: bare(&project)?,
            is_development,
            builds,
            release: bare(&environment.model.block.release)?,
            main_service: main_service(plan, environment)?,
            images: images(plan, environment, builds, &project)?,
            needed,
            migrations: names_of(environment.before_rollout().map(|(service, job)| container(service, job)))?,
            jobs: job::among(services_of(environment))?,
            backups: saved::among(environment, services_of(environment), |_| true)?,
            secrets: secret::files(plan, environment)?,
            variables: secret::variables(environment)?,
            volumes: volumes(environment, &project)?,
            rollouts: Rollouts::new(environment, &project, &services)?,
            services,
        })
    }
}

fn bare(text: &str) -> Result<ShellWord, Unwritable> {
    ShellWord::bare(text)
}

fn names_of(names: impl Iterator<Item = String>) -> Result<Vec<ShellWord>, Unwritable> {
    names.map(|name| bare(&name)).collect()
}

fn container(service: &str, job: &str) -> String {
    dns(&names::job(service, job))
}

/// The only application: a service that the stack builds and that is more than files.
fn main_service(plan: &Plan, environment: &EnvironmentPlan) -> Result<Option<ShellWord>, Unwritable> {
    let built = environment.services.iter().filter(|(_, service)| plan.built(service).is_some());
    let mut applications = built.filter(|(name, _)| {
        environment.model.services.get(*name).is_some_and(|service| service.static_site.is_none())
    });
    match (applications.next(), applications.next()) {
        (Some((name, _)), None) => bare(&dns(name)).map(Some),
        _ => Ok(None),
    }
}

fn images(
    plan: &Plan,
    environment: &EnvironmentPlan,
    builds: bool,
    project: &str,
) -> Result<Vec<Image>, Unwritable> {
    let mut images = Vec::new();
    for (name, planned) in &environment.services {
        let Some(image) = plan.built(planned) else { continue };
        let jobs = planned.jobs.keys().map(|job| container(name, job));
        let backup = environment.model.services.get(name).and_then(|service| service.backup.as_ref());
        let own = backup.filter(|backup| backup.image.is_none()).map(|backup| savers(name, backup));
        for container in std::iter::once(dns(name)).chain(jobs).chain(own.into_iter().flatten()) {
            let repository =
                if builds { format!("{project}-{container}") } else { image.repository.to_string() };
            images.push(Image { container: bare(&container)?, repository: bare(&repository)? });
        }
    }
    Ok(images)
}

fn services_of(environment: &EnvironmentPlan) -> impl Iterator<Item = (&str, &Service)> + Clone {
    environment.model.services.iter().map(|(name, service)| (&**name, &**service))
}

/// The containers that stay up, sorted: services, and what runs by a schedule.
fn staying(environment: &EnvironmentPlan) -> Result<Vec<ShellWord>, Unwritable> {
    let mut all = Vec::new();
    for (name, service) in &environment.model.services {
        all.push(dns(name));
        let jobs = service.job.iter().filter(|(_, job)| job.runs_by_schedule());
        all.extend(jobs.map(|(label, _)| container(name, label)));
        let Some(backup) = &service.backup else { continue };
        all.extend(savers(name, backup));
        if backup.leaves() {
            all.push(dns(&names::offsite(name)));
        }
    }
    all.sort_unstable();
    names_of(all.into_iter())
}

/// The containers that run the script of a backup.
fn savers(service: &str, backup: &Backup) -> Vec<String> {
    let rehearsal = backup.rehearsed().map(|_| dns(&names::rehearsal(service)));
    std::iter::once(dns(&names::backup(service))).chain(rehearsal).collect()
}

fn volumes(environment: &EnvironmentPlan, project: &str) -> Result<Vec<ShellWord>, Unwritable> {
    let services = environment.model.services.iter();
    let named = services.flat_map(|(name, service)| {
        let stored = service.volume.iter().filter(|(_, volume)| volume.from.is_none());
        stored.map(move |(path, volume)| format!("{project}_{}", names::volume(name, path, volume)))
    });
    let mut all = names_of(named)?;
    all.sort_unstable();
    all.dedup();
    Ok(all)
}
