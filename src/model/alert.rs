//! What is watched and who is told. Must not spell a monitoring system's syntax beyond the user's own expression.

use crate::schema::{Duration, LabelShape, Plain, SecretRef, ServiceRef, Sourced, UrlPath, choice, kind};

kind! {
    /// Where a service exposes metrics in the Prometheus text format.
    Metrics = "metrics" LabelShape::Unlabelled;
    /// The path.
    path: UrlPath = UrlPath::metrics();
    /// Name of the port; the first port when left out.
    port: Option<Plain>;
    /// Time between two readings.
    every: Duration = Duration::seconds(15);
}

choice! {
    /// How urgent an alert is.
    Severity {
        /// Wakes somebody.
        Critical = "critical",
        /// Is looked at in working hours.
        Warning = "warning",
    }
}

kind! {
    /// A condition that somebody is told about.
    Alert = "alert" LabelShape::Named;
    /// The condition, as a Prometheus expression.
    when: Plain;
    /// How long it must hold.
    lasting: Duration = Duration::minutes(5);
    /// How urgent it is.
    severity: Severity = Severity::Warning;
    /// One sentence for the person who is told.
    summary: Plain;
    /// The service that it is about.
    about: Option<Sourced<ServiceRef>>;
    /// What to do.
    runbook: Option<Plain>;
}

kind! {
    /// A channel that alerts go to: `notify ops { email = "ops@example.com" }`.
    Notify = "notify" LabelShape::Named;
    /// Mail address.
    email: Option<Plain>;
    /// Secret with the URL of a webhook.
    webhook: Option<SecretRef>;
    /// Secret with the key of a paging service.
    pager: Option<SecretRef>;
    /// Least urgency that is sent there.
    severity: Severity = Severity::Warning;
}
