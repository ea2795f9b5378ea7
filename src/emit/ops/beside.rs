//! Releases beside the old version in a cluster, as words of the script. Must not decide how a service is released:
//! `release` does.

use std::sync::Arc;

use indexmap::IndexSet;
use serde::Serialize;

use crate::emit::kubernetes::naming;
use crate::emit::release::beside;
use crate::emit::spell::dns;
use crate::model::RolloutKind;
use crate::plan::EnvironmentPlan;
use crate::text::{ShellWord, Unwritable};

/// A service and the function that releases it with its arguments.
#[derive(Debug, Serialize)]
pub(super) struct Beside {
    service: ShellWord,
    /// Name of the objects of its next version.
    next: ShellWord,
    /// What it waits for, and what that waits for, in start order.
    needs: Vec<ShellWord>,
    words: Vec<ShellWord>,
    /// The objects from which the jobs are made that must pass.
    pub(super) verify: Vec<ShellWord>,
    pub(super) is_canary: bool,
}

/// The releases beside the old version, in start order.
pub(super) fn all(environment: &EnvironmentPlan) -> Result<Vec<Beside>, Unwritable> {
    environment.order.iter().filter_map(|name| lower(environment, name)).collect()
}

/// What a service waits for in a cluster, and what that waits for, in start order.
fn needs<'a>(environment: &'a EnvironmentPlan, name: &str) -> impl Iterator<Item = &'a str> {
    let mut needed: IndexSet<&Arc<str>> = environment.waits_for(name).into_iter().collect();
    let mut index = 0;
    while let Some(name) = needed.get_index(index).copied() {
        needed.extend(environment.waits_for(name));
        index += 1;
    }
    let services = &environment.model.services;
    let runs = move |name: &&Arc<str>| services.get(*name).is_some_and(|service| service.runs_in_cluster());
    environment.order.iter().filter(move |name| needed.contains(name)).filter(runs).map(|name| &**name)
}

fn lower(environment: &EnvironmentPlan, name: &str) -> Option<Result<Beside, Unwritable>> {
    let service = environment.model.services.get(name).filter(|service| service.runs_in_cluster())?;
    let rollout = beside(service)?;
    let is_canary = rollout.kind() == RolloutKind::Canary;
    let time = if is_canary { rollout.wait } else { rollout.bake };
    let mut words =
        vec![if is_canary { "canary" } else { "blue_green" }.to_owned(), time.as_seconds().to_string()];
    let shares = rollout.steps.iter().filter(|share| is_canary && (1..10_000).contains(&share.0));
    words.extend(shares.map(|share| share.0.to_string()));
    let schedule = |job: &str| naming::schedule(&naming::joined(&[name, job]));
    let bare =
        |words: Vec<String>| words.iter().map(|word| ShellWord::bare(word)).collect::<Result<Vec<_>, _>>();
    let verify = rollout.verify.iter().map(|job| schedule(job)).collect();
    Some(bare(words).and_then(|words| {
        Ok(Beside {
            service: ShellWord::bare(&dns(name))?,
            next: ShellWord::bare(&naming::joined(&[name, "next"]))?,
            needs: needs(environment, name)
                .map(|name| ShellWord::bare(&dns(name)))
                .collect::<Result<_, _>>()?,
            words,
            verify: bare(verify)?,
            is_canary,
        })
    }))
}
