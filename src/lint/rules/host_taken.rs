//! Two ingresses of one environment with one host: only one of them would answer.

use crate::diagnostic::{Level, codes};
use crate::source::Span;
use std::collections::BTreeMap;

use crate::lint::{Family, Findings, Rule, Scene, place::Subject};

pub(super) const RULE: Rule =
    Rule { code: codes::HOST_TAKEN, family: Family::Edge, level: Level::Error, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for environment in &scene.plan.environments {
        let mut taken: BTreeMap<&str, (&str, Span)> = BTreeMap::new();
        for (name, ingress) in &environment.model.ingresses {
            let own = (&*ingress.host, ingress.origins.field("host").span);
            let aliases = ingress.origins.field("aliases").span;
            let all = std::iter::once(own).chain(ingress.aliases.iter().map(|host| (&**host, aliases)));
            for (host, span) in all {
                let Some((other, before)) = taken.get(host) else {
                    taken.insert(host, (name, span));
                    continue;
                };
                let message = if *other == &**name {
                    format!("`{name}` names the host `{host}` twice")
                } else {
                    format!("`{name}` and `{other}` both serve `{host}`")
                };
                let problem = findings
                    .problem(message)
                    .at(span, "second use")
                    .also(*before, "first use")
                    .help("put the routes into one ingress, or give each a host of its own");
                findings.add(Subject::new(&environment.model, "ingress", name), problem);
            }
        }
    }
}
