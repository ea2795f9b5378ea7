//! The images that a stack builds, each once, and what each service runs. Must not spell a Dockerfile.
//!
//! Two services' builds are never shared, even when equal: an image is named after its service. The same service has
//! one image for all environments whose image is made alike: the build, the runtime user and the built-in web server.
//! Where another environment's differs, its image is `<service>-<environment>`.

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexMap;

use crate::model::{Build, Mode, Project, Reads, Service, Stack, Stage, StaticSite, Take};
use crate::schema::{FilePath, ImageRef, Map};

use super::{ImagePlan, effective};

/// The images and, per environment and service, which one runs.
#[derive(Debug)]
pub(super) struct Images {
    /// The images.
    pub(super) plans: Vec<ImagePlan>,
    /// By environment and service.
    uses: IndexMap<Arc<str>, IndexMap<Arc<str>, usize>>,
}

impl Images {
    /// The image of a service in an environment.
    pub(super) fn of(&self, environment: &str, service: &str) -> Option<usize> {
        self.uses.get(environment)?.get(service).copied()
    }
}

/// Finds the images; the stack's `dev` blocks are not yet applied.
pub(super) fn images(stack: &Stack) -> Images {
    let mut images = Images { plans: Vec::new(), uses: IndexMap::new() };
    let mut names: BTreeSet<Arc<str>> = BTreeSet::new();
    let mut modes: Vec<Mode> = Vec::new();
    let mut of_service: IndexMap<Arc<str>, Vec<usize>> = IndexMap::new();
    // Production first, what others are made from before them, then by name: which environment has the plain name must
    // not depend on their order in files.
    let mut environments: Vec<_> = stack.environments.iter().collect();
    environments
        .sort_by_key(|(name, block)| (block.block.mode == Mode::Development, block.chain.len(), *name));
    for (environment, block) in environments {
        for (name, service) in &block.services {
            let Some(build) = &service.build else { continue };
            let mode = block.block.mode;
            let own = of_service.entry(name.clone()).or_default();
            let alike = |index: &usize| {
                images.plans.get(*index).is_some_and(|plan: &ImagePlan| same(&plan.service, service))
            };
            let index = own.iter().copied().find(alike).unwrap_or_else(|| {
                let short = short_name(stack, &names, environment, name);
                names.insert(short.clone());
                own.push(images.plans.len());
                images.plans.push(image(&stack.project, short, build, service));
                modes.push(mode);
                images.plans.len() - 1
            });
            images.uses.entry(environment.clone()).or_default().insert(name.clone(), index);
            if let (Some(plan), Some(first)) = (images.plans.get_mut(index), modes.get_mut(index)) {
                plan.has_dev |= mode == Mode::Development && build.dev_stage.is_some();
                if *first == Mode::Development && mode == Mode::Production {
                    *first = mode;
                    plan.service = listening(service);
                }
            }
        }
    }
    images
}

fn image(project: &Project, name: Arc<str>, build: &Build, service: &Service) -> ImagePlan {
    let prefix = project.registry.as_ref().unwrap_or(&project.name);
    ImagePlan {
        repository: format!("{prefix}/{name}").into(),
        name,
        build: build.clone(),
        service: listening(service),
        health_command: None,
        has_dev: false,
        sources: sources(build),
    }
}

fn listening(service: &Service) -> Service {
    let mut service = service.clone();
    effective::listen_as_web_server(&mut service);
    service
}

/// The service's name when it is free, else with the environment's; a service of that very name keeps it.
fn short_name(stack: &Stack, names: &BTreeSet<Arc<str>>, environment: &str, service: &Arc<str>) -> Arc<str> {
    let used = |name: &str| names.contains(name);
    if !used(service) {
        return service.clone();
    }
    let is_service = |name: &str| stack.environments.values().any(|block| block.services.contains_key(name));
    let mut name = format!("{service}-{environment}");
    while used(&name) || is_service(&name) {
        name.push_str("-image");
    }
    name.into()
}

/// Whether two services have the same image. The patterns name every field, so that a new one cannot be forgotten.
fn same(a: &Service, b: &Service) -> bool {
    let builds = match (&a.build, &b.build) {
        (Some(a), Some(b)) => same_build(a, b),
        _ => false,
    };
    let sites = match (&a.static_site, &b.static_site) {
        (Some(a), Some(b)) => site_facts(a) == site_facts(b),
        (None, None) => true,
        _ => false,
    };
    let reads = a.reads.values().map(read_facts).eq(b.reads.values().map(read_facts));
    builds && sites && reads && a.user == b.user
}

