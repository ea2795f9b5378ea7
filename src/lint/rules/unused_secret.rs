//! A secret that nothing reads in any environment: people keep a value for it that nobody needs, or something was meant to
//! read it and does not. Says nothing about a part of the environments.

use crate::diagnostic::{Level, codes};
use std::collections::BTreeSet;

use crate::lint::{Family, Findings, Rule, Scene, place::Subject};

pub(super) const RULE: Rule =
    Rule { code: codes::UNUSED_SECRET, family: Family::Secrets, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    if !scene.is_whole {
        return;
    }
    let environments = || scene.plan.environments.iter().map(|environment| &environment.model);
    let used: BTreeSet<_> = environments().flat_map(|environment| &environment.read_secrets).collect();
    for environment in environments() {
        for (name, secret) in environment.secrets.iter().filter(|(name, _)| !used.contains(name)) {
            let problem = findings
                .problem(format!("nothing reads the secret `{name}`"))
                .at(secret.label.span, "declared here")
                .help(format!(
                    "remove it, or hand it over: `env {{ NAME = secret.{} }}`",
                    secret.label.value
                ));
            findings.add(Subject::shared("secret", name), problem);
        }
    }
}
