//! Jobs, schedules and backups. Must not start what people start by hand: the operations script does.

use super::objects::{
    ClaimSpec, ConfigMap, ConfigMapSource, Container, CronJobSpec, EnvVar, Item, JobSpec, JobTemplate,
    Metadata, Mount, Object, PodTemplate, PodVolume, Strings, VolumeSource,
};
use super::scope::Unit;
use super::secrets::Secrets;
use super::storage::{self, Mounted};
use super::variables::{Variables, inline};
use super::{config, naming, next, offsite, pod};
use crate::emit::backup::{self as script, Saved};
use crate::emit::template;
use crate::model::{Backup, Job, JobTime};
use crate::plan::TaskPlan;
use crate::print::yaml::{Commented, Error};
use crate::schema::{Cpu, Cron, Duration, Size};

/// How long a finished job can be looked at.
const KEPT: u64 = 86_400;
/// How long after its time a scheduled job may still start.
const LATE: u64 = 600;
/// Time after which a backup counts as failed.
const BACKUP_DEADLINE: Duration = Duration::minutes(6 * 60);
/// Folder of the backup script in its container.
const SCRIPTS: &str = "/scripts";

/// The jobs of a service that run before a rollout, with their comments.
pub(super) fn before_rollout(unit: &Unit<'_>, variables: &Variables) -> Vec<(String, Object<JobSpec>)> {
    let jobs = unit.jobs().filter(|(_, job)| job.when == JobTime::BeforeRollout);
    jobs.map(|(name, job)| {
        let metadata = unit.metadata(&unit.named(name), "before-rollout");
        let comment =
            "Applied and waited for before the workloads. Jobs cannot be changed: delete the old one first.";
        let comment = with_doc(job.doc.as_deref(), comment);
        let object = Object {
            api_version: "batch/v1",
            kind: "Job",
            metadata,
            spec: job_spec(unit, name, job, variables, "before-rollout"),
        };
        (comment, object)
    })
    .collect()
}

/// The jobs of a service that run by a schedule, with their comments.
pub(super) fn scheduled(unit: &Unit<'_>, variables: &Variables) -> Vec<(String, Object<CronJobSpec>)> {
    let jobs = unit.jobs().filter(|(_, job)| job.when == JobTime::Scheduled);
    jobs.filter_map(|(name, job)| {
        let component = component(unit, name);
        let spec = job_spec(unit, name, job, variables, component);
        let object = cron_job(unit, &unit.named(name), job.schedule.as_ref()?, spec, component);
        Some((job.doc.as_deref().unwrap_or_default().to_owned(), object))
    })
    .collect()
}

/// The jobs of a service that people start: schedules that never fire, from which `ops job` makes jobs.
pub(super) fn by_hand(unit: &Unit<'_>, variables: &Variables) -> Vec<(String, Object<CronJobSpec>)> {
    let has_no_time = |job: &Job| job.when == JobTime::Scheduled && job.schedule.is_none();
    let jobs = unit.jobs().filter(|(_, job)| job.when == JobTime::Manual || has_no_time(job));
    jobs.map(|(name, job)| {
        let component = component(unit, name);
        let spec = job_spec(unit, name, job, variables, component);
        let mut object = cron_job(unit, &unit.named(name), &Cron::yearly(), spec, component);
        object.spec.suspend = true;
        (with_doc(job.doc.as_deref(), "Never starts by itself: `ops job` does it."), object)
    })
    .collect()
}

