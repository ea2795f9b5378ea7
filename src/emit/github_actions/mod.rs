//! GitHub Actions: one workflow per pipeline, least permissions per job, actions pinned to commits. Must not put
//! text from the source into an expression, nor an expression into a script.

mod actions;
mod build;
mod defaults;
mod deploy;
mod document;
mod matrix;
mod quality;
mod registry;
mod ssh;
mod test;

use indexmap::IndexMap;

use super::{Emitted, Emitter, Fields, HEADER};
use crate::model::{Pipeline, PipelineJob};
use crate::plan::{EnvironmentPlan, Plan};
use crate::print::outline::Syntax;
use crate::print::yaml::{self, Above, Commented, Placed, Spaced};
use crate::schema::Trigger;

use build::is_open_pattern;
use document::{Concurrency, Empty, Job, On, Schedule, Workflow};

/// GitHub Actions.
#[derive(Debug)]
pub struct GithubActions;

/// Which settings of a pipeline or its jobs stand below which keys.
const FIELDS: Fields = Fields {
    syntax: Syntax::Yaml,
    table: &[
        ("name", "title"),
        ("on", "on"),
        ("needs", "after"),
        ("timeout-minutes", "timeout"),
        ("env.*", "env.*"),
        ("strategy.matrix", "matrix"),
    ],
};

/// What a workflow is made from.
struct Context<'a> {
    plan: &'a Plan,
    pipeline: &'a Pipeline,
    /// The environment whose services run beside tests: the first.
    environment: Option<&'a EnvironmentPlan>,
}

impl Emitter for GithubActions {
    fn name(&self) -> &'static str {
        "github-actions"
    }

    fn summary(&self) -> &'static str {
        "one workflow per pipeline"
    }

    fn fields(&self) -> Option<&'static Fields> {
        Some(&FIELDS)
    }

    fn emit(&self, plan: &Plan, out: &mut Emitted) {
        for (name, pipeline) in &plan.pipelines {
            let context = Context { plan, pipeline, environment: plan.environments.first() };
            let workflow = context.workflow(name, out);
            let path = format!(".github/workflows/{name}.yml");
            out.yaml(&path, yaml::print(HEADER, &workflow), pipeline.label.span);
        }
    }
}

/// A permission, its level and why it is needed.
fn permission(
    scope: &'static str,
    level: &'static str,
    why: &str,
) -> (&'static str, Commented<&'static str>) {
    (scope, Commented::new(why, level))
}

impl Context<'_> {
    fn workflow(&self, name: &str, out: &mut Emitted) -> Workflow {
        let mut jobs = IndexMap::new();
        self.report_patterns(out);
        for (label, job) in &self.pipeline.job {
            let placed = |made: Job| Placed::new(job.label.span, Spaced(made));
            if let Some(environment) =
                job.deploy.as_ref().and_then(|deploy| self.environment_of(&deploy.value.0))
            {
                jobs.insert(label.to_string(), placed(self.deploy(label, job, environment, out)));
            } else if job.all || !job.images.is_empty() {
                let changes = format!("{label}-changes");
                jobs.insert(changes.clone(), placed(self.changes(label, job)));
                jobs.insert(label.to_string(), placed(self.build(label, job, &changes, out)));
            } else {
                jobs.insert(label.to_string(), placed(self.test(label, job, out)));
            }
        }
        Workflow {
            name: self.pipeline.title.as_ref().map_or_else(|| name.to_owned(), |title| title.to_string()),
            on: Spaced(self.triggers()),
            permissions: Spaced(Above::new("Every job asks for what it needs.", Empty {})),
            concurrency: Spaced(self.concurrency()),
            jobs: Spaced(jobs),
        }
    }

    /// Patterns of branches that no condition of a job can repeat: the job would never run.
    fn report_patterns(&self, out: &mut Emitted) {
        let jobs = self
            .pipeline
            .job
            .values()
            .filter(|job| job.deploy.is_some() || job.all || !job.images.is_empty());
        for job in jobs {
            let branches = self.branches(job);
            for branch in branches.iter().filter(|branch| is_open_pattern(branch)) {
                let what =
                    format!("the pattern `{branch}` in the condition of the job `{}`", job.label.value);
                let instead = "name the branches in `branches`, or end the pattern with `**`";
                out.unsupported("github-actions", &what, job.label.span, instead);
            }
        }
    }

    /// Without pull requests there is nothing that a newer run replaces.
    fn concurrency(&self) -> Above<Concurrency> {
        let has_requests = self.pipeline.on.iter().any(|trigger| matches!(trigger, Trigger::PullRequest(_)));
        let (comment, group) = if has_requests {
            (
                "A new push to a pull request replaces the run before; pushes to branches never cancel each other.",
                "${{ github.workflow }}-${{ github.event.pull_request.number || github.run_id }}",
            )
        } else {
            ("Runs never cancel each other.", "${{ github.workflow }}-${{ github.run_id }}")
        };
        Above::new(comment, Concurrency { group: group.to_owned(), cancel_in_progress: has_requests })
    }

    fn environment_of(&self, name: &str) -> Option<&EnvironmentPlan> {
        self.plan.environments.iter().find(|environment| environment.name() == name)
    }

    fn triggers(&self) -> On {
        let mut on = On::default();
        let strings =
            |names: &[std::sync::Arc<str>]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        for trigger in &self.pipeline.on {
            match trigger {
                Trigger::Push(branches) => on.push.get_or_insert_default().branches.extend(strings(branches)),
                Trigger::Tag(tags) => on.push.get_or_insert_default().tags.extend(strings(tags)),
                Trigger::PullRequest(branches) => {
                    on.pull_request.get_or_insert_default().branches.extend(strings(branches));
                }
                Trigger::Schedule(cron) => on.schedule.push(Schedule { cron: cron.to_string() }),
                Trigger::Manual => on.workflow_dispatch = Some(Empty {}),
            }
        }
        on
    }

    /// What all jobs have.
    fn job(&self, name: &str, job: &PipelineJob) -> Job {
        let title = job.doc.as_deref().and_then(|doc| doc.lines().next()).unwrap_or(name);
        Job {
            name: title.trim_end_matches('.').to_owned(),
            needs: job.after.iter().map(|job| job.0.to_string()).collect(),
            runs_on: self.runner(),
            timeout_minutes: job.timeout.as_seconds().div_ceil(60),
            ..Job::default()
        }
    }

    fn runner(&self) -> String {
        let chosen = self.pipeline.runner.as_ref();
        chosen.map_or_else(|| defaults::defaults().runner.clone(), |runner| runner.to_string())
    }

    /// The common prefix of the images' repositories.
    fn repository(&self) -> String {
        match &self.plan.project.registry {
            Some(registry) => registry.to_string(),
            None => self.plan.project.name.to_string(),
        }
    }
}
