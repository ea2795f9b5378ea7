//! An image that is deployed and that no job builds: its digest cannot be found.

use crate::diagnostic::{Level, codes};
use std::collections::BTreeSet;

use crate::lint::{Family, Findings, Rule, Scene, place::Subject};

pub(super) const RULE: Rule =
    Rule { code: codes::UNBUILT_IMAGE, family: Family::Pipelines, level: Level::Error, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    let plan = scene.plan;
    let jobs = || plan.pipelines.values().flat_map(|pipeline| pipeline.job.values());
    let built: BTreeSet<&str> = jobs().flat_map(|job| &job.images).map(|service| &*service.name).collect();
    // A project may build elsewhere; one that builds some images here has forgotten the others.
    if built.is_empty() || jobs().any(|job| job.all) {
        return;
    }
    for job in jobs() {
        let Some(deploy) = &job.deploy else { continue };
        let Some(environment) = plan.environments.iter().find(|known| known.model.name == deploy.0) else {
            continue;
        };
        for (name, service) in &environment.services {
            if plan.built(service).is_none() || built.contains(&**name) {
                continue;
            }
            let Some(model) = environment.model.services.get(name) else { continue };
            let mut problem = findings
                .problem(format!("`{}` deploys `{name}`, whose image no job builds", job.label.value))
                .at(deploy.origin.span, "deployed here")
                .also(model.label.span, "has a `build`");
            for job in jobs().filter(|job| !job.images.is_empty()) {
                problem = problem.also(job.origins.field("images").span, "builds only these");
            }
            let problem = problem.help(format!("add `{name}` to `images`, or write `all = true` instead"));
            findings.add(Subject::new(&environment.model, "service", name), problem);
        }
    }
}
