//! The dashboard of a service: whether it answers, which alerts fire, and what it measures. Must not word a query of a
//! measure.

use super::document::{Dashboard, Datasource, Defaults, Fields, Panel, Position, Range};
use super::panel::{Content, content, is_series, query};
use super::provisioning::SOURCE;
use crate::emit::HEADER;
use crate::emit::kubernetes::naming;
use crate::emit::spell::dns;
use crate::model::{Metrics, Service};

/// Longest identifier of a dashboard that Grafana takes.
const UID: usize = 40;
/// Columns of a dashboard.
const COLUMNS: usize = 24;
/// Rows that a single number takes.
const STAT_ROWS: usize = 4;
/// Rows that a curve takes.
const CURVE_ROWS: usize = 8;

/// The dashboard of a service with metrics.
pub(super) fn dashboard(service: &Service, metrics: &Metrics) -> Dashboard {
    let (name, job) = (&*service.label.value, dns(&service.label.value));
    let stats = overview(name, &job).into_iter().enumerate();
    let mut panels: Vec<Panel> = stats.map(|(index, content)| stat(index, content)).collect();
    let first = panels.len();
    let measures = metrics.measure.values().filter(|measure| is_series(&measure.label.value));
    let curves = measures.map(|measure| content(measure, &job)).enumerate();
    panels.extend(curves.map(|(index, content)| curve(first, index, content)));
    Dashboard {
        title: name.to_owned(),
        uid: naming::within(&job, UID),
        description: HEADER,
        tags: vec!["stackc"],
        timezone: "browser",
        schema_version: 39,
        refresh: "30s",
        editable: false,
        time: Range { from: "now-6h", to: "now" },
        panels,
    }
}

fn overview(name: &str, job: &str) -> Vec<Content> {
    let firing = format!("count(ALERTS{{alertstate=\"firing\", service=\"{name}\"}}) or vector(0)");
    let panels = [
        ("Instances that answer", "short", format!("sum(up{{job=\"{job}\"}})")),
        ("Alerts that fire", "short", firing),
        ("Time to read the metrics", "s", format!("max(scrape_duration_seconds{{job=\"{job}\"}})")),
    ];
    let content = |(title, unit, expr): (&str, &'static str, String)| Content {
        title: title.to_owned(),
        unit,
        queries: vec![query(0, expr, "__auto")],
    };
    panels.into_iter().map(content).collect()
}

/// A number; three stand in a row.
fn stat(index: usize, content: Content) -> Panel {
    let w = COLUMNS / 3;
    panel(index, "stat", Position { h: STAT_ROWS, w, x: index * w, y: 0 }, content)
}

/// A curve; two stand in a row.
fn curve(first: usize, index: usize, content: Content) -> Panel {
    let w = COLUMNS / 2;
    let (x, y) = (index % 2 * w, STAT_ROWS + index / 2 * CURVE_ROWS);
    panel(first + index, "timeseries", Position { h: CURVE_ROWS, w, x, y }, content)
}

fn panel(index: usize, kind: &'static str, grid_pos: Position, content: Content) -> Panel {
    Panel {
        id: index + 1,
        r#type: kind,
        title: content.title,
        datasource: Datasource { r#type: "prometheus", uid: SOURCE },
        grid_pos,
        field_config: Fields { defaults: Defaults { unit: content.unit }, overrides: [] },
        targets: content.queries,
    }
}
