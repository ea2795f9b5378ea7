//! Whether what a service scales by is measured at all. Must not know who measures.

use crate::diagnostic::{Diagnostic, codes};
use crate::model::Service;

/// A measure of a service's own needs a place where it can be read.
pub(super) fn check(service: &Service) -> Option<Diagnostic> {
    let (name, metric) = service.scale.as_ref()?.metric.first()?;
    if service.metrics.is_some() {
        return None;
    }
    let message = format!("`{}` scales by `{name}` but has no `metrics` block", service.label.value);
    Some(
        Diagnostic::error(codes::MISSING_FIELD, message)
            .at(metric.label.span, "nobody can read this measure")
            .help("add `metrics { }` with the port and the path that expose it"),
    )
}