fn same_build(a: &Build, b: &Build) -> bool {
    let stages = a.stage.len() == b.stage.len()
        && a.stage.iter().zip(&b.stage).all(|((x, a), (y, b))| x == y && same_stage(a, b));
    stages && build_facts(a) == build_facts(b)
}

fn build_facts(build: &Build) -> impl PartialEq + '_ {
    let Build {
        label: _,
        to: _,
        doc: _,
        origins: _,
        context,
        args,
        stage: _,
        dev_stage,
        platforms,
        init,
        expand_secrets,
        check_variables,
    } = build;
    (context, entries(args), dev_stage, platforms, init, (expand_secrets, check_variables))
}

fn same_stage(a: &Stage, b: &Stage) -> bool {
    let takes = a.take.len() == b.take.len()
        && a.take.iter().zip(&b.take).all(|((x, a), (y, b))| x == y && take_facts(a) == take_facts(b));
    takes && stage_facts(a) == stage_facts(b)
}

fn stage_facts(stage: &Stage) -> impl PartialEq + '_ {
    let Stage {
        label: _,
        to: _,
        doc: _,
        origins: _,
        from,
        workdir,
        copy,
        copy_to,
        copy_root,
        take: _,
        env,
        args,
        run,
        cache,
        secrets,
        writable,
        why,
        allow,
    } = stage;
    let copied = (copy, entries(copy_to), copy_root);
    let run = (entries(env), args, run, cache, secrets);
    (from, workdir, copied, run, writable, why, allow)
}

/// The start-up check is part of the image.
fn read_facts(reads: &Reads) -> impl PartialEq + '_ {
    let Reads {
        label,
        to: _,
        doc: _,
        origins: _,
        is,
        phase,
        required,
        default,
        words,
        schemes,
        min,
        max,
        length,
        max_length,
        pattern,
        secret,
    } = reads;
    let texts = (&label.value, default, words, schemes, pattern);
    (texts, is, phase, required, (min, max), (length, max_length), secret)
}

fn take_facts(take: &Take) -> impl PartialEq + '_ {
    let Take { label: _, to: _, doc: _, origins: _, files } = take;
    entries(files)
}

fn site_facts(site: &StaticSite) -> impl PartialEq + '_ {
    let StaticSite { label: _, to: _, doc: _, origins: _, root, port, spa, immutable, health, version, gzip } =
        site;
    (root, port, spa, immutable, health, version, gzip)
}

/// The entries of a map without their places: the same text in two environments is the same.
fn entries<T>(map: &Map<T>) -> Vec<(&Arc<str>, &T)> {
    map.iter().map(|(key, entry)| (key, &entry.value)).collect()
}

/// The path prefixes that a build reads, without those inside others, in order.
fn sources(build: &Build) -> Vec<Arc<str>> {
    let mut all: Vec<FilePath> = Vec::new();
    for stage in build.stage.values() {
        all.extend(stage.copy_root.iter().cloned());
        all.extend(stage.copy.iter().map(|path| path.below(&build.context)));
        let elsewhere = stage.copy_to.keys().filter_map(|path| FilePath::parse(path).ok());
        all.extend(elsewhere.map(|path| path.below(&build.context)));
    }
    let inside = |path: &str, folder: &str| {
        path != folder
            && (folder == "." || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')))
    };
    let mut kept: Vec<Arc<str>> = Vec::new();
    for path in &all {
        let covered = all.iter().any(|folder| inside(path, folder));
        if !covered && !kept.iter().any(|known| **known == **path) {
            kept.push((**path).into());
        }
    }
    kept
}

/// The stage that runs: the one for development where it applies, else the last of the others.
pub fn final_stage(build: &Build, development: bool) -> Option<&Stage> {
    let dev = build.dev_stage.as_deref();
    if let (true, Some(dev)) = (development, dev) {
        return build.stage.get(dev);
    }
    let mut stages = build.stage.iter().rev();
    stages.find(|(name, _)| Some(&***name) != dev).map(|(_, stage)| stage)
}

/// The stages under one, itself first, down to the one that starts from an image.
pub fn stage_chain<'a>(build: &'a Build, stage: &'a Stage) -> Vec<&'a Stage> {
    let mut chain = vec![stage];
    let mut below = build.stage.get_index_of(&*stage.label.value).unwrap_or(0);
    // A stage can only start from an earlier one, so this ends.
    while let Some(last) = chain.last() {
        match build.stage.get_full(&*last.from) {
            Some((index, _, earlier)) if index < below => {
                below = index;
                chain.push(earlier);
            }
            _ => break,
        }
    }
    chain
}

/// The public image under a stage.
pub(super) fn base(build: &Build, stage: &Stage) -> Option<ImageRef> {
    let last = stage_chain(build, stage).last().map(|stage| &*stage.from)?;
    ImageRef::parse(last).ok()
}
