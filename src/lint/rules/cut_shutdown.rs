//! A program that is told to take its time to end, and is killed before: work under way is lost.

use crate::diagnostic::{Edit, Level, codes};
use crate::schema::Duration;

use crate::lint::{
    Family, Findings, Rule, Scene,
    times::{is_end, times},
};

pub(super) const RULE: Rule =
    Rule { code: codes::CUT_SHUTDOWN, family: Family::Capacity, level: Level::Warning, check };

/// What a process has where nothing is said.
const GRACE: Duration = Duration::seconds(30);

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        let stop = place.service.stop.as_ref();
        let (grace, drain) = stop.map_or((GRACE, Duration(0)), |stop| (stop.grace, stop.drain));
        // Draining comes first, and counts.
        let left = Duration(grace.0.saturating_sub(drain.0));
        let told =
            times(place).into_iter().filter(|(_, name, _)| is_end(name)).max_by_key(|(time, _, _)| *time);
        let Some((time, variable, span)) = told.filter(|(time, _, _)| *time > left) else { continue };
        let problem = findings
            .problem(format!("`{}` takes up to {time} to end, but is killed after {left}", place.name))
            .at(span, format!("`{variable}` is {time}"));
        let enough = Duration(time.0.saturating_add(drain.0).saturating_add(5000));
        let problem = match stop.filter(|stop| stop.origins.is_set("grace")) {
            Some(stop) => {
                let at = stop.origins.field("grace").span;
                let problem = problem.also(at, format!("{grace}, draining included"));
                problem
                    .safe_fix(format!("give it {enough}"), vec![Edit { span: at, text: enough.to_string() }])
            }
            None => {
                problem.also(place.service.label.span, format!("has {grace} to end where nothing is said"))
            }
        };
        findings.add(place.subject(), problem.help(format!("write `stop {{ grace = {enough} }}`")));
    }
}
