//! The services whose data is saved, as both engines see them. Must not know where copies are.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::emit::backup::offsite_gap;
use crate::emit::kubernetes::naming;
use crate::emit::spell::dns;
use crate::model::{Backup, Service};
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
    /// Where a cluster saves it.
    node: Node,
    /// What stands still while a copy is put back, sorted.
    users: Vec<ShellWord>,
}

/// The machines of a cluster where a service is saved.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum Node {
    Any,
    /// Where the service's own pod is, which is gone while a copy is put back.
    OfPod,
}

/// Those of these services whose data is saved, sorted by name, with those of them that use it.
pub(super) fn among<'a>(
    environment: &EnvironmentPlan,
    services: impl Iterator<Item = (&'a str, &'a Service)> + Clone,
) -> Result<Vec<Saved>, Unwritable> {
    let running: BTreeSet<&str> = services.clone().map(|(name, _)| name).collect();
    let backups = services.filter_map(|(name, service)| Some((name, service, service.backup.as_ref()?)));
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
    let users = users.chain(backup.files.then_some(name));
    let mut users = users.map(|user| ShellWord::bare(&dns(user))).collect::<Result<Vec<_>, _>>()?;
    users.sort_unstable();
    users.dedup();
    Ok(Saved {
        service: ShellWord::bare(&dns(name))?,
        schedule: ShellWord::bare(&naming::schedule(&naming::joined(&[name, "backup"])))?,
        restores: !backup.restore.is_empty(),
        rehearses: !backup.rehearsal.is_empty(),
        leaves: backup.offsite.is_some() && offsite_gap(backup).is_none(),
        node: if backup.files && service.is_stateful() { Node::OfPod } else { Node::Any },
        users,
    })
}
