//! Grafana: where its numbers come from, and a dashboard for each service with metrics. Must not hold a password and
//! must not show what no service declares.

mod dashboard;
mod document;
mod panel;
mod provisioning;

use super::{Emitted, Emitter, HEADER, names};
use crate::model::{Metrics, Watches};
use crate::plan::{EnvironmentPlan, Plan};
use crate::print::yaml;

use document::Dashboard;

/// Grafana.
#[derive(Debug)]
pub struct Grafana;

impl Emitter for Grafana {
    fn name(&self) -> &'static str {
        "grafana"
    }

    fn summary(&self) -> &'static str {
        "data source and a dashboard per service with metrics"
    }

    fn is_mounted(&self) -> bool {
        true
    }

    fn emit(&self, plan: &Plan, out: &mut Emitted) {
        for environment in plan.environments.iter().filter(|one| one.model.compose().is_some()) {
            provision(plan, environment, out);
        }
    }
}

/// The files of an environment with a service that shows dashboards.
fn provision(plan: &Plan, environment: &EnvironmentPlan, out: &mut Emitted) {
    let services = environment.model.services.values();
    let Some(observes) =
        services.filter_map(|one| one.observes.as_ref()).find(|one| one.watches() == Watches::Dashboards)
    else {
        return;
    };
    let span = observes.label.span;
    let folder = format!("{}/grafana", names::folder(plan, environment));
    let sources = provisioning::sources(environment);
    out.yaml(&format!("{folder}/datasources/stack.yml"), yaml::print(HEADER, &sources), span);
    let providers = provisioning::providers(plan, observes);
    out.yaml(&format!("{folder}/dashboards/stack.yml"), yaml::print(HEADER, &providers), span);
    for service in environment.model.services.values() {
        let Some(metrics) = service.metrics.as_ref().filter(|_| service.metrics_port().is_some()) else {
            continue;
        };
        report(metrics, out);
        let dashboard = dashboard::dashboard(service, metrics);
        write(&format!("{folder}/dashboards/{}.json", dashboard.uid), &dashboard, out, service.label.span);
    }
}

fn write(path: &str, dashboard: &Dashboard, out: &mut Emitted, span: crate::source::Span) {
    // Strings, numbers and lists of them: writing these to memory does not fail.
    if let Ok(text) = serde_json::to_string_pretty(dashboard) {
        out.file(path, format!("{text}\n"), span);
    }
}

/// A name that no series can have.
fn report(metrics: &Metrics, out: &mut Emitted) {
    for measure in metrics.measure.values().filter(|measure| !panel::is_series(&measure.label.value)) {
        let what = format!("the series `{}`", measure.label.value);
        let instead = "name it with letters, digits, `_` and `:`, and no digit first";
        out.unsupported("grafana", &what, measure.label.span, instead);
    }
}
