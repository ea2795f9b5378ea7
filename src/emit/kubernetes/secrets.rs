//! Which secrets a service gets and where they come from. Must not write a Secret: values are not known here.

use std::sync::Arc;

use super::objects::{
    ExternalSecretSpec, Item, Mount, Object, PodVolume, RemoteRef, SecretData, SecretSource, SecretTarget,
    StoreRef, VolumeSource,
};
use super::scope::Unit;
use super::variables::SECRETS;
use crate::model::SecretStore;
use crate::plan::{Delivered, TaskPlan};
use crate::print::yaml::Commented;
use crate::schema::Text;

/// The volume with the secrets of a container, where it is the only one with any.
pub(super) const VOLUME: &str = "secrets";

/// One Secret object: its name, its keys, and those of them that are files.
#[derive(Debug, Clone, Default)]
pub(super) struct Secrets {
    /// Name of the object.
    pub object: String,
    /// All keys, sorted.
    pub keys: Vec<Arc<str>>,
    /// The keys that are mounted, sorted.
    pub files: Vec<Arc<str>>,
}

impl Secrets {
    /// What the service needs; the object has the keys of its jobs too.
    pub(super) fn of_service(unit: &Unit<'_>) -> Self {
        let jobs = unit.plan.jobs.values();
        let variables = unit.plan.variables.iter();
        let in_variables = variables
            .chain(jobs.clone().flat_map(|job| &job.variables))
            .filter_map(|variable| match &variable.value {
                Delivered::Variable(text) => Some(text),
                Delivered::Plain(_) | Delivered::File(_) | Delivered::Expand(_) => None,
            })
            .flat_map(Text::mounted_secrets);
        let in_files = unit.plan.secrets.iter().chain(jobs.flat_map(|job| &job.secrets));
        Self {
            object: unit.named("secrets"),
            keys: sorted(in_files.chain(in_variables).cloned()),
            files: unit.plan.secrets.clone(),
        }
    }

    /// What one of its jobs needs, from the same object.
    pub(super) fn of_job(unit: &Unit<'_>, job: &TaskPlan) -> Self {
        Self { files: job.secrets.clone(), ..Self::of_service(unit) }
    }

    /// What the commands of a backup need: a Secret of their own, because the service never needs it.
    pub(super) fn of_backup(unit: &Unit<'_>, backup: &TaskPlan) -> Self {
        Self {
            object: unit.named("backup-secrets"),
            keys: backup.secrets.clone(),
            files: backup.secrets.clone(),
        }
    }

    /// What brings copies away needs: the datastore's commands do not see it.
    pub(super) fn of_offsite(unit: &Unit<'_>, offsite: &TaskPlan) -> Self {
        Self {
            object: unit.named("offsite-secrets"),
            keys: offsite.secrets.clone(),
            files: offsite.secrets.clone(),
        }
    }

    /// The files as a volume of the pod and its mount.
    pub(super) fn volume(&self) -> Option<(PodVolume, Mount)> {
        self.volume_named(VOLUME)
    }

    /// The same beside the secrets of another container.
    pub(super) fn volume_named(&self, name: &str) -> Option<(PodVolume, Mount)> {
        if self.files.is_empty() {
            return None;
        }
        let all = self.files.len() == self.keys.len();
        let listed = self.files.iter().filter(|_| !all);
        let source = SecretSource {
            secret_name: self.object.clone(),
            default_mode: Commented::new("0440", 0o440),
            items: listed.map(|key| item(key)).collect(),
        };
        let volume = PodVolume { name: name.to_owned(), source: VolumeSource::Secret(source) };
        let mount =
            Mount { name: name.to_owned(), mount_path: SECRETS.to_owned(), sub_path: None, read_only: true };
        Some((volume, mount))
    }

    /// The object that fills the Secret from the store of the environment.
    pub(super) fn external(&self, unit: &Unit<'_>) -> Option<Object<ExternalSecretSpec>> {
        let store = unit.cluster.target.store.as_ref()?;
        (!self.keys.is_empty()).then(|| Object {
            api_version: "external-secrets.io/v1",
            kind: "ExternalSecret",
            metadata: unit.metadata(&self.object, "base"),
            spec: self.external_spec(unit, store),
        })
    }

    fn external_spec(&self, unit: &Unit<'_>, store: &SecretStore) -> ExternalSecretSpec {
        let data = self.keys.iter().map(|name| SecretData {
            secret_key: name.to_string(),
            remote_ref: RemoteRef { key: remote_key(unit, name) },
        });
        ExternalSecretSpec {
            refresh_interval: format!("{}s", store.refresh.as_seconds()),
            secret_store_ref: StoreRef {
                kind: if store.cluster { "ClusterSecretStore" } else { "SecretStore" },
                name: store.name.to_string(),
            },
            target: SecretTarget { name: self.object.clone(), creation_policy: "Owner" },
            data: data.collect(),
        }
    }

    /// The command that makes the Secret by hand, for the top of the file; nothing where a store fills it.
    pub(super) fn command(&self, unit: &Unit<'_>) -> Option<String> {
        if self.keys.is_empty() || unit.cluster.target.store.is_some() {
            return None;
        }
        let files: Vec<String> =
            self.keys.iter().map(|key| format!(" \\\n    --from-file={key}=./{key}")).collect();
        Some(format!(
            "kubectl --namespace {} create secret generic {}{}",
            unit.cluster.namespace(),
            self.object,
            files.concat()
        ))
    }
}

fn remote_key(unit: &Unit<'_>, name: &str) -> String {
    let environment = &unit.cluster.environment.model;
    let declared = environment.secrets.get(name).and_then(|secret| secret.key.as_ref());
    match declared {
        Some(key) => key.to_string(),
        None => format!("{}/{}/{name}", unit.cluster.plan.project.name, environment.name),
    }
}

fn item(key: &str) -> Item {
    Item { key: key.to_owned(), path: key.to_owned() }
}

fn sorted(names: impl Iterator<Item = Arc<str>>) -> Vec<Arc<str>> {
    let mut names: Vec<Arc<str>> = names.collect();
    names.sort();
    names.dedup();
    names
}
