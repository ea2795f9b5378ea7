//! The jobs that people start, as both engines see them. Must not know how a job is started.

use serde::Serialize;

use super::task::{first_line, warning};
use crate::emit::kubernetes::naming;
use crate::emit::names;
use crate::emit::spell::{Spelling, dns, marker};
use crate::model::{self, JobTime, Service};
use crate::text::{ShellLine, ShellWord, Unwritable};

/// A job that people start.
#[derive(Debug, Serialize)]
pub(super) struct Job {
    name: ShellWord,
    /// The object of a cluster from which it is made.
    schedule: ShellWord,
    /// Its command, where its container runs something else: by a schedule.
    command: Vec<ShellWord>,
    /// The list of words of its container that operands are added to.
    words: &'static str,
    destructive: bool,
    warning: ShellWord,
}

/// The jobs of these services that do not belong to a release.
pub(super) fn among<'a>(
    services: impl Iterator<Item = (&'a str, &'a Service)>,
) -> Result<Vec<Job>, Unwritable> {
    let all = services
        .flat_map(|(name, service)| service.job.iter().map(move |(label, job)| (name, service, label, job)));
    let by_hand = all.filter(|(_, _, _, job)| job.when != JobTime::BeforeRollout);
    by_hand.map(|(name, service, label, job)| lower(name, service, label, job)).collect()
}

/// The words of a job as a shell reads them.
fn command(job: &model::Job) -> Result<Vec<ShellWord>, Unwritable> {
    if job.when != JobTime::Scheduled || job.schedule.is_none() {
        return Ok(Vec::new());
    }
    let spelling = Spelling { literal: &str::to_owned, secret: &marker };
    job.run.iter().map(|word| ShellWord::new(&spelling.text(word))).collect()
}

fn lower(service_name: &str, service: &Service, label: &str, job: &model::Job) -> Result<Job, Unwritable> {
    let name = dns(&names::job(service_name, label));
    let summary = ShellLine::new(&first_line(job.doc.as_deref()))?;
    Ok(Job {
        warning: ShellWord::new(&warning(&name, &summary))?,
        schedule: ShellWord::bare(&naming::schedule(&naming::joined(&[service_name, label])))?,
        words: if service.entrypoint.is_empty() { "args" } else { "command" },
        command: command(job)?,
        name: ShellWord::bare(&name)?,
        destructive: job.destructive,
    })
}
