//! The secrets of an environment as files beside its script. Must never hold a value.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::emit::env::{days_to_rotate, variable};
use crate::model::Charset;
use crate::plan::{Delivered, EnvironmentPlan, Plan};
use crate::text::{ShellWord, Unwritable};

/// A file in `secrets/`.
#[derive(Debug, Serialize)]
pub(super) struct SecretFile {
    name: ShellWord,
    /// Whether the script may make its value up.
    generate: bool,
    alphabet: &'static str,
    length: u32,
    /// Days after which it is old.
    days: Option<u64>,
}

/// A secret that Compose puts into a variable.
#[derive(Debug, Serialize)]
pub(super) struct SecretVariable {
    name: ShellWord,
    variable: ShellWord,
}

/// All files that containers and builds of the environment need, sorted.
pub(super) fn files(plan: &Plan, environment: &EnvironmentPlan) -> Result<Vec<SecretFile>, Unwritable> {
    let mut names: BTreeSet<&str> = in_variables(environment);
    names.extend(plan.build_secrets(environment).map(|name| &**name));
    for service in environment.services.values() {
        let tasks = service
            .jobs
            .values()
            .chain(&service.backup)
            .chain(&service.offsite)
            .flat_map(|task| &task.secrets);
        names.extend(service.secrets.iter().chain(tasks).map(|name| &**name));
    }
    let known = names.into_iter().filter_map(|name| Some((name, environment.model.secrets.get(name)?)));
    known
        .map(|(name, secret)| {
            let alphabet = if secret.charset == Charset::Hex { "hex" } else { "url_safe" };
            Ok(SecretFile {
                name: ShellWord::bare(name)?,
                generate: secret.generate,
                alphabet,
                length: secret.length,
                days: days_to_rotate(secret),
            })
        })
        .collect()
}

/// The secrets that have no other way than a variable, sorted.
pub(super) fn variables(environment: &EnvironmentPlan) -> Result<Vec<SecretVariable>, Unwritable> {
    let names = in_variables(environment).into_iter();
    names
        .map(|name| {
            Ok(SecretVariable { name: ShellWord::bare(name)?, variable: ShellWord::bare(&variable(name))? })
        })
        .collect()
}

fn in_variables(environment: &EnvironmentPlan) -> BTreeSet<&str> {
    let services = environment.services.values();
    let delivered = services.flat_map(|service| {
        let jobs = service.jobs.values().flat_map(|task| &task.variables);
        service.variables.iter().chain(jobs)
    });
    let mut found = BTreeSet::new();
    for item in delivered {
        if let Delivered::Variable(text) = &item.value {
            found.extend(text.secrets().map(|name| &**name));
        }
    }
    found
}
