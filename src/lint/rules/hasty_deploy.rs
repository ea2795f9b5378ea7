//! A deployment that is stopped before the health of what it deploys can be known.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Edit, Level, codes};
use crate::model::{Health, JobTime, PipelineJob, Service};
use crate::plan::EnvironmentPlan;
use crate::schema::Duration;
use crate::source::Span;

use crate::lint::{Family, Findings, Rule, Scene, place::Subject};

pub(super) const RULE: Rule =
    Rule { code: codes::HASTY_DEPLOY, family: Family::Pipelines, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for (name, pipeline) in &scene.plan.pipelines {
        for job in pipeline.job.values() {
            let Some(deploy) = &job.deploy else { continue };
            let mut environments = scene.plan.environments.iter();
            let environment = environments.find(|known| known.model.name == deploy.0);
            if let Some(problem) = environment.and_then(|environment| look(environment, job, findings)) {
                findings.add(Subject::shared("pipeline", name), problem);
            }
        }
    }
}

/// The first service that may take too long: those that wait for it are late for the same reason.
fn look(environment: &EnvironmentPlan, job: &PipelineJob, findings: &Findings) -> Option<Diagnostic> {
    // When each service is ready at the latest: those that it waits for come before it.
    let mut ready: BTreeMap<&str, Duration> = BTreeMap::new();
    for service in &environment.order {
        let Some(model) = environment.model.services.get(service) else { continue };
        let waited = environment.waits_for(service).into_iter();
        let waited = waited.filter_map(|other| Some((ready.get(&**other).copied()?, other))).max();
        let health = model.health.as_deref().map_or(Duration(0), Health::budget);
        let start = waited.map_or(health, |(before, _)| plus(before, health));
        ready.insert(service, start);
        let deadline = model.rollout.as_ref().map_or(Duration(0), |rollout| rollout.deadline);
        let needed = round(plus(jobs_before(model), start.max(deadline)));
        if needed <= job.timeout {
            continue;
        }
        let problem = findings
            .problem(format!(
                "`{}` is stopped after {}, but `{service}` may take {needed} to be ready",
                job.label.value, job.timeout
            ))
            .at(timeout_span(job), "stopped after this time")
            .also(longest(model, health, deadline), "may take this long");
        let problem = match waited {
            Some((before, other)) if before > Duration(0) && deadline < start => {
                match environment.model.services.get(other) {
                    Some(other) => {
                        problem.also(other.label.span, format!("ready before it, after up to {before}"))
                    }
                    None => problem,
                }
            }
            _ => problem,
        };
        let enough = plus(needed, Duration::minutes(5));
        let problem = problem.help(format!("set `timeout` of `{}` to more than {needed}", job.label.value));
        if !job.origins.is_set("timeout") {
            return Some(problem);
        }
        let edit = Edit { span: timeout_span(job), text: enough.to_string() };
        return Some(problem.safe_fix(format!("give it {enough}"), vec![edit]));
    }
    None
}

/// In whole minutes, so that people can read it.
fn round(time: Duration) -> Duration {
    Duration::minutes(time.as_seconds().div_ceil(60))
}

fn plus(one: Duration, other: Duration) -> Duration {
    Duration(one.0.saturating_add(other.0))
}

/// How long the jobs before a rollout may take.
fn jobs_before(service: &Service) -> Duration {
    let jobs = service.job.values().filter(|job| job.when == JobTime::BeforeRollout);
    jobs.fold(Duration(0), |sum, job| plus(sum, job.timeout))
}

/// What takes the longest.
fn longest(service: &Service, health: Duration, deadline: Duration) -> Span {
    let job =
        service.job.values().filter(|job| job.when == JobTime::BeforeRollout).max_by_key(|job| job.timeout);
    match (job, &service.rollout, &service.health) {
        (Some(job), _, _) if job.timeout > health.max(deadline) => job.label.span,
        (_, Some(rollout), _) if deadline >= health => rollout.origins.field("deadline").span,
        (_, _, Some(health)) => health.origins.block,
        _ => service.label.span,
    }
}

/// Where the time was written; the job's name where it has its default.
fn timeout_span(job: &PipelineJob) -> Span {
    job.origins.written("timeout").unwrap_or(job.label.span)
}
