//! A job for a branch on which its pipeline never starts: it never runs.

use crate::diagnostic::{Level, codes, suggest};
use crate::schema::Trigger;
use std::sync::Arc;

use crate::lint::{Family, Findings, Rule, Scene, place::Subject};

pub(super) const RULE: Rule =
    Rule { code: codes::UNPUSHED_BRANCH, family: Family::Pipelines, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for (name, pipeline) in &scene.plan.pipelines {
        let pushes = pipeline.on.iter().filter_map(|trigger| match trigger {
            Trigger::Push(branches) => Some(branches),
            _ => None,
        });
        let pushes: Vec<&Vec<Arc<str>>> = pushes.collect();
        if pushes.iter().any(|branches| branches.is_empty()) {
            continue;
        }
        let known: Vec<&str> =
            pushes.iter().flat_map(|branches| branches.iter()).map(|branch| &**branch).collect();
        for job in pipeline.job.values() {
            for branch in
                job.branches.iter().filter(|branch| !known.iter().any(|pattern| matches(pattern, branch)))
            {
                let message = format!(
                    "`{}` waits for pushes to `{}`, but `{name}` starts on none",
                    job.label.value, &**branch
                );
                let known = suggest::candidates_text(known.iter().copied());
                let problem = findings
                    .problem(message)
                    .at(job.origins.field("branches").span, "never happens")
                    .also(pipeline.origins.field("on").span, format!("pushes to {known}"))
                    .help("name the branch in `push(…)` as well");
                findings.add(Subject::shared("pipeline", name), problem);
            }
        }
    }
}

/// Whether a branch fits a pattern; a star stands for anything here, which is more than it does for the CI system.
fn matches(pattern: &str, branch: &str) -> bool {
    match pattern.split_once('*') {
        Some((before, _)) => branch.starts_with(before),
        None => pattern == branch,
    }
}
