//! Settings of a service that must agree with each other and with the project's files. Must not look at other services:
//! that is the plan's part.

use super::world::World;
use crate::diagnostic::suggest::closest;
use crate::diagnostic::{Diagnostic, codes};
use crate::model::{Job, JobTime, Scale, Service};
use crate::schema::{FilePath, Ratio};
use crate::source::Span;

impl World<'_> {
    /// Reports what cannot work although each setting by itself is fine.
    pub(super) fn consistent(&self, service: &Service) {
        for job in service.job.values() {
            self.time_of_job(job);
        }
        for source in service.files.values() {
            self.is_there(&source.value, source.origin.span);
        }
        if let Some(scale) = &service.scale {
            self.reachable(service, scale);
        }
    }

    /// A schedule stands where something runs by it, and there it must.
    fn time_of_job(&self, job: &Job) {
        let name = &job.label.value;
        let problem = match (job.when, &job.schedule) {
            (JobTime::Scheduled, None) => {
                let message = format!("`job` `{name}` runs by a schedule and has none");
                Diagnostic::error(codes::MISSING_FIELD, message)
                    .at(job.origins.field("when").span, "expected `schedule` beside this")
                    .help("add a time in UTC, such as `schedule = \"0 2 * * *\"`")
            }
            (JobTime::BeforeRollout | JobTime::Manual, Some(_)) => {
                let message = format!("`job` `{name}` has a schedule and does not run by it");
                Diagnostic::error(codes::INVALID_VALUE, message)
                    .at(job.origins.field("schedule").span, "has no effect")
                    .help("write `when = scheduled` beside it, or remove it")
            }
            _ => return,
        };
        self.report(problem);
    }

    /// A file of the project is there, or it is one that stackc writes.
    fn is_there(&self, path: &FilePath, span: Span) {
        let is_emitted = path.strip_prefix(&*self.output).is_some_and(|rest| rest.starts_with('/'));
        if is_emitted || self.files().exists(path) {
            return;
        }
        let message = format!("the project has no file `{path}`");
        let problem = Diagnostic::error(codes::UNREADABLE_FILE, message).at(span, "nothing is there");
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let beside = self.files().list(folder);
        self.report(match closest(name, beside.iter().map(String::as_str)) {
            Some(near) if folder.is_empty() => problem.help(format!("did you mean `{near}`?")),
            Some(near) => problem.help(format!("did you mean `{folder}/{near}`?")),
            None => problem.help("paths start at the project's folder"),
        });
    }

    /// No instance can use more than its limit, so a larger share of what is reserved adds none.
    fn reachable(&self, service: &Service, scale: &Scale) {
        let (memory, cpu) = service.reserved();
        for (field, share, limit, reserved) in [
            ("cpu", scale.cpu, service.cpu.0.into(), cpu.into()),
            ("memory", scale.memory, service.memory.0, memory),
        ] {
            let Some(Ratio(share)) = share else { continue };
            if u128::from(reserved) * u128::from(share) <= u128::from(limit) * 10_000 {
                continue;
            }
            let most = u128::from(limit) * 100 / u128::from(reserved.max(1));
            let message = format!(
                "`{}` never uses {} of the {field} that is reserved for it: its limit is {most}%",
                service.label.value,
                Ratio(share)
            );
            let problem = Diagnostic::error(codes::INVALID_VALUE, message);
            let problem = problem.at(scale.origins.field(field).span, "never adds an instance");
            self.report(problem.help(format!("name a smaller share, such as `{field} = 70%`")));
        }
    }
}