/// When a deployment applies a job: one that tries the next version comes with it.
fn component(unit: &Unit<'_>, job: &str) -> &'static str {
    let tries = unit.beside().is_some_and(|rollout| rollout.verify.iter().any(|name| **name == *job));
    if tries { next::NEXT } else { "scheduled" }
}

/// What saves a service's data.
pub(super) struct Saver {
    pub(super) claim: Object<ClaimSpec>,
    pub(super) script: ConfigMap,
    /// The backup, and its rehearsal where there is one.
    pub(super) schedules: Vec<Object<CronJobSpec>>,
}

/// The claim, the script and the schedules of a backup.
pub(super) fn backup(unit: &Unit<'_>) -> Option<Result<Saver, Error>> {
    let (backup, task) = unit.backup()?;
    let saved = Saved { service: &unit.dns(), backup, task, folder: script::FOLDER };
    let scripts = match scripts(unit, &saved) {
        Ok(scripts) => scripts,
        Err(error) => return Some(Err(Error::Custom(error.to_string()))),
    };
    let due =
        |name: &str, cron: &Cron, spec: JobSpec| cron_job(unit, &unit.named(name), cron, spec, "backup");
    let mut save = backup_spec(unit, backup, task, "save")?;
    offsite::append(unit, &mut save);
    let mut schedules = vec![due("backup", &backup.schedule, save)];
    if let Some(cron) = backup.rehearsed() {
        schedules.push(due("rehearse", cron, backup_spec(unit, backup, task, "rehearse")?));
    }
    Some(Ok(Saver {
        claim: storage::single_claim(unit, &unit.named("backups"), backup.size),
        script: config::config_map(unit, "backup", scripts),
        schedules,
    }))
}

/// The scripts by the names of their files.
fn scripts(unit: &Unit<'_>, saved: &Saved<'_>) -> Result<Strings, template::Error> {
    let mut scripts = Strings::from_iter([(script::FILE.to_owned(), saved.script()?)]);
    if let Some(text) = unit.offsite().and_then(|_| saved.offsite()) {
        scripts.insert(offsite::SCRIPT.to_owned(), text?);
    }
    Ok(scripts)
}

fn with_doc(doc: Option<&str>, comment: &str) -> String {
    doc.map_or_else(|| comment.to_owned(), |doc| format!("{doc}\n{comment}"))
}

fn job_spec(unit: &Unit<'_>, name: &str, job: &Job, variables: &Variables, component: &str) -> JobSpec {
    let none = TaskPlan::default();
    let task = unit.plan.jobs.get(name).unwrap_or(&none);
    let mut mounted = Mounted::shared(unit);
    if let Some(secrets) = Secrets::of_job(unit, task).volume() {
        mounted.push(secrets);
    }
    let mut container = pod::of_image(unit, naming::label(name));
    // A job of a service with a program of its own replaces that program; else the image's entry point runs it.
    if unit.service.entrypoint.is_empty() {
        container.args = pod::words(&job.run);
    } else {
        container.command = pod::words(&job.run);
    }
    container.env = job_variables(unit, variables, task);
    container.env.extend(next::host(unit, name));
    container.volume_mounts.clone_from(&mounted.mounts);
    let mut template = PodTemplate {
        metadata: pod::template_metadata(unit, &unit.named(name), component),
        spec: pod::spec(unit, unit.user()),
    };
    template.spec.restart_policy = Some("Never");
    template.spec.containers = vec![container];
    template.spec.volumes = mounted.volumes;
    JobSpec {
        backoff_limit: job.retries,
        active_deadline_seconds: job.timeout.as_seconds().max(1),
        ttl_seconds_after_finished: KEPT,
        template,
    }
}

/// The service's variables, but for those that the job has too, then the job's.
fn job_variables(unit: &Unit<'_>, variables: &Variables, task: &TaskPlan) -> Vec<EnvVar> {
    let taken: Vec<&str> = task.variables.iter().map(|variable| &*variable.name).collect();
    let kept = variables.env.iter().filter(|entry| !taken.contains(&&*entry.name));
    let mut env: Vec<EnvVar> = kept.cloned().collect();
    for variable in &task.variables {
        for entry in inline(unit, variable, &taken) {
            if env.iter().all(|known| known.name != entry.name) {
                env.push(entry);
            }
        }
    }
    env
}

fn cron_job(
    unit: &Unit<'_>,
    name: &str,
    schedule: &Cron,
    job: JobSpec,
    component: &str,
) -> Object<CronJobSpec> {
    let metadata = unit.metadata(&naming::schedule(name), component);
    let job_metadata = Metadata { labels: unit.pod_labels(name, component), ..Metadata::default() };
    Object {
        api_version: "batch/v1",
        kind: "CronJob",
        metadata,
        spec: CronJobSpec {
            schedule: schedule.to_string(),
            time_zone: "Etc/UTC",
            suspend: false,
            concurrency_policy: "Forbid",
            starting_deadline_seconds: LATE,
            successful_jobs_history_limit: 3,
            failed_jobs_history_limit: 3,
            job_template: JobTemplate { metadata: job_metadata, spec: job },
        },
    }
}

fn backup_spec(unit: &Unit<'_>, backup: &Backup, task: &TaskPlan, command: &str) -> Option<JobSpec> {
    let mut mounted = Mounted::default();
    mounted.add_claim(unit.named("backups"), script::FOLDER);
    if backup.files {
        mounted.add_data(unit);
    }
    mounted.add_scratch("/tmp", Size::mib(256));
    mounted.push(script_volume(unit));
    if let Some(secrets) = Secrets::of_backup(unit, task).volume() {
        mounted.push(secrets);
    }
    let image = unit.cluster.plan.pinned(backup.image.as_ref()?);
    let mut container = backup_container("backup", image.to_string());
    container.command = script_words(script::FILE, command);
    container.env = backup_variables(unit, task);
    container.volume_mounts.clone_from(&mounted.mounts);
    let mut template = PodTemplate {
        metadata: pod::template_metadata(unit, &unit.named("backup"), "backup"),
        spec: pod::spec(unit, unit.user()),
    };
    template.spec.restart_policy = Some("Never");
    if backup.files && unit.is_stateful() {
        template.spec.affinity = Some(pod::beside(unit.selector()));
    }
    template.spec.containers = vec![container];
    template.spec.volumes = mounted.volumes;
    Some(JobSpec {
        backoff_limit: 1,
        active_deadline_seconds: BACKUP_DEADLINE.as_seconds(),
        ttl_seconds_after_finished: KEPT,
        template,
    })
}

/// A script with one of its commands.
pub(super) fn script_words(script: &str, command: &str) -> Vec<String> {
    vec!["/bin/sh".to_owned(), format!("{SCRIPTS}/{script}"), command.to_owned()]
}

/// A container that handles copies.
pub(super) fn backup_container(name: &str, image: String) -> Container {
    let (requests, limits) =
        ((Cpu(100), Size::mib(128), Size::mib(128)), (Cpu(1000), Size::mib(512), Size::mib(512)));
    pod::container(name.to_owned(), image, pod::requirements(requests, limits))
}

/// Texts with secrets are put together by the script.
fn backup_variables(unit: &Unit<'_>, task: &TaskPlan) -> Vec<EnvVar> {
    let plain = script::plain(task);
    plain.iter().flat_map(|variable| inline(unit, variable, &[])).collect()
}

fn script_volume(unit: &Unit<'_>) -> (PodVolume, Mount) {
    let files = std::iter::once(script::FILE).chain(unit.offsite().map(|_| offsite::SCRIPT));
    let source = ConfigMapSource {
        name: unit.named("backup"),
        default_mode: Commented::new("0440", 0o440),
        items: files.map(|file| Item { key: file.to_owned(), path: file.to_owned() }).collect(),
    };
    let volume = PodVolume { name: "scripts".to_owned(), source: VolumeSource::ConfigMap(source) };
    let mount =
        Mount { name: "scripts".to_owned(), mount_path: SCRIPTS.to_owned(), sub_path: None, read_only: true };
    (volume, mount)
}
