//! What the jobs of a pipeline wait for, and what each of them is. Must not spell a CI system's syntax.

use std::sync::Arc;

use indexmap::IndexMap;

use super::graph::{self, Story, Wait};
use crate::diagnostic::{Diagnostic, codes};
use crate::model::{Pipeline, PipelineJob, Project};
use crate::schema::JobRef;

const STORY: Story = Story {
    what: "these jobs wait for each other",
    help: |_| "remove one of these entries of `after`".to_owned(),
};

/// Settles what jobs wait for, and finds the mistakes.
pub(super) fn settle(pipelines: &mut IndexMap<Arc<str>, Pipeline>, project: &Project) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for pipeline in pipelines.values_mut() {
        follow(pipeline);
        problems.extend(cycles(pipeline));
        problems
            .extend(pipeline.job.values().flat_map(|job| purpose(job).into_iter().chain(ways(job, project))));
    }
    problems
}

/// What builds or deploys waits for all jobs before it, where it does not say what it waits for.
fn follow(pipeline: &mut Pipeline) {
    let mut before: Vec<JobRef> = Vec::new();
    for (name, job) in &mut pipeline.job {
        if !job.origins.is_set("after") && (builds(job) || job.deploy.is_some()) {
            job.after.clone_from(&before);
        }
        before.push(JobRef(name.clone()));
    }
}

fn builds(job: &PipelineJob) -> bool {
    job.all || !job.images.is_empty()
}

fn cycles(pipeline: &Pipeline) -> Vec<Diagnostic> {
    let names: Vec<Arc<str>> = pipeline.job.keys().cloned().collect();
    let waits = pipeline.job.values().enumerate().flat_map(|(from, job)| {
        let span = job.origins.field("after").span;
        let to = job.after.iter().filter_map(|job| pipeline.job.get_index_of(&job.0));
        to.map(move |to| Wait { from, to, span })
    });
    graph::order(&names, &waits.collect::<Vec<_>>(), &STORY).err().unwrap_or_default()
}

/// A job does one thing: it runs commands, builds images, or deploys.
fn purpose(job: &PipelineJob) -> Option<Diagnostic> {
    let name = &job.label.value;
    let found: Vec<&str> = [
        ("`run`", !job.run.is_empty() || !job.steps.is_empty()),
        ("`images`", builds(job)),
        ("`deploy`", job.deploy.is_some()),
    ]
    .into_iter()
    .filter_map(|(word, is_there)| is_there.then_some(word))
    .collect();
    match *found {
        [_] => None,
        [] => Some(
            Diagnostic::error(codes::MISSING_FIELD, format!("the job `{name}` does nothing"))
                .at(job.label.span, "expected `run`, `images` or `deploy`")
                .help("write what it runs: `run = [\"make test\"]`"),
        ),
        _ => Some(
            Diagnostic::error(codes::INVALID_VALUE, format!("the job `{name}` has {}", found.join(" and ")))
                .at(job.label.span, "expected one of them")
                .help("make a job of each; what builds or deploys waits for the jobs before it"),
        ),
    }
}

/// What a job needs to reach the place where its result goes.
fn ways(job: &PipelineJob, project: &Project) -> Option<Diagnostic> {
    let name = &job.label.value;
    if builds(job) && project.registry.is_none() {
        let message = format!("the images of the job `{name}` have no registry to go to");
        return Some(
            Diagnostic::error(codes::MISSING_FIELD, message)
                .at(job.label.span, "pushes images")
                .help("write `registry = \"ghcr.io/OWNER/NAME\"` in stackc.toml"),
        );
    }
    let deploy = job.deploy.as_ref().filter(|_| job.via.is_none())?;
    let message = format!("the job `{name}` has no way to reach `{}`", deploy.value.0);
    Some(
        Diagnostic::error(codes::MISSING_FIELD, message)
            .at(deploy.origin.span, "deployed without `via`")
            .help("add `via kubectl { credentials = secret.… }` or `via ssh { … }`"),
    )
}
