//! The script of a cluster: its facts and the registry of its commands. Must not hold shell text.

use std::sync::Arc;

use serde::Serialize;

use super::beside::{self, Beside};
use super::command::{self, Command, Group};
use super::job::{self, Job};
use super::render::{self, Engine};
use super::saved::{self, Saved};
use super::task;
use crate::emit::Emitted;
use crate::emit::kubernetes::naming;
use crate::emit::names;
use crate::emit::spell::dns;
use crate::emit::template::{Error, render};
use crate::model::{Backup, KubernetesTarget, Service, Task};
use crate::plan::{EnvironmentPlan, Plan};
use crate::text::{ShellWord, Unwritable};

/// An environment of a cluster as a script sees it.
#[derive(Debug, Serialize)]
struct Facts {
    namespace: ShellWord,
    /// The services that run in the cluster, sorted.
    services: Vec<Workload>,
    /// Repositories of our images, sorted.
    images: Vec<ShellWord>,
    /// Services that must run before migrations do, in start order.
    needed: Vec<ShellWord>,
    /// Jobs before a new version, in start order of their services.
    migrations: Vec<ShellWord>,
    /// Services of ours that a rollback takes back, sorted.
    stateless: Vec<ShellWord>,
    backups: Vec<Saved>,
    /// Services whose next version runs beside the old one.
    besides: Vec<Beside>,
    /// Jobs that people start.
    jobs: Vec<Job>,
}

/// A service and the object that runs it.
#[derive(Debug, Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct Workload {
    name: ShellWord,
    object: ShellWord,
}

/// The script of an environment with a Kubernetes target.
pub(super) fn script(
    plan: &Plan,
    environment: &EnvironmentPlan,
    target: &KubernetesTarget,
) -> Result<String, Error> {
    let facts = facts(plan, environment, target)?;
    let mut sections = vec![render("ops/kubernetes/base.sh.j2", &facts)?];
    let (commands, functions) = command::chosen(COMMANDS, &facts)?;
    if !facts.besides.is_empty() {
        sections.push(render("ops/kubernetes/beside.sh.j2", &facts)?);
    }
    sections.extend(functions);
    render::script(plan, environment, &ENGINE, |task| runs(environment, task), commands, sections)
}

fn facts(plan: &Plan, environment: &EnvironmentPlan, target: &KubernetesTarget) -> Result<Facts, Unwritable> {
    let running: Vec<(&str, &Service)> = environment
        .model
        .services
        .iter()
        .filter(|(_, service)| service.runs_in_cluster())
        .map(|(name, service)| (&**name, &**service))
        .collect();
    let built = |name: &str| environment.services.get(name).and_then(|planned| plan.built(planned));
    let stateless = running.iter().filter(|(name, service)| built(name).is_some() && !service.is_stateful());
    let repositories =
        running.iter().filter_map(|(name, _)| built(name)).map(|image| image.repository.to_string());
    let mut services =
        running.iter().map(|(name, service)| workload(name, service)).collect::<Result<Vec<_>, _>>()?;
    services.sort_unstable();
    let migrations = environment.before_rollout().map(|(service, job)| naming::joined(&[service, job]));
    let runs = |name: &&Arc<str>| running.iter().any(|(known, _)| **known == ***name);
    let needed = environment.needed_before_rollout().into_iter().filter(runs);
    Ok(Facts {
        namespace: ShellWord::bare(&names::namespace(plan, environment, target))?,
        besides: beside::all(environment)?,
        services,
        images: sorted(repositories)?,
        needed: needed.map(|name| ShellWord::bare(&dns(name))).collect::<Result<_, _>>()?,
        migrations: migrations.map(|job| ShellWord::bare(&job)).collect::<Result<_, _>>()?,
        stateless: sorted(stateless.map(|(name, _)| dns(name)))?,
        jobs: job::among(running.iter().copied())?,
        backups: saved::among(environment, running.iter().copied(), Backup::runs_in_cluster)?,
    })
}

/// Reports the tasks that a script of a cluster lacks, or does otherwise.
pub(super) fn report(environment: &EnvironmentPlan, out: &mut Emitted) {
    // Beside Compose, that is where such a task runs.
    let has_machine = environment.model.compose().is_some();
    for (name, task) in task::present(environment) {
        let span = task.label.span;
        if !runs(environment, task) {
            if !has_machine {
                let instead =
                    "leave it to the cluster, whose edge and monitoring take the place of this service";
                out.unsupported("kubernetes", &format!("the task `{name}`"), span, instead);
            }
        } else if task.fresh && task.service.is_some() {
            let what = format!("a container of its own for the task `{name}`");
            let instead =
                "make it a job with `when = manual`, which gets one; here it runs beside the process";
            out.unsupported("kubernetes", &what, task.origins.field("fresh").span, instead);
        }
    }
}

/// Whether a cluster has what a task runs in.
fn runs(environment: &EnvironmentPlan, task: &Task) -> bool {
    let services = &environment.model.services;
    let service = task.service.as_ref().and_then(|service| services.get(&service.name));
    service.is_none_or(|service| service.runs_in_cluster())
}

