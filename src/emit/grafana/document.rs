//! A dashboard as typed JSON (reference of Grafana, "Dashboard JSON model"). Must not compute values.

use serde::Serialize;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Dashboard {
    pub(super) uid: String,
    pub(super) title: String,
    pub(super) description: &'static str,
    pub(super) tags: Vec<&'static str>,
    pub(super) timezone: &'static str,
    pub(super) schema_version: u32,
    pub(super) refresh: &'static str,
    pub(super) editable: bool,
    pub(super) time: Range,
    pub(super) panels: Vec<Panel>,
}

#[derive(Debug, Serialize)]
pub(super) struct Range {
    pub(super) from: &'static str,
    pub(super) to: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Panel {
    pub(super) id: usize,
    pub(super) r#type: &'static str,
    pub(super) title: String,
    pub(super) datasource: Datasource,
    pub(super) grid_pos: Position,
    pub(super) field_config: Fields,
    pub(super) targets: Vec<Query>,
}

#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Datasource {
    pub(super) r#type: &'static str,
    pub(super) uid: &'static str,
}

#[derive(Debug, Serialize)]
pub(super) struct Position {
    pub(super) h: usize,
    pub(super) w: usize,
    pub(super) x: usize,
    pub(super) y: usize,
}

#[derive(Debug, Serialize)]
pub(super) struct Fields {
    pub(super) defaults: Defaults,
    pub(super) overrides: [(); 0],
}

#[derive(Debug, Serialize)]
pub(super) struct Defaults {
    pub(super) unit: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Query {
    pub(super) ref_id: String,
    pub(super) expr: String,
    pub(super) legend_format: &'static str,
}
