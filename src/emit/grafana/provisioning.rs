//! What Grafana reads when it starts: the data source and the folder of dashboards. Must not know a dashboard.

use serde::Serialize;

use crate::emit::spell::dns;
use crate::model::{Observes, Service, Watches};
use crate::plan::{EnvironmentPlan, Plan};

/// The name by which dashboards refer to the data source.
pub(super) const SOURCE: &str = "metrics";

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Sources {
    api_version: u8,
    datasources: Vec<Source>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Source {
    name: &'static str,
    uid: &'static str,
    r#type: &'static str,
    access: &'static str,
    url: String,
    is_default: bool,
    editable: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Providers {
    api_version: u8,
    providers: Vec<Provider>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Provider {
    name: String,
    folder: String,
    r#type: &'static str,
    disable_deletion: bool,
    allow_ui_updates: bool,
    options: Folder,
}

#[derive(Debug, Serialize)]
struct Folder {
    path: String,
}

/// The readers of metrics in the stack.
pub(super) fn sources(environment: &EnvironmentPlan) -> Sources {
    let services = environment.model.services.values();
    let readers = services.filter(|service| service.watches(Watches::Metrics));
    Sources { api_version: 1, datasources: readers.filter_map(|service| source(service)).take(1).collect() }
}

fn source(reader: &Service) -> Option<Source> {
    let (_, port) = *reader.listeners().first()?;
    Some(Source {
        name: "Metrics",
        uid: SOURCE,
        r#type: "prometheus",
        access: "proxy",
        url: format!("http://{}:{port}", dns(&reader.label.value)),
        is_default: true,
        editable: false,
    })
}

/// One folder of dashboards, which people cannot change: the next start would undo it.
pub(super) fn providers(plan: &Plan, observes: &Observes) -> Providers {
    let provider = Provider {
        name: plan.project.name.to_string(),
        folder: plan.project.name.to_string(),
        r#type: "file",
        disable_deletion: true,
        allow_ui_updates: false,
        options: Folder { path: format!("{}/dashboards", &*observes.config) },
    };
    Providers { api_version: 1, providers: vec![provider] }
}
