//! Queries and units of what a service measures. Must not place panels.

use super::document::Query;
use crate::model::{Instrument, Measure, Unit};

/// What a panel shows: its title, its unit and its queries.
#[derive(Debug)]
pub(super) struct Content {
    pub(super) title: String,
    pub(super) unit: &'static str,
    pub(super) queries: Vec<Query>,
}

/// Lines named by the labels in which they differ.
const BY_LABELS: &str = "__auto";

/// The panel of a measure of the service that is scraped as `job`.
pub(super) fn content(measure: &Measure, job: &str) -> Content {
    let name = &measure.label.value;
    let selector = format!("{{job=\"{job}\"}}");
    let queries = match measure.kind {
        Instrument::Gauge => vec![query(0, format!("{name}{selector}"), BY_LABELS)],
        Instrument::Counter => {
            vec![query(0, format!("sum by (instance) (rate({name}{selector}[5m]))"), BY_LABELS)]
        }
        Instrument::Histogram => [("0.5", "half"), ("0.95", "95 %"), ("0.99", "99 %")]
            .into_iter()
            .enumerate()
            .map(|(index, (share, legend))| {
                let buckets = format!("sum by (le) (rate({name}_bucket{selector}[5m]))");
                query(index, format!("histogram_quantile({share}, {buckets})"), legend)
            })
            .collect(),
    };
    Content { title: measure.title.to_string(), unit: unit(measure), queries }
}

/// Whether series can have this name.
pub(super) fn is_series(name: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_alphabetic() || c == '_' || c == ':';
    name.starts_with(is_letter) && name.chars().all(|c| is_letter(c) || c.is_ascii_digit())
}

/// A query; the first one is `A`.
pub(super) fn query(index: usize, expr: String, legend_format: &'static str) -> Query {
    let ref_id = ["A", "B", "C"].get(index).map_or_else(|| format!("Q{index}"), |name| (*name).to_owned());
    Query { ref_id, expr, legend_format }
}

/// The unit as Grafana names it; what grows is shown per second.
fn unit(measure: &Measure) -> &'static str {
    match (measure.unit, measure.kind) {
        (Unit::Bytes, Instrument::Counter) => "Bps",
        (Unit::Plain, Instrument::Counter) => "cps",
        (Unit::Plain, _) => "short",
        (Unit::Seconds, _) => "s",
        (Unit::Bytes, _) => "bytes",
        (Unit::Ratio, _) => "percentunit",
    }
}
