//! Digests for every public image that a stack mentions: those of the lock win, the catalogue's come next. Must not
//! look anything up.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::catalogue::Catalogue;
use crate::lock::Lock;
use crate::model::{Build, Service, Stack};
use crate::schema::ImageRef;

/// The digests by reference as it is written; references that bring their own digest are left out.
pub(super) fn pins(stack: &Stack, catalogue: &Catalogue, lock: &Lock) -> BTreeMap<String, Arc<str>> {
    let mut pins = BTreeMap::new();
    let services = stack.environments.values().flat_map(|environment| environment.services.values());
    for image in services.flat_map(|service| mentioned(service)) {
        if image.digest.is_none()
            && let Some(digest) = lock.digest(&image).or_else(|| catalogue.digest(&image))
        {
            pins.insert(image.to_string(), digest.into());
        }
    }
    pins
}

fn mentioned(service: &Service) -> Vec<ImageRef> {
    let mut images: Vec<ImageRef> = service.image.iter().cloned().collect();
    images.extend(service.build.as_deref().into_iter().flat_map(bases));
    images.extend(service.proxy.iter().filter_map(|proxy| proxy.acme.clone()));
    if let Some(backup) = &service.backup {
        images.extend([&backup.image, &backup.offsite_image].into_iter().flatten().cloned());
    }
    images
}

/// What stages start from and take files from, where it is no other stage.
fn bases(build: &Build) -> Vec<ImageRef> {
    let mut names: Vec<&str> = Vec::new();
    for stage in build.stage.values() {
        names.push(&stage.from);
        names.extend(stage.take.keys().map(|name| &**name));
    }
    names.retain(|name| !build.stage.contains_key(*name));
    names.into_iter().filter_map(|name| ImageRef::parse(name).ok()).collect()
}
