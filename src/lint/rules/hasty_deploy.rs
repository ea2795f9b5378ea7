//! A deployment that is stopped before the health of what it deploys can be known.

use crate::diagnostic::{Level, codes};
use crate::model::{Health, PipelineJob};
use crate::schema::Duration;
use crate::source::Span;

use crate::lint::{Family, Findings, Rule, Scene, place::Subject};

pub(super) const RULE: Rule =
    Rule { code: codes::HASTY_DEPLOY, family: Family::Pipelines, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for (name, pipeline) in &scene.plan.pipelines {
        for job in pipeline.job.values() {
            let Some(deploy) = &job.deploy else { continue };
            let environments = scene.plan.environments.iter();
            let Some(environment) = environments.into_iter().find(|known| known.model.name == deploy.0)
            else {
                continue;
            };
            for (service, model) in &environment.model.services {
                let deadline = model.rollout.as_ref().map(|rollout| rollout.deadline);
                let health = model.health.as_ref().map_or(Duration(0), Health::budget);
                let needed = deadline.unwrap_or(Duration(0)).max(health);
                if needed <= job.timeout {
                    continue;
                }
                let message = format!(
                    "`{}` is stopped after {}, but `{service}` may take {needed} to be ready",
                    job.label.value, job.timeout
                );
                let place = match (&model.rollout, &model.health) {
                    (Some(rollout), _) if rollout.deadline >= health => {
                        rollout.origins.field("deadline").span
                    }
                    (_, Some(health)) => health.origins.block,
                    _ => model.label.span,
                };
                let problem = findings
                    .problem(message)
                    .at(timeout_span(job), "stopped after this time")
                    .also(place, "may take this long")
                    .help(format!("set `timeout` of `{}` to more than {needed}", job.label.value));
                findings.add(Subject::shared("pipeline", name), problem);
            }
        }
    }
}

/// Where the time was written; the job's name where it has its default.
fn timeout_span(job: &PipelineJob) -> Span {
    if job.origins.is_set("timeout") { job.origins.field("timeout").span } else { job.label.span }
}
