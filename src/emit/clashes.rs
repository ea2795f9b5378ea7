//! Names that two declarations lead to: of containers and their objects, and of volumes. Must not rename anything.

use indexmap::IndexMap;

use super::names;
use super::spell::dns;
use crate::diagnostic::{Diagnostic, codes};
use crate::model::{RolloutKind, Service, Volume};
use crate::plan::{EnvironmentPlan, Plan};
use crate::source::Span;

/// The clashes of every environment, each once.
pub(super) fn report(plan: &Plan) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = Vec::new();
    for environment in &plan.environments {
        for problem in containers(environment).into_iter().chain(volumes(environment)) {
            if !found.contains(&problem) {
                found.push(problem);
            }
        }
    }
    found
}

/// What runs under a name: what it is, for people, and where it is declared.
type Claim = (String, Span);

/// In a cluster, services that meet lead to one file, which is reported where files are.
fn containers(environment: &EnvironmentPlan) -> Vec<Diagnostic> {
    let services = &environment.model.services;
    let has_files = environment.model.kubernetes().is_some();
    let mut taken: IndexMap<String, Claim> = IndexMap::new();
    let mut problems = Vec::new();
    let own = services
        .iter()
        .map(|(name, service)| (true, dns(name), (format!("the service `{name}`"), service.label.span)));
    let derived = services.iter().flat_map(|(name, service)| derived(name, service, has_files));
    let all = own.chain(derived.map(|(container, claim)| (false, container, claim)));
    for (is_service, container, claim) in all {
        let Some((what, span)) = taken.get(&container) else {
            taken.insert(container, claim);
            continue;
        };
        // Two services are reported with the files of a cluster, which meet as well.
        if is_service && has_files {
            continue;
        }
        let message = format!("{what} and {} would both be called `{container}`", claim.0);
        problems.push(
            Diagnostic::error(codes::DUPLICATE_NAME, message)
                .at(claim.1, "this one")
                .also(*span, "the other one")
                .help("rename one of them"),
        );
    }
    problems
}

/// The jobs of a service, and what stands beside it.
fn derived(name: &str, service: &Service, in_cluster: bool) -> Vec<(String, Claim)> {
    let jobs = service.job.iter().map(|(label, job)| {
        (dns(&names::job(name, label)), (format!("the job `{label}` of `{name}`"), job.label.span))
    });
    let mut all: Vec<(String, Claim)> = jobs.collect();
    all.extend(versions(name, service));
    if in_cluster {
        all.extend(objects(name, service));
    }
    let Some(backup) = &service.backup else { return all };
    let mut beside = |container: String, what: &str| {
        all.push((dns(&container), (format!("the {what} of `{name}`"), backup.origins.block)));
    };
    beside(names::backup(name), "backup");
    if backup.rehearsed().is_some() {
        beside(names::rehearsal(name), "rehearsal");
    }
    if backup.leaves() {
        beside(names::offsite(name), "way of copies");
    }
    all
}

/// What the next version of a service is called while it is tried.
fn versions(name: &str, service: &Service) -> Vec<(String, Claim)> {
    let rollout = service.rollout.as_ref().filter(|rollout| rollout.kind() != RolloutKind::Recreate);
    let Some(rollout) = rollout else { return Vec::new() };
    let claim = (format!("the next version of `{name}`"), rollout.label.span);
    let names = ["next", "starting", "aside"].into_iter();
    names.map(|end| (dns(&format!("{name}-{end}")), claim.clone())).collect()
}

/// Objects of a cluster that have the kind of another service's.
fn objects(name: &str, service: &Service) -> Vec<(String, Claim)> {
    let mut all = Vec::new();
    let mut beside = |end: &str, what: &str| {
        let claim = (format!("the {what} of `{name}`"), service.label.span);
        all.push((dns(&format!("{name}-{end}")), claim));
    };
    if !service.job.is_empty() {
        beside("jobs", "policy for jobs");
    }
    if service.is_stateful() {
        beside("headless", "address of each instance");
    }
    all
}

/// One volume for two paths mixes what belongs apart, unless both say that they share it.
fn volumes(environment: &EnvironmentPlan) -> Vec<Diagnostic> {
    let mut taken: IndexMap<String, &Volume> = IndexMap::new();
    let mut problems = Vec::new();
    for (name, service) in &environment.model.services {
        for (path, volume) in service.volume.iter().filter(|(_, volume)| volume.from.is_none()) {
            let called = names::volume(name, path, volume);
            match taken.get(&called) {
                Some(other) if !(other.shared && volume.shared) => {
                    let message = format!("two paths lead to one volume, `{called}`");
                    problems.push(
                        Diagnostic::error(codes::DUPLICATE_NAME, message)
                            .at(volume.label.span, "this one")
                            .also(other.label.span, "the other one")
                            .help("give one a `name` of its own, or write `shared = true` in both where they may"),
                    );
                }
                _ => {
                    taken.insert(called, volume);
                }
            }
        }
    }
    problems
}
