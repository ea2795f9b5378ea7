//! The scripts that containers of a Compose environment mount. Must not hold shell text.

use super::service::Context;
use crate::diagnostic::{Diagnostic, codes};
use crate::emit::backup::{Saved, owned_folder};
use crate::emit::spell::dns;
use crate::emit::template::Error;
use crate::emit::{Emitted, names, schedule};
use crate::model::Service;
use crate::source::Span;

/// Adds the scripts of backups and of schedules.
pub(super) fn emit(context: &Context<'_>, out: &mut Emitted) {
    let folder = names::folder(context.plan, context.environment);
    let mut scheduled = None;
    for (name, service) in &context.environment.model.services {
        let planned = context.environment.services.get(name);
        if let (Some(backup), Some(task)) = (&service.backup, planned.and_then(|plan| plan.backup.as_ref())) {
            let span = backup.origins.block;
            let saved = Saved { service: &dns(name), backup, task, folder: owned_folder(service, backup) };
            add(&format!("{folder}/{}", names::backup_script(name)), saved.script(), span, out);
            if let Some(script) = saved.offsite() {
                add(&format!("{folder}/{}", names::offsite_script(name)), script, span, out);
            }
        }
        scheduled = scheduled.or_else(|| by_schedule(service));
    }
    if let (Some(span), Some(script)) = (scheduled, schedule::script()) {
        out.script(format!("{folder}/{}", names::SCHEDULE_SCRIPT), script.to_owned(), span);
    }
}

/// Where a service says that something runs by a schedule.
fn by_schedule(service: &Service) -> Option<Span> {
    let mut jobs = service.job.values().filter(|job| job.runs_by_schedule());
    let job = jobs.next().map(|job| job.label.span);
    job.or_else(|| service.backup.as_ref().map(|backup| backup.origins.block))
}

fn add(path: &str, script: Result<String, Error>, span: Span, out: &mut Emitted) {
    match script {
        Ok(text) => out.script(path, text, span),
        Err(error) => {
            let message = format!("`{path}` cannot be written: {error}");
            out.diagnostics
                .push(Diagnostic::error(codes::NOT_EXPRESSIBLE, message).at(span, "declared here"));
        }
    }
}
