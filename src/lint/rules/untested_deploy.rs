//! A deployment that does not wait for what the same pipeline tests or scans: a red run deploys.

use crate::diagnostic::{Level, codes};
use crate::model::{Mode, PipelineJob};

use super::early_deploy::{also_after, before};
use crate::lint::{Family, Findings, Rule, Scene, place::Subject};

pub(super) const RULE: Rule =
    Rule { code: codes::UNTESTED_DEPLOY, family: Family::Pipelines, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    let is_production = |name: &str| {
        let mut environments = scene.plan.environments.iter();
        environments.any(|known| known.name() == name && known.model.block.mode == Mode::Production)
    };
    for (name, pipeline) in &scene.plan.pipelines {
        for job in pipeline.job.values() {
            // Without `after`, a deployment follows all jobs before it.
            let Some(deploy) = job.deploy.as_ref().filter(|_| job.origins.is_set("after")) else { continue };
            let passed = before(pipeline, job);
            let missed = pipeline.job.values().find(|other| {
                let label = &other.label.value;
                is_test(other)
                    && !passed.contains(&**label)
                    && !before(pipeline, other).contains(&*job.label.value)
            });
            let Some(missed) = missed.filter(|_| is_production(&deploy.value.0)) else { continue };
            let (late, early) = (&missed.label.value, &job.label.value);
            let problem = findings
                .problem(format!("`{early}` deploys `{}` whether `{late}` passes or not", deploy.value.0))
                .at(job.origins.field("after").span, format!("does not lead to `{late}`"))
                .also(missed.label.span, "decides nothing")
                .help(format!(
                    "add `{late}` to `after`, or leave `after` out: then all jobs before it must have passed"
                ))
                .safe_fix(format!("wait for `{late}`"), vec![also_after(job, late)]);
            findings.add(Subject::shared("pipeline", name), problem);
        }
    }
}

/// Whether a job does nothing but look: it runs commands at every start of the pipeline.
fn is_test(job: &PipelineJob) -> bool {
    let builds = job.all || !job.images.is_empty();
    !builds
        && job.deploy.is_none()
        && job.branches.is_empty()
        && !(job.run.is_empty() && job.steps.is_empty())
}
