//! Which settings of a stage or of the service behind an image are which instructions. Must not say what a value is.

use crate::emit::Fields;
use crate::print::outline::Syntax;

/// Instructions; those of the running image stand below the last stage, for the service.
pub(super) const FIELDS: Fields = Fields {
    syntax: Syntax::Dockerfile,
    table: &[
        ("from", "from"),
        ("workdir", "workdir"),
        ("arg", "args"),
        ("env.*", "env.*"),
        ("run", "run"),
        ("user", "user"),
        ("expose", "port"),
        ("entrypoint", "entrypoint"),
        ("cmd", "command"),
        ("stopsignal", "stop.signal"),
        ("healthcheck", "health"),
    ],
};
