//! A route that gives up before the service behind it does: people get an error for work that goes on.

use crate::diagnostic::{Edit, Level, codes};
use crate::schema::Duration;
use crate::source::Span;

use crate::lint::{
    Family, Findings, Rule, Scene,
    place::Place,
    times::{is_end, times},
};

pub(super) const RULE: Rule =
    Rule { code: codes::IMPATIENT_ROUTE, family: Family::Capacity, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        let Some((longest, variable, told)) = longest(place) else { continue };
        for (ingress, route) in place.routes() {
            let (own, span) = match route.timeout {
                Some(own) => (own, route.origins.field("timeout").span),
                None => (ingress.timeout, route.label.span),
            };
            if own >= longest {
                continue;
            }
            let message = format!(
                "the route `{}` gives up after {own}, but `{}` waits {longest}",
                &*route.label.value, place.name
            );
            let problem = findings
                .problem(message)
                .at(span, format!("answers with an error after {own}"))
                .also(told, format!("`{variable}` is {longest}"))
                .help(format!(
                    "set `timeout` of the route to more than {longest}, or let the service wait less"
                ));
            let edit = route.timeout.map(|_| Edit { span, text: longest.to_string() });
            let problem = match edit {
                Some(edit) => problem.safe_fix(format!("wait {longest}"), vec![edit]),
                None => problem,
            };
            findings.add(place.subject(), problem);
        }
    }
}

/// The longest time that the service is told to wait for somebody else.
fn longest(place: Place<'_>) -> Option<(Duration, String, Span)> {
    times(place).into_iter().filter(|(_, name, _)| !is_end(name)).max_by_key(|(time, _, _)| *time)
}
