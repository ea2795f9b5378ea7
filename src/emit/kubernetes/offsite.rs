//! The way of copies to another place, right after each is saved. Must not know what is in them.

use super::jobs;
use super::objects::{Container, JobSpec, Mount};
use super::scope::Unit;
use super::secrets::{self, Secrets};
use super::variables::inline;

/// The script of the storage client.
pub(super) const SCRIPT: &str = "offsite.sh";

/// The volume with the secrets of the storage client.
const VOLUME: &str = "offsite-secrets";

/// Turns the container that saves into a first step and adds what brings copies away: both need the claim, which one
/// node at a time can use.
pub(super) fn append(unit: &Unit<'_>, job: &mut JobSpec) {
    let Some((image, task)) = unit.offsite() else { return };
    let pod = &mut job.template.spec;
    let mut container = jobs::backup_container("offsite", unit.cluster.plan.pinned(image).to_string());
    container.command = jobs::script_words(SCRIPT, "push");
    container.env = task.variables.iter().flat_map(|variable| inline(unit, variable, &[])).collect();
    container.volume_mounts = shared(&pod.containers);
    if let Some((volume, mount)) = Secrets::of_offsite(unit, task).volume_named(VOLUME) {
        pod.volumes.push(volume);
        container.volume_mounts.push(mount);
    }
    pod.init_containers = std::mem::replace(&mut pod.containers, vec![container]);
}

/// What the steps have in common: all but the secrets of the datastore.
fn shared(steps: &[Container]) -> Vec<Mount> {
    let mounts = steps.iter().flat_map(|step| &step.volume_mounts);
    mounts.filter(|mount| mount.name != secrets::VOLUME).cloned().collect()
}
