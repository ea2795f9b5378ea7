//! Rule files and the files of their unit tests (reference of Prometheus, "Alerting rules" and "Unit testing").
//! Must not compute values.

use indexmap::IndexMap;
use serde::Serialize;

use crate::print::yaml::Spaced;

#[derive(Debug, Serialize)]
pub(in crate::emit::prometheus) struct Rules {
    pub(in crate::emit::prometheus) groups: Vec<Group>,
}

#[derive(Debug, Serialize)]
pub(in crate::emit::prometheus) struct Group {
    pub(in crate::emit::prometheus) name: String,
    pub(in crate::emit::prometheus) rules: Vec<Spaced<Rule>>,
}

#[derive(Debug, Serialize)]
pub(in crate::emit::prometheus) struct Rule {
    pub(in crate::emit::prometheus) alert: String,
    pub(in crate::emit::prometheus) expr: String,
    #[serde(rename = "for")]
    pub(in crate::emit::prometheus) lasting: String,
    pub(in crate::emit::prometheus) labels: IndexMap<&'static str, String>,
    pub(in crate::emit::prometheus) annotations: IndexMap<&'static str, String>,
}

#[derive(Debug, Serialize)]
pub(in crate::emit::prometheus) struct Tests {
    pub(in crate::emit::prometheus) rule_files: Vec<&'static str>,
    pub(in crate::emit::prometheus) evaluation_interval: &'static str,
    pub(in crate::emit::prometheus) tests: Vec<Spaced<Test>>,
}

#[derive(Debug, Serialize)]
pub(in crate::emit::prometheus) struct Test {
    pub(in crate::emit::prometheus) interval: &'static str,
    pub(in crate::emit::prometheus) input_series: Vec<Series>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(in crate::emit::prometheus) alert_rule_test: Vec<Expect>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(in crate::emit::prometheus) promql_expr_test: Vec<Asked>,
}

/// A query and what it gives.
#[derive(Debug, Serialize)]
pub(in crate::emit::prometheus) struct Asked {
    pub(in crate::emit::prometheus) expr: String,
    pub(in crate::emit::prometheus) eval_time: String,
    pub(in crate::emit::prometheus) exp_samples: Vec<Sample>,
}

#[derive(Debug, Serialize)]
pub(in crate::emit::prometheus) struct Sample {
    pub(in crate::emit::prometheus) labels: String,
    pub(in crate::emit::prometheus) value: u8,
}

#[derive(Debug, Serialize)]
pub(in crate::emit::prometheus) struct Series {
    pub(in crate::emit::prometheus) series: String,
    pub(in crate::emit::prometheus) values: String,
}

#[derive(Debug, Serialize)]
pub(in crate::emit::prometheus) struct Expect {
    pub(in crate::emit::prometheus) eval_time: String,
    pub(in crate::emit::prometheus) alertname: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(in crate::emit::prometheus) exp_alerts: Vec<Fired>,
}

#[derive(Debug, Serialize)]
pub(in crate::emit::prometheus) struct Fired {
    pub(in crate::emit::prometheus) exp_labels: IndexMap<&'static str, String>,
    pub(in crate::emit::prometheus) exp_annotations: IndexMap<&'static str, String>,
}
