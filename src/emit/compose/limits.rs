//! What Compose cannot do as it is said, service by service. Must not change what is emitted.

use super::service::Context;
use crate::emit::release::{Obstacle, release};
use crate::emit::spell::dns;
use crate::emit::{Emitted, names};
use crate::model::{JobTime, Service};

/// Reports the facts of a service that its container does not have.
pub(super) fn report(context: &Context<'_>, service: &Service, out: &mut Emitted) {
    let name = &service.label.value;
    if let Some(scale) = &service.scale {
        let what = format!("the autoscaling of `{name}`");
        let instead = format!(
            "it runs `min = {}` instances; scale by hand with `docker compose up --scale`",
            scale.min
        );
        out.unsupported("compose", &what, scale.origins.block, &instead);
    }
    if let Err(Obstacle { what, span, instead }) = release(context.environment, name) {
        out.unsupported("compose", &what, span, instead);
    }
    schedules(context, service, out);
}

/// Schedules need something outside of Compose that starts containers.
fn schedules(context: &Context<'_>, service: &Service, out: &mut Emitted) {
    let name = &service.label.value;
    let file = format!("{}/{}/compose.yaml", context.plan.project.output, context.environment.name());
    let run = |name: String| {
        format!("run it from cron or a timer: `docker compose -f {file} run --rm {}`", dns(&name))
    };
    for (label, job) in service.job.iter().filter(|(_, job)| job.when == JobTime::Scheduled) {
        let what = format!("the schedule of the job `{label}`");
        out.unsupported("compose", &what, job.label.span, &run(names::job(name, label)));
    }
    if let Some(backup) = &service.backup {
        let what = format!("the schedule of the backup of `{name}`");
        out.unsupported("compose", &what, backup.origins.block, &run(names::backup(name)));
        if backup.offsite.is_some() {
            let span = backup.origins.field("offsite").span;
            out.unsupported(
                "compose",
                "copies to another place",
                span,
                "copy the backup volume with a tool of your own",
            );
        }
        if backup.rehearse.is_some() {
            let span = backup.origins.field("rehearse").span;
            out.unsupported(
                "compose",
                "rehearsals of restoring",
                span,
                "restore into a scratch environment by hand",
            );
        }
    }
}
