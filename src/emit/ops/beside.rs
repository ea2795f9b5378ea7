//! Releases beside the old version in a cluster, as words of the script. Must not decide how a service is released:
//! `release` does.

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
    words: Vec<ShellWord>,
    /// The objects from which the jobs are made that must pass.
    pub(super) verify: Vec<ShellWord>,
    pub(super) is_canary: bool,
}

/// The releases beside the old version, in start order.
pub(super) fn all(environment: &EnvironmentPlan) -> Result<Vec<Beside>, Unwritable> {
    environment.order.iter().filter_map(|name| lower(environment, name)).collect()
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
            words,
            verify: bare(verify)?,
            is_canary,
        })
    }))
}
