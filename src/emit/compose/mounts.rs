//! What a container sees besides its image: volumes, files of the project, memory folders, watched sources.
//! Paths of the host are relative to the folder of the Compose file.

use super::document::{Bind, BindOptions, Develop, Mount, Watch};
use super::service::{Context, short};
use crate::emit::{Emitted, checksum, config, names};
use crate::model::{Ingress, Observes, Service, Volume, WatchAction, Watches};
use crate::plan::ServicePlan;

/// The volumes of a service: sources in development, then what it has everywhere.
pub(super) fn volumes(context: &Context<'_>, service: &Service) -> Vec<Mount> {
    let root = names::project_root(&context.plan.project.output);
    let mut mounts = Vec::new();
    if context.is_development() {
        if let Some(dev) = &service.dev {
            mounts
                .extend(dev.mount.iter().map(|(path, source)| bind(&format!("{root}/{}", &**source), path)));
            mounts.extend(dev.keep.iter().map(|path| Mount::Short(path.to_string())));
        }
    }
    mounts.extend(storage(context, service));
    mounts
}

/// Its data, its files, the proxy's configuration.
pub(super) fn storage(context: &Context<'_>, service: &Service) -> Vec<Mount> {
    let root = names::project_root(&context.plan.project.output);
    let mut mounts = Vec::new();
    for (path, volume) in &service.volume {
        mounts.push(match &volume.from {
            Some(source) => bind(&format!("{root}/{}", &**source), path),
            None => data(service, path, volume),
        });
    }
    mounts
        .extend(service.files.iter().map(|(path, source)| bind(&format!("{root}/{}", &*source.value), path)));
    mounts.extend(service.config.keys().map(|path| {
        let source = format!("./{}", config::beside(service, path));
        bind(&source, path)
    }));
    if let Some(proxy) = &service.proxy {
        mounts.push(bind("./nginx/nginx.conf", "/etc/nginx/nginx.conf"));
        if context.environment.model.ingresses.values().any(Ingress::ends_encryption) {
            mounts.push(bind("./certificates", &proxy.certificates));
        }
    }
    mounts.extend(service.observes.as_deref().into_iter().flat_map(observed));
    mounts
}

/// Only what survives.
pub(super) fn kept(service: &Service) -> impl Iterator<Item = Mount> {
    let named = service.volume.iter().filter(|(_, volume)| volume.from.is_none());
    named.map(|(path, volume)| data(service, path, volume))
}

fn data(service: &Service, path: &str, volume: &Volume) -> Mount {
    short(&names::volume(&service.label.value, path, volume), path)
}

/// What is emitted for a service that watches the stack.
fn observed(observes: &Observes) -> Vec<Mount> {
    let config = &*observes.config;
    match observes.watches() {
        Watches::Metrics => vec![bind("./prometheus", config)],
        Watches::Alerts => vec![bind("./alertmanager", config)],
        // The folder has others, which the image fills.
        Watches::Dashboards => ["datasources", "dashboards"]
            .map(|part| bind(&format!("./grafana/{part}"), &format!("{config}/{part}")))
            .into(),
    }
}

/// A sum that changes with the emitted files that are mounted: without it in its description, Compose would keep the
/// container, which goes on with the old ones. Other files of the project are not known here.
pub(super) fn checksum(folder: &str, mounts: &[Mount], out: &Emitted) -> Option<String> {
    let mut all = String::new();
    for mount in mounts {
        let Mount::Long(bind) = mount else { continue };
        let Some(source) = bind.source.strip_prefix("./") else { continue };
        for artifact in out.below(&format!("{folder}/{source}")) {
            all.extend([&*artifact.path, "\n", &*artifact.text]);
        }
    }
    (!all.is_empty()).then(|| checksum::hex(all.as_bytes()))
}

pub(super) fn bind(source: &str, target: &str) -> Mount {
    Mount::Long(Bind {
        kind: "bind",
        source: source.to_owned(),
        target: target.to_owned(),
        read_only: true,
        options: BindOptions { create_host_path: false },
    })
}

/// Memory file systems under a read-only root, as large as the scratch space and not executable.
pub(super) fn memory_folders(service: &Service, planned: &ServicePlan) -> Vec<String> {
    memory(service, planned.writable.iter().map(|path| &**path))
}

/// These folders, in the same way.
pub(super) fn memory<'a>(service: &Service, folders: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    if !service.read_only {
        return Vec::new();
    }
    let size = service.scratch.0.div_ceil(1 << 20);
    let owner = service.user;
    let options = format!("size={size}m,mode=0700,uid={},gid={},noexec,nosuid,nodev", owner.uid, owner.gid);
    folders.into_iter().map(|path| format!("{path}:{options}")).collect()
}

/// `develop.watch` of a service in development.
pub(super) fn develop(context: &Context<'_>, service: &Service) -> Option<Develop> {
    let dev = service.dev.as_ref().filter(|dev| context.is_development() && !dev.watch.is_empty())?;
    let root = names::project_root(&context.plan.project.output);
    let watch = dev.watch.values().map(|watch| Watch {
        action: match watch.action {
            WatchAction::Sync => "sync",
            WatchAction::SyncRestart => "sync+restart",
            WatchAction::Rebuild => "rebuild",
        },
        path: format!("{root}/{}", watch.path),
        target: watch.target.as_ref().map(ToString::to_string),
        ignore: watch.ignore.iter().map(|pattern| pattern.to_string()).collect(),
    });
    Some(Develop { watch: watch.collect() })
}
