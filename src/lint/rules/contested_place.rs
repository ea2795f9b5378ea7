//! Two environments that pipelines deploy, and that want one place: one name of the world, or one port of one machine.

use std::collections::BTreeSet;

use crate::diagnostic::{Level, codes};
use crate::model::{Ingress, Mode, PipelineJob};
use crate::plan::EnvironmentPlan;
use crate::source::Span;

use crate::lint::{Family, Findings, Rule, Scene, address::is_loopback, place::Subject};

pub(super) const RULE: Rule =
    Rule { code: codes::CONTESTED_PLACE, family: Family::Pipelines, level: Level::Warning, check };

/// An environment and the job that deploys it.
#[derive(Clone, Copy)]
struct Deployed<'a> {
    environment: &'a EnvironmentPlan,
    job: &'a PipelineJob,
    span: Span,
}

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    let deployed = deployed(scene);
    for (index, one) in deployed.iter().enumerate() {
        for other in deployed.iter().take(index) {
            let (message, help) = if let Some(host) = name(one.environment, other.environment) {
                let (first, second) = (other.environment.name(), one.environment.name());
                (
                    format!("`{first}` and `{second}` are both deployed, and both serve `{host}`"),
                    "give each a name of its own: `param domain: Host`, which each environment sets",
                )
            } else if let Some((machine, port)) = port(*one, *other) {
                let (first, second) = (other.environment.name(), one.environment.name());
                (
                    format!("`{first}` and `{second}` both want port {port} of `{machine}`"),
                    "deploy one of them to another machine, or set `http` and `https` of its `target compose`",
                )
            } else {
                continue;
            };
            let problem = findings
                .problem(message)
                .at(one.span, "deployed here")
                .also(other.span, "deployed here too")
                .help(help);
            findings.add(
                Subject::new(&one.environment.model, "environment", &one.environment.model.name),
                problem,
            );
        }
    }
}

/// What pipelines deploy for others than developers, each environment once.
fn deployed<'a>(scene: &Scene<'a>) -> Vec<Deployed<'a>> {
    let mut found: Vec<Deployed<'a>> = Vec::new();
    for job in scene.plan.pipelines.values().flat_map(|pipeline| pipeline.job.values()) {
        let Some(deploy) = &job.deploy else { continue };
        let mut environments = scene.plan.environments.iter();
        let environment = environments.find(|known| known.model.name == deploy.value.0);
        let is_known = |name: &str| found.iter().any(|known| known.environment.name() == name);
        if let Some(environment) = environment
            && environment.model.block.mode != Mode::Development
            && !is_known(environment.name())
        {
            found.push(Deployed { environment, job, span: deploy.origin.span });
        }
    }
    found
}

/// A public name that both serve.
fn name<'a>(one: &'a EnvironmentPlan, other: &'a EnvironmentPlan) -> Option<&'a str> {
    let names = |environment: &'a EnvironmentPlan| {
        let hosts =
            environment.model.ingresses.values().flat_map(|it| std::iter::once(&it.host).chain(&it.aliases));
        hosts.map(|host| &**host).filter(|host| !is_loopback(host)).collect::<BTreeSet<&str>>()
    };
    let others = names(other);
    names(one).into_iter().find(|host| others.contains(host))
}

/// The machine to which both are deployed, and a port of it that both publish.
fn port<'a>(one: Deployed<'a>, other: Deployed<'a>) -> Option<(&'a str, u16)> {
    let machine = machine(one.job).filter(|host| machine(other.job) == Some(*host))?;
    let others = ports(other.environment);
    Some((machine, ports(one.environment).into_iter().find(|port| others.contains(port))?))
}

/// The machine of a deployment, where its name is written: a secret may be another one in each environment.
fn machine(job: &PipelineJob) -> Option<&str> {
    job.via.as_ref()?.host.as_ref()?.as_literal()
}

/// The ports of the machine that an environment publishes.
fn ports(environment: &EnvironmentPlan) -> BTreeSet<u16> {
    let Some(target) = environment.model.compose() else { return BTreeSet::new() };
    let services = || environment.model.services.values();
    let published = services().flat_map(|service| service.publish.values().map(|port| port.value.0));
    let has_door = services().any(|service| service.proxy.is_some());
    let is_encrypted = environment.model.ingresses.values().any(Ingress::ends_encryption);
    let door = has_door.then_some(target.http.0).into_iter();
    let secure = (has_door && is_encrypted).then_some(target.https.0);
    published.chain(door).chain(secure).collect()
}
