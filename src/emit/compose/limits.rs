//! What Compose cannot do as it is said, service by service. Must not change what is emitted.

use crate::emit::Emitted;
use crate::emit::backup::offsite_gap;
use crate::emit::release::{Obstacle, judge, release};
use crate::model::{JobTime, Service};
use crate::plan::EnvironmentPlan;
use crate::schema::Layer;

/// Reports the facts of a service that its container does not have.
pub(super) fn report(environment: &EnvironmentPlan, service: &Service, out: &mut Emitted) {
    let name = &service.label.value;
    if let Some(scale) = &service.scale {
        let what = format!("the autoscaling of `{name}`");
        let instead = format!(
            "it runs `min = {}` instances; scale by hand with `docker compose up --scale`",
            scale.min
        );
        out.unsupported("compose", &what, scale.origins.block, &instead);
    }
    if let Err(Obstacle { what, span, instead }) = release(environment, name) {
        out.unsupported("compose", &what, span, instead);
    }
    aborted(environment, service, out);
    if let Some(stop) = service.stop.as_ref().filter(|stop| stop.origins.is_set("drain")) {
        let what = format!("`stop.drain` of `{name}`");
        let instead = "remove it: on one machine nothing takes a container out of a balance first";
        out.unsupported("compose", &what, stop.origins.field("drain").span, instead);
    }
    tasks(service, out);
}

/// Conditions that end a release, where nobody can say whether they hold.
fn aborted(environment: &EnvironmentPlan, service: &Service, out: &mut Emitted) {
    let Some(rollout) = service.rollout.as_ref().filter(|rollout| !rollout.abort.is_empty()) else { return };
    let instead = "add a service that observes metrics, or ask in a job of `verify`";
    let what = format!("`rollout.abort` of `{}` where nothing observes metrics", service.label.value);
    if judge(environment).is_none() {
        out.unsupported("compose", &what, rollout.origins.field("abort").span, instead);
    }
}

/// What runs beside a service.
fn tasks(service: &Service, out: &mut Emitted) {
    for (label, job) in &service.job {
        if job.when == JobTime::Scheduled && job.schedule.is_none() {
            let what = format!("the schedule of the job `{label}`, which has none");
            out.unsupported("compose", &what, job.label.span, "set `schedule`; until then it is run by hand");
        }
        for field in ["timeout", "retries"].into_iter().filter(|field| job.origins.is_set(field)) {
            // A preset says for every target what its image needs.
            if job.origins.field(field).layer == Layer::Preset {
                continue;
            }
            let what = format!("`{field}` of the job `{label}`");
            let instead = "let the command count and wait: on one machine it runs once, to its end";
            out.unsupported("compose", &what, job.origins.field(field).span, instead);
        }
    }
    let Some(backup) = &service.backup else { return };
    let span = |field| backup.origins.field(field).span;
    if let Some((what, instead)) = offsite_gap(backup) {
        out.unsupported("compose", &what, span("offsite"), instead);
    }
    if backup.rehearse.is_some() && backup.rehearsal.is_empty() {
        let instead = "set `rehearsal` to the lines that restore into a scratch place";
        out.unsupported("compose", "a rehearsal without its commands", span("rehearse"), instead);
    }
}
