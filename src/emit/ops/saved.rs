//! The services whose data is saved, as both engines see them. Must not know where copies are.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;

use crate::emit::kubernetes::naming;
use crate::emit::names;
use crate::emit::spell::dns;
use crate::model::{Backup, Job, Service};
use crate::plan::EnvironmentPlan;
use crate::text::{ShellWord, Unwritable};

/// A service whose data is saved.
#[derive(Debug, Serialize)]
pub(super) struct Saved {
    service: ShellWord,
    /// The object of a cluster that saves by a schedule.
    schedule: ShellWord,
    /// Whether the script can put copies back.
    pub(super) restores: bool,
    /// Whether it can do so in a scratch place.
    pub(super) rehearses: bool,
    /// Whether copies go to another place.
    pub(super) leaves: bool,
    /// When it is saved besides its schedule.
    times: Times,
    /// Where a cluster saves it.
    node: Node,
    /// What stands still while a copy is put back, sorted.
    users: Vec<ShellWord>,
    /// What they run by a schedule, which must not begin meanwhile, sorted.
    timers: Vec<Timer>,
}

/// What runs by a schedule.
#[derive(Debug, Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct Timer {
    /// Its container beside Compose.
    container: ShellWord,
    /// Its object in a cluster.
    schedule: ShellWord,
}

/// When a service is saved without being asked.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum Times {
    Scheduled,
    /// By its schedule, and before each release but the first.
    BeforeRollout,
}

/// The machines of a cluster where a service is saved.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum Node {
    Any,
    /// Where the service's own pod is, which is gone while a copy is put back.
    OfPod,
}

/// Those of these services whose data is saved by a backup that can run, sorted by name, with those of them that use it.
pub(super) fn among<'a>(
    environment: &EnvironmentPlan,
    services: impl Iterator<Item = (&'a str, &'a Service)> + Clone,
    can_run: impl Fn(&Backup) -> bool,
) -> Result<Vec<Saved>, Unwritable> {
    let running: BTreeSet<&str> = services.clone().map(|(name, _)| name).collect();
    let backups = services.filter_map(|(name, service)| {
        Some((name, service, service.backup.as_ref().filter(|backup| can_run(backup))?))
    });
    let mut all = backups
        .map(|(name, service, backup)| saved(environment, &running, (name, service), backup))
        .collect::<Result<Vec<_>, _>>()?;
    all.sort_unstable_by(|a, b| a.service.cmp(&b.service));
    Ok(all)
}

fn saved(
    environment: &EnvironmentPlan,
    running: &BTreeSet<&str>,
    (name, service): (&str, &Service),
    backup: &Backup,
) -> Result<Saved, Unwritable> {
    // Files are written by the service alone; data behind it changes when somebody asks it.
    let from = environment.edges.iter().filter(|edge| !backup.files && *edge.to == *name);
    let users = from.filter_map(|edge| edge.from.as_deref()).filter(|user| running.contains(user));
    let own = backup.files.then_some(name);
    let users: BTreeSet<&str> = users.chain(own).collect();
    // The datastore itself goes on, but not what it runs on the same data.
    let timed = users.iter().copied().chain(std::iter::once(name)).collect();
    let timers = timers(environment, timed)?;
    let mut users =
        users.into_iter().map(|user| ShellWord::bare(&dns(user))).collect::<Result<Vec<_>, _>>()?;
    users.sort_unstable();
    Ok(Saved {
        service: ShellWord::bare(&dns(name))?,
        schedule: ShellWord::bare(&naming::schedule(&naming::joined(&[name, "backup"])))?,
        restores: !backup.restore.is_empty(),
        rehearses: !backup.rehearsal.is_empty(),
        leaves: backup.leaves(),
        times: if backup.before_rollout { Times::BeforeRollout } else { Times::Scheduled },
        node: if backup.files && service.is_stateful() { Node::OfPod } else { Node::Any },
        users,
        timers,
    })
}

/// What these services run by a schedule.
fn timers(environment: &EnvironmentPlan, services: BTreeSet<&str>) -> Result<Vec<Timer>, Unwritable> {
    let known = services.into_iter().filter_map(|name| Some((name, environment.model.services.get(name)?)));
    let jobs =
        known.flat_map(|(name, service)| service.job.iter().map(move |(label, job)| (name, label, job)));
    let timed = jobs.filter(|(_, _, job)| job.runs_by_schedule());
    let lower = |(name, label, _): (&str, &Arc<str>, &Job)| {
        Ok(Timer {
            container: ShellWord::bare(&dns(&names::job(name, label)))?,
            schedule: ShellWord::bare(&naming::schedule(&naming::joined(&[name, label])))?,
        })
    };
    let mut all = timed.map(lower).collect::<Result<Vec<_>, _>>()?;
    all.sort_unstable();
    Ok(all)
}
