//! Prometheus files as typed documents (configuration and rule reference of Prometheus). Must not compute values.

use indexmap::IndexMap;
use serde::Serialize;

use crate::print::yaml::Spaced;

#[derive(Debug, Serialize)]
pub(super) struct Config {
    pub(super) global: Global,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) rule_files: Vec<&'static str>,
    pub(super) scrape_configs: Spaced<Vec<Spaced<Scrape>>>,
}

#[derive(Debug, Serialize)]
pub(super) struct Global {
    pub(super) scrape_interval: &'static str,
    pub(super) evaluation_interval: &'static str,
}

#[derive(Debug, Serialize)]
pub(super) struct Scrape {
    pub(super) job_name: String,
    pub(super) metrics_path: String,
    pub(super) scrape_interval: String,
    pub(super) dns_sd_configs: Vec<Names>,
}

/// Every instance behind a name.
#[derive(Debug, Serialize)]
pub(super) struct Names {
    pub(super) names: Vec<String>,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) port: u16,
}

#[derive(Debug, Serialize)]
pub(super) struct Rules {
    pub(super) groups: Vec<Group>,
}

#[derive(Debug, Serialize)]
pub(super) struct Group {
    pub(super) name: String,
    pub(super) rules: Vec<Spaced<Rule>>,
}

#[derive(Debug, Serialize)]
pub(super) struct Rule {
    pub(super) alert: String,
    pub(super) expr: String,
    #[serde(rename = "for")]
    pub(super) lasting: String,
    pub(super) labels: IndexMap<&'static str, String>,
    pub(super) annotations: IndexMap<&'static str, String>,
}

#[derive(Debug, Serialize)]
pub(super) struct Tests {
    pub(super) rule_files: Vec<&'static str>,
    pub(super) evaluation_interval: &'static str,
    pub(super) tests: Vec<Spaced<Test>>,
}

#[derive(Debug, Serialize)]
pub(super) struct Test {
    pub(super) interval: &'static str,
    pub(super) input_series: Vec<Series>,
    pub(super) alert_rule_test: Vec<Expect>,
}

#[derive(Debug, Serialize)]
pub(super) struct Series {
    pub(super) series: String,
    pub(super) values: String,
}

#[derive(Debug, Serialize)]
pub(super) struct Expect {
    pub(super) eval_time: String,
    pub(super) alertname: String,
    pub(super) exp_alerts: Vec<Fired>,
}

#[derive(Debug, Serialize)]
pub(super) struct Fired {
    pub(super) exp_labels: IndexMap<&'static str, String>,
    pub(super) exp_annotations: IndexMap<&'static str, String>,
}
