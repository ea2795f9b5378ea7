//! Health checks. Must not know which program performs them: that follows from the image.

use crate::schema::{Duration, LabelShape, Plain, UrlPath, kind};

kind! {
    /// How to see that a service works: one of `http`, `command` or `tcp`. Where none is said, by the check that is
    /// known of the image, else by a connection.
    Health = "health" LabelShape::Unlabelled, one of [http, command, tcp];
    /// Path that answers with a status below 400.
    http: Option<UrlPath>;
    /// Command inside the container that exits with 0, as a list of words.
    command: Vec<Plain>;
    /// Only that the port accepts a connection.
    tcp: bool = false;
    /// Name of the port that is asked; the first port when left out.
    port: Option<Plain>;
    /// Time between two checks.
    every: Duration where POSITIVE = Duration::seconds(10);
    /// Time for one answer.
    timeout: Duration where POSITIVE = Duration::seconds(3);
    /// Failures in a row before the service counts as broken.
    retries: u32 where POSITIVE = 3;
    /// Time to start up, in which failures do not count.
    start: Duration = Duration::seconds(20);
    /// Whether it may take traffic: asked instead of `http` where a target tells liveness from readiness.
    ready: Option<UrlPath>;
}

/// What a check does, without its times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Probe<'a> {
    /// GET this path.
    Http(&'a UrlPath),
    /// Run these words.
    Command(&'a [Plain]),
    /// Open a connection.
    Tcp,
}

impl Health {
    /// What the check does; a connection when nothing else is said.
    pub fn probe(&self) -> Probe<'_> {
        match &self.http {
            Some(path) => Probe::Http(path),
            None if !self.command.is_empty() => Probe::Command(&self.command),
            None => Probe::Tcp,
        }
    }

    /// The longest time from start until a healthy service is seen as such or given up.
    pub fn budget(&self) -> Duration {
        let failures = u64::from(self.retries.max(1)) * (self.every.0 + self.timeout.0);
        Duration(self.start.0 + failures)
    }
}
