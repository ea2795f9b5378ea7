//! Storage of pods: claims that survive, scratch space that does not. Must not mount files of the project.

use super::objects::{
    ClaimResources, ClaimSource, ClaimSpec, ClaimTemplate, ConfigMapSource, EmptyDir, Metadata, Mount,
    Object, PodVolume, Strings, VolumeSource,
};
use super::scope::Unit;
use super::{config, naming, quantity};
use crate::emit::config as files;
use crate::emit::names;
use crate::model::Volume;
use crate::print::yaml::Commented;
use crate::schema::Size;

/// Volumes of a pod with their mounts, in the order claims, scratch space, secrets.
#[derive(Debug, Default)]
pub(super) struct Mounted {
    pub volumes: Vec<PodVolume>,
    pub mounts: Vec<Mount>,
}

impl Mounted {
    /// Shared claims and scratch space: what every pod of the service may use.
    pub(super) fn shared(unit: &Unit<'_>) -> Self {
        let mut mounted = Self::default();
        for (path, volume) in storage(unit).filter(|(_, volume)| volume.shared) {
            let name = claim_name(unit, path, volume);
            let source = VolumeSource::PersistentVolumeClaim(ClaimSource { claim_name: name.clone() });
            mounted.add(name, source, path);
        }
        for path in &unit.plan.writable {
            if !unit.service.volume.contains_key(path) {
                mounted.add_scratch(path, unit.service.scratch);
            }
        }
        mounted.add_config(unit);
        mounted
    }

    /// With the claims that each instance has of its own; their volumes come from the claim templates.
    pub(super) fn own(unit: &Unit<'_>) -> Self {
        let mut mounted = Self::shared(unit);
        let own = storage(unit).filter(|(_, volume)| !volume.shared);
        let claims: Vec<Mount> =
            own.map(|(path, volume)| mount(claim_name(unit, path, volume), path)).collect();
        mounted.mounts.splice(0..0, claims);
        mounted
    }

    /// Adds the data of the service as another pod sees it: shared claims, and those of the first instance.
    pub(super) fn add_data(&mut self, unit: &Unit<'_>) {
        for (path, volume) in storage(unit) {
            let name = claim_name(unit, path, volume);
            let claim_name = if volume.shared { name.clone() } else { format!("{name}-{}-0", unit.dns()) };
            self.add(name, VolumeSource::PersistentVolumeClaim(ClaimSource { claim_name }), path);
        }
    }

    /// Adds a volume with its mount.
    pub(super) fn push(&mut self, (volume, mount): (PodVolume, Mount)) {
        self.volumes.push(volume);
        self.mounts.push(mount);
    }

    /// Adds a claim.
    pub(super) fn add_claim(&mut self, claim: String, path: &str) {
        let source = VolumeSource::PersistentVolumeClaim(ClaimSource { claim_name: claim.clone() });
        self.add(claim, source, path);
    }

    /// Adds an empty folder.
    pub(super) fn add_scratch(&mut self, path: &str, limit: Size) {
        let source = VolumeSource::EmptyDir(EmptyDir { size_limit: quantity::size(limit) });
        self.add(naming::of_path("scratch", path), source, path);
    }

    /// Each configuration file at its path: a volume over the folder would hide what the image has there.
    fn add_config(&mut self, unit: &Unit<'_>) {
        let keys = files::keys(unit.service);
        if keys.is_empty() {
            return;
        }
        let name = "config".to_owned();
        let source = ConfigMapSource {
            name: config::files_name(unit),
            default_mode: Commented::new("0444", 0o444),
            items: Vec::new(),
        };
        self.volumes.push(PodVolume { name: name.clone(), source: VolumeSource::ConfigMap(source) });
        self.mounts.extend(keys.into_iter().map(|(key, path)| Mount {
            name: name.clone(),
            mount_path: path.to_owned(),
            sub_path: Some(key),
            read_only: true,
        }));
    }

    fn add(&mut self, name: String, source: VolumeSource, path: &str) {
        let mount = mount(name.clone(), path);
        self.push((PodVolume { name, source }, mount));
    }
}

/// The claims that all instances share.
pub(super) fn shared_claims(unit: &Unit<'_>) -> Vec<Object<ClaimSpec>> {
    storage(unit)
        .filter(|(_, volume)| volume.shared)
        .map(|(path, volume)| {
            let spec = claim_spec("ReadWriteMany", volume.class.as_deref(), volume.size);
            claim(unit, &claim_name(unit, path, volume), spec)
        })
        .collect()
}

/// A claim that one pod at a time uses.
pub(super) fn single_claim(unit: &Unit<'_>, name: &str, size: Size) -> Object<ClaimSpec> {
    claim(unit, name, claim_spec("ReadWriteOnce", None, size))
}

/// The claims that each instance gets.
pub(super) fn claim_templates(unit: &Unit<'_>) -> Vec<ClaimTemplate> {
    storage(unit)
        .filter(|(_, volume)| !volume.shared)
        .map(|(path, volume)| ClaimTemplate {
            api_version: "v1",
            kind: "PersistentVolumeClaim",
            metadata: Metadata { name: Some(claim_name(unit, path, volume)), ..Metadata::default() },
            spec: claim_spec("ReadWriteOnce", volume.class.as_deref(), volume.size),
        })
        .collect()
}

fn claim(unit: &Unit<'_>, name: &str, spec: ClaimSpec) -> Object<ClaimSpec> {
    Object { api_version: "v1", kind: "PersistentVolumeClaim", metadata: unit.metadata(name, "base"), spec }
}

/// The volumes that are storage, with their paths.
fn storage<'a>(unit: &Unit<'a>) -> impl Iterator<Item = (&'a str, &'a Volume)> + use<'a> {
    let all = unit.service.volume.iter();
    all.filter(|(_, volume)| volume.from.is_none()).map(|(path, volume)| (&**path, volume))
}

fn claim_name(unit: &Unit<'_>, path: &str, volume: &Volume) -> String {
    naming::label(&names::volume(unit.name, path, volume))
}

fn claim_spec(mode: &'static str, class: Option<&str>, size: Size) -> ClaimSpec {
    ClaimSpec {
        access_modes: vec![mode],
        storage_class_name: class.map(str::to_owned),
        resources: ClaimResources {
            requests: Strings::from_iter([("storage".to_owned(), quantity::size(size))]),
        },
    }
}

fn mount(name: String, path: &str) -> Mount {
    Mount { name, mount_path: path.to_owned(), sub_path: None, read_only: false }
}
