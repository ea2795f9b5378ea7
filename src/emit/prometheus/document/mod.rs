//! The files of Prometheus and Alertmanager as typed documents. Must not compute values.

pub(super) mod config;
pub(super) mod routing;
pub(super) mod rules;