fn workload(name: &str, service: &Service) -> Result<Workload, Unwritable> {
    let kind = if service.is_stateful() { "statefulset" } else { "deployment" };
    let name = dns(name);
    Ok(Workload { object: ShellWord::bare(&format!("{kind}/{name}"))?, name: ShellWord::bare(&name)? })
}

/// Each once: their order means nothing.
fn sorted(words: impl Iterator<Item = String>) -> Result<Vec<ShellWord>, Unwritable> {
    let mut words = words.map(|word| ShellWord::bare(&word)).collect::<Result<Vec<_>, _>>()?;
    words.sort_unstable();
    words.dedup();
    Ok(words)
}

/// Whether a name of a task is taken by a command of a script.
pub(super) fn is_taken(name: &str) -> bool {
    COMMANDS.iter().any(|command| command.name == name || command.alias == Some(name))
}

/// What every command has.
const COMMAND: Command<Facts> = Command {
    name: "",
    alias: None,
    arguments: "",
    summary: "",
    details: &[],
    group: Group::Daily,
    template: "",
    passes: false,
    applies: |_| true,
};

const ENGINE: Engine =
    Engine { name: "in a Kubernetes cluster", programs: "kubectl", task: "ops/kubernetes/task.sh.j2" };

/// All commands, in the order of help.
const COMMANDS: &[Command<Facts>] = &[
    Command {
        name: "status",
        alias: Some("ps"),
        summary: "Shows workloads, pods and schedules",
        template: "kubernetes/status.sh.j2",
        ..COMMAND
    },
    Command {
        name: "health",
        summary: "Says whether every workload is ready; exit code 6 when one is not",
        template: "kubernetes/health.sh.j2",
        ..COMMAND
    },
    Command {
        name: "logs",
        arguments: "SERVICE [--follow]",
        summary: "Shows the last 200 lines of logs of every pod",
        details: &["Options of `kubectl logs` are passed on."],
        template: "kubernetes/logs.sh.j2",
        ..COMMAND
    },
    Command {
        name: "shell",
        arguments: "SERVICE [COMMAND...]",
        summary: "Opens a shell in a pod, or runs a command there",
        template: "kubernetes/shell.sh.j2",
        passes: true,
        ..COMMAND
    },
    Command {
        name: "restart",
        arguments: "[SERVICE...]",
        summary: "Replaces the pods one by one",
        template: "kubernetes/restart.sh.j2",
        ..COMMAND
    },
    Command {
        name: "deploy",
        arguments: "[RELEASE]",
        summary: "Brings a release up: migrations, then everything; goes back when it is not ready",
        details: &["Without a release: the tags and digests in kubernetes/kustomization.yaml."],
        group: Group::Releases,
        template: "kubernetes/deploy.sh.j2",
        ..COMMAND
    },
    Command {
        name: "rollback",
        summary: "Takes our services back to the version before",
        details: &["Migrations are not undone."],
        group: Group::Releases,
        template: "kubernetes/rollback.sh.j2",
        applies: |facts| !facts.stateless.is_empty(),
        ..COMMAND
    },
    Command {
        name: "job",
        arguments: "JOB [ARGUMENT...]",
        summary: "Runs a job of a service to its end",
        group: Group::Tasks,
        template: "kubernetes/job.sh.j2",
        passes: true,
        applies: |facts| !facts.jobs.is_empty(),
        ..COMMAND
    },
    Command {
        name: "backup",
        arguments: "[SERVICE...]",
        summary: "Saves data now, besides the schedule",
        group: Group::Data,
        template: "kubernetes/backup.sh.j2",
        applies: |facts| !facts.backups.is_empty(),
        ..COMMAND
    },
    Command {
        name: "backups",
        arguments: "[SERVICE...]",
        summary: "Lists the copies, the newest last",
        group: Group::Data,
        template: "kubernetes/backups.sh.j2",
        applies: |facts| !facts.backups.is_empty(),
        ..COMMAND
    },
    Command {
        name: "restore",
        arguments: "SERVICE [COPY]",
        summary: "Puts a service back to a copy, or to the newest one",
        details: &[
            "The copy is proven first and today's data is saved; whoever uses the service is stopped meanwhile.",
        ],
        group: Group::Data,
        template: "kubernetes/restore.sh.j2",
        applies: |facts| facts.backups.iter().any(|backup| backup.restores),
        ..COMMAND
    },
    Command {
        name: "rehearse",
        arguments: "SERVICE [COPY]",
        summary: "Restores a copy into a scratch place, to see that it can be done",
        group: Group::Data,
        template: "kubernetes/rehearse.sh.j2",
        applies: |facts| facts.backups.iter().any(|backup| backup.rehearses),
        ..COMMAND
    },
    Command {
        name: "offsite",
        arguments: "SERVICE push|fetch|list",
        summary: "Brings copies to another place, or back, or lists what is there",
        group: Group::Data,
        template: "kubernetes/offsite.sh.j2",
        applies: |facts| facts.backups.iter().any(|backup| backup.leaves),
        ..COMMAND
    },
];
