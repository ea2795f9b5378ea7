//! What Compose cannot do as it is said, service by service. Must not change what is emitted.

use crate::emit::Emitted;
use crate::emit::backup::offsite_gap;
use crate::emit::release::{Obstacle, release};
use crate::model::{JobTime, Service};
use crate::plan::EnvironmentPlan;

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
    if let Some(stop) = service.stop.as_ref().filter(|stop| stop.origins.is_set("drain")) {
        let what = format!("`stop.drain` of `{name}`");
        let instead = "remove it: on one machine nothing takes a container out of a balance first";
        out.unsupported("compose", &what, stop.origins.field("drain").span, instead);
    }
    tasks(service, out);
}

/// What runs beside a service.
fn tasks(service: &Service, out: &mut Emitted) {
    for (label, job) in &service.job {
        if job.when == JobTime::Scheduled && job.schedule.is_none() {
            let what = format!("the schedule of the job `{label}`, which has none");
            out.unsupported("compose", &what, job.label.span, "set `schedule`; until then it is run by hand");
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
