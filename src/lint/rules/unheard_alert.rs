//! An alert that is less urgent than what every channel wants: it fires, and nobody is told.

use crate::diagnostic::{Level, codes};
use crate::model::Notify;

use crate::lint::{Family, Findings, Rule, Scene, place::Subject};

pub(super) const RULE: Rule =
    Rule { code: codes::UNHEARD_ALERT, family: Family::Health, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for environment in &scene.plan.environments {
        let channels = || environment.model.channels.values().filter(|channel| channel.is_reached());
        // The most urgent comes first.
        let Some(lowest) = channels().max_by_key(|channel: &&Notify| channel.severity) else { continue };
        for (name, alert) in &environment.model.alerts {
            if alert.severity <= lowest.severity {
                continue;
            }
            let (own, least) = (alert.severity.word(), lowest.severity.word());
            let span = alert.origins.written("severity").unwrap_or(alert.label.span);
            let problem = findings
                .problem(format!("nobody is told of the alert `{name}`: no channel wants what is `{own}`"))
                .at(span, format!("`{own}`"))
                .also(lowest.origins.field("severity").span, format!("wants `{least}` at least"))
                .help(format!("set `severity = {own}` on a channel, or make the alert more urgent"));
            findings.add(Subject::new(&environment.model, "alert", name), problem);
        }
    }
}
