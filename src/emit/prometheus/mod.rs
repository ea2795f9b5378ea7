//! Prometheus: what is scraped, what is alerted on with unit tests for the rules that follow from the stack, and in
//! Alertmanager's file who is told. Must not invent thresholds or addresses: declared conditions are the user's own.

mod channels;
mod document;
mod rules;
mod scrape;
mod spelling;

use super::{Emitted, Emitter, HEADER, names};
use crate::model::{Service, Watches};
use crate::plan::{EnvironmentPlan, Plan};
use crate::print::yaml;

use scrape::Scraped;

/// Prometheus.
#[derive(Debug)]
pub struct Prometheus;

impl Emitter for Prometheus {
    fn name(&self) -> &'static str {
        "prometheus"
    }

    fn summary(&self) -> &'static str {
        "scrape configuration, alert rules with their unit tests, and who is told"
    }

    fn is_mounted(&self) -> bool {
        true
    }

    fn emit(&self, plan: &Plan, out: &mut Emitted) {
        for environment in &plan.environments {
            let has_routing = routing(plan, environment, out);
            let scraped = scraped(environment);
            let has_reader = observer(environment, Watches::Metrics).is_some();
            if scraped.is_empty() && environment.model.alerts.is_empty() && !has_reader {
                continue;
            }
            let folder = format!("{}/prometheus", names::folder(plan, environment));
            let span = environment.model.block.label.span;
            for (name, config) in scrape::configs(plan, environment, &scraped, has_routing) {
                out.yaml(&format!("{folder}/{name}"), yaml::print(HEADER, &config), span);
            }
            scrape::report(&scraped, out);
            let rules = rules::rules(plan, environment, &scraped);
            out.yaml(&format!("{folder}/rules.yml"), yaml::print(HEADER, &rules), span);
            if let Some(tests) = rules::tests(environment, &scraped) {
                out.yaml(&format!("{folder}/rules.test.yml"), yaml::print(HEADER, &tests), span);
            }
        }
    }
}

/// What is scraped. The rules are for every Prometheus of the environment, so that of a cluster must not miss what the
/// cluster does not run.
fn scraped(environment: &EnvironmentPlan) -> Vec<Scraped<'_>> {
    let mut all = Scraped::all(environment);
    for one in &mut all {
        let service = environment.model.services.get(one.name());
        one.is_known |= service.is_some_and(|service| !service.runs_in_cluster());
    }
    all
}

/// Alertmanager's file, in a folder of its own: another program mounts it. Says whether there is one.
fn routing(plan: &Plan, environment: &EnvironmentPlan, out: &mut Emitted) -> bool {
    channels::report(environment, out);
    let has_teller = observer(environment, Watches::Alerts).is_some();
    if !has_teller && !channels::are_any_reached(environment) {
        return false;
    }
    let routing = channels::routing(environment);
    let path = format!("{}/alertmanager/alertmanager.yml", names::folder(plan, environment));
    out.yaml(&path, yaml::print(HEADER, &routing), environment.model.block.label.span);
    true
}

/// The service of the stack that watches it in this way.
fn observer(environment: &EnvironmentPlan, what: Watches) -> Option<&Service> {
    environment.model.services.values().find(|service| service.watches(what)).map(|service| &**service)
}
