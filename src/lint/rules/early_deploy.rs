//! A deployment beside the job that builds its images: it may run before they exist and would take older ones.

use crate::diagnostic::{Edit, Level, codes};
use crate::model::{Pipeline, PipelineJob};
use std::collections::BTreeSet;

use crate::lint::{Family, Findings, Rule, Scene, place::Subject};

pub(super) const RULE: Rule =
    Rule { code: codes::EARLY_DEPLOY, family: Family::Pipelines, level: Level::Error, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for (name, pipeline) in &scene.plan.pipelines {
        for job in pipeline.job.values() {
            // Without `after`, a deployment follows all jobs before it.
            let Some(deploy) = job.deploy.as_ref().filter(|_| job.origins.is_set("after")) else { continue };
            let before = before(pipeline, job);
            let builds = |job: &&PipelineJob| job.all || !job.images.is_empty();
            let Some(build) = pipeline.job.values().find(builds) else { continue };
            if pipeline.job.values().filter(builds).any(|build| before.contains(&*build.label.value)) {
                continue;
            }
            let (late, early) = (&build.label.value, &job.label.value);
            let problem = findings
                .problem(format!(
                    "`{early}` deploys `{}` without waiting for `{late}`, which builds its images",
                    deploy.0
                ))
                .at(job.origins.field("after").span, format!("does not lead to `{late}`"))
                .also(build.label.span, "builds the images")
                .help(format!("add `{late}` to `after`"))
                .safe_fix(format!("wait for `{late}`"), vec![also_after(job, late)]);
            findings.add(Subject::shared("pipeline", name), problem);
        }
    }
}

/// The edit with which a job waits for one more.
pub(super) fn also_after(job: &PipelineJob, late: &str) -> Edit {
    let known = job.after.iter().map(|earlier| &*earlier.0);
    let all: Vec<&str> = known.chain([late]).collect();
    Edit { span: job.origins.field("after").span, text: format!("[{}]", all.join(", ")) }
}

/// The names of the jobs that have passed when this one starts.
pub(super) fn before<'a>(pipeline: &'a Pipeline, job: &'a PipelineJob) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut open = vec![job];
    while let Some(next) = open.pop() {
        for earlier in &next.after {
            if found.insert(&*earlier.0) {
                open.extend(pipeline.job.get(&earlier.0));
            }
        }
    }
    found
}
