//! Which settings of a service stand below which keys of its container. Must not say what a value is.

use crate::emit::Fields;
use crate::print::outline::Syntax;

/// Keys of a container, in the order of the document.
pub(super) const FIELDS: Fields = Fields {
    syntax: Syntax::Yaml,
    table: &[
        ("image", "image"),
        ("environment.*", "env.*"),
        ("ports", "publish"),
        ("command", "command"),
        ("entrypoint", "entrypoint"),
        ("restart", "restart"),
        ("healthcheck.interval", "health.every"),
        ("healthcheck.timeout", "health.timeout"),
        ("healthcheck.retries", "health.retries"),
        ("healthcheck.start_period", "health.start"),
        ("labels.*", "labels.*"),
        ("user", "user"),
        ("cap_add", "capabilities"),
        ("deploy.replicas", "replicas"),
        ("deploy.resources.limits.cpus", "cpu"),
        ("deploy.resources.limits.memory", "memory"),
        ("deploy.resources.limits.pids", "processes"),
        ("deploy.resources.reservations.cpus", "reserve.cpu"),
        ("deploy.resources.reservations.memory", "reserve.memory"),
        ("read_only", "read_only"),
        ("stop_grace_period", "stop.grace"),
        ("stop_signal", "stop.signal"),
        ("tmpfs", "writable"),
    ],
};
