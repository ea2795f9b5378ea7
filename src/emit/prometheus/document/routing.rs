//! The configuration file of Alertmanager (its reference, "Configuration"). Must not compute values.

use serde::Serialize;

use crate::print::yaml::{Flow, Spaced};

#[derive(Debug, Serialize)]
pub(in crate::emit::prometheus) struct Routing {
    pub(in crate::emit::prometheus) route: Root,
    pub(in crate::emit::prometheus) receivers: Spaced<Vec<Spaced<Receiver>>>,
}

/// The route that every alert enters.
#[derive(Debug, Serialize)]
pub(in crate::emit::prometheus) struct Root {
    pub(in crate::emit::prometheus) receiver: String,
    pub(in crate::emit::prometheus) group_by: Flow<Vec<&'static str>>,
    pub(in crate::emit::prometheus) routes: Vec<Route>,
}

#[derive(Debug, Serialize)]
pub(in crate::emit::prometheus) struct Route {
    pub(in crate::emit::prometheus) receiver: String,
    pub(in crate::emit::prometheus) matchers: Vec<String>,
    /// Whether the routes after it see the alert too.
    #[serde(rename = "continue")]
    pub(in crate::emit::prometheus) goes_on: bool,
}

#[derive(Debug, Default, Serialize)]
pub(in crate::emit::prometheus) struct Receiver {
    pub(in crate::emit::prometheus) name: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(in crate::emit::prometheus) email_configs: Vec<Mail>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(in crate::emit::prometheus) slack_configs: Vec<Slack>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(in crate::emit::prometheus) webhook_configs: Vec<Webhook>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(in crate::emit::prometheus) pagerduty_configs: Vec<Pager>,
}

#[derive(Debug, Serialize)]
pub(in crate::emit::prometheus) struct Webhook {
    pub(in crate::emit::prometheus) url_file: String,
}

#[derive(Debug, Serialize)]
pub(in crate::emit::prometheus) struct Pager {
    pub(in crate::emit::prometheus) routing_key_file: String,
}

#[derive(Debug, Serialize)]
pub(in crate::emit::prometheus) struct Mail {
    pub(in crate::emit::prometheus) to: String,
    pub(in crate::emit::prometheus) from: String,
    pub(in crate::emit::prometheus) smarthost: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::emit::prometheus) auth_username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::emit::prometheus) auth_password_file: Option<String>,
    pub(in crate::emit::prometheus) require_tls: bool,
    pub(in crate::emit::prometheus) send_resolved: bool,
}

#[derive(Debug, Serialize)]
pub(in crate::emit::prometheus) struct Slack {
    pub(in crate::emit::prometheus) api_url_file: String,
    pub(in crate::emit::prometheus) send_resolved: bool,
}
