//! Which settings of an ingress or a route are which directives of its block. Must not say what a value is.

use crate::emit::Fields;
use crate::print::outline::Syntax;

/// Directives of a `server` or a `location`.
pub(super) const FIELDS: Fields = Fields {
    syntax: Syntax::Nginx,
    table: &[
        ("server_name", "host"),
        ("client_max_body_size", "body"),
        ("limit_req", "burst"),
        ("limit_conn", "connections"),
        ("proxy_read_timeout", "timeout"),
    ],
};
