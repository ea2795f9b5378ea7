//! What is watched and who is told. Must not spell a monitoring system's syntax beyond the user's own expression.

use std::sync::Arc;

use crate::schema::{
    Duration, LabelShape, Labelled, Map, Plain, SecretRef, ServiceRef, Sourced, UrlPath, choice, kind,
};

kind! {
    /// Where a service exposes metrics in the Prometheus text format.
    Metrics = "metrics" LabelShape::Unlabelled;
    /// The path.
    path: UrlPath = UrlPath::metrics();
    /// Name of the port; the first port when left out.
    port: Option<Plain>;
    /// Time between two readings.
    every: Duration where POSITIVE = Duration::seconds(15);
    /// What it measures, by the name of the series; dashboards show it.
    measure: Labelled<Measure>;
}

choice! {
    /// How the numbers of a series are read.
    Instrument {
        /// It only grows: what counts is how fast.
        Counter = "counter",
        /// It goes up and down.
        Gauge = "gauge",
        /// Numbers by size, in buckets: what counts is how large most are.
        Histogram = "histogram",
    }
}

choice! {
    /// What the numbers of a series count.
    Unit {
        /// Things.
        Plain = "plain",
        /// Seconds.
        Seconds = "seconds",
        /// Bytes.
        Bytes = "bytes",
        /// Shares between 0 and 1.
        Ratio = "ratio",
    }
}

kind! {
    /// Something that a service measures: `measure http_requests_total { title = "Requests", kind = counter }`.
    Measure = "measure" LabelShape::Quoted;
    /// What it tells people.
    title: Plain;
    /// How its numbers are read.
    kind: Instrument = Instrument::Gauge;
    /// What its numbers count.
    unit: Unit = Unit::Plain;
}

kind! {
    /// Marks a service that watches the stack: `observes metrics { config = "/etc/prometheus" }`. What it needs to
    /// know is emitted and mounted where it says, and it is connected to what it watches.
    Observes = "observes" LabelShape::Tag(&["metrics", "alerts", "dashboards"]);
    /// Folder in the container where it reads its configuration.
    config: UrlPath;
}

/// The variant of an [`Observes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Watches {
    /// It reads the metrics of services and judges the alerts.
    Metrics,
    /// It gets the alerts and tells the channels.
    Alerts,
    /// It shows what was measured.
    Dashboards,
}

impl Observes {
    /// The variant that the label chooses.
    pub fn watches(&self) -> Watches {
        match &*self.label.value {
            "alerts" => Watches::Alerts,
            "dashboards" => Watches::Dashboards,
            _ => Watches::Metrics,
        }
    }
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
    /// For its unit test: series, each with one value a minute, that it fires on ten minutes after it must have held
    /// for `lasting`, such as `fires { "requests_total{status='500'}" = "0+10x30" }`.
    fires: Map<Plain>;
    /// For its unit test: series, each with one value a minute, on which it stays silent for as long.
    rests: Map<Plain>;
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
    /// A channel that alerts go to: `notify ops { slack = secret.ops_channel }`.
    Notify = "notify" LabelShape::Named;
    /// Mail address; needs `smtp`.
    email: Option<Plain>;
    /// The server that takes the mail.
    smtp: Option<Smtp>;
    /// Secret with the URL of a webhook that takes alerts as they are.
    webhook: Option<SecretRef>;
    /// Secret with the URL of a Slack webhook.
    slack: Option<SecretRef>;
    /// Secret with the key of a paging service.
    pager: Option<SecretRef>;
    /// Least urgency that is sent there.
    severity: Severity = Severity::Warning;
}

kind! {
    /// A mail server; the connection to it is encrypted.
    Smtp = "smtp" LabelShape::Unlabelled;
    /// Its name and port, such as `smtp.example.com:587`.
    server: Plain;
    /// Address of the sender.
    from: Plain;
    /// Name of the account.
    user: Option<Plain>;
    /// Secret with the password of the account.
    password: Option<SecretRef>;
}

impl Notify {
    /// The mail address with its server.
    pub fn mail(&self) -> Option<(&Plain, &Smtp)> {
        self.email.as_ref().zip(self.smtp.as_ref())
    }

    /// Whether it has an address that can be reached.
    pub fn is_reached(&self) -> bool {
        self.mail().is_some() || self.urls().next().is_some()
    }

    /// The secrets that reaching it takes.
    pub fn secrets(&self) -> impl Iterator<Item = &Arc<str>> {
        let password = self.mail().and_then(|(_, smtp)| smtp.password.as_ref());
        self.urls().chain(password).map(|secret| &secret.0)
    }

    fn urls(&self) -> impl Iterator<Item = &SecretRef> {
        self.webhook.iter().chain(&self.slack).chain(&self.pager)
    }
}
