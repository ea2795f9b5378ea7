//! Commands that run to an end beside a service. Must not know what runs them.

use crate::schema::{Cron, Duration, LabelShape, Map, Plain, PublicText, ServiceRef, Text, choice, kind};

choice! {
    /// What makes a job run.
    JobTime {
        /// Before a new version gets traffic, once per rollout: migrations.
        BeforeRollout = "before_rollout",
        /// By its `schedule`.
        Scheduled = "scheduled",
        /// When somebody asks for it.
        Manual = "manual",
    }
}

kind! {
    /// A command of a service that runs to its end: `job migrate { run = ["npm", "run", "migrate"] }`.
    Job = "job" LabelShape::Named, needs [run];
    /// Command and arguments; runs in the service's image with its variables and secrets.
    run: Vec<PublicText>;
    /// What makes it run.
    when: JobTime = JobTime::BeforeRollout;
    /// When it runs, for `scheduled`, in UTC.
    schedule: Option<Cron>;
    /// Time after which it counts as failed.
    timeout: Duration where POSITIVE = Duration::minutes(10);
    /// How often it is tried again.
    retries: u32 = 1;
    /// Variables besides those of the service.
    env: Map<Text> where VARIABLES;
    /// Services that must be ready before, beyond those that the service refers to.
    after: Vec<ServiceRef>;
    /// Whether it destroys data and must be confirmed.
    destructive: bool = false;
}

kind! {
    /// A command that people run by hand: `task db { service = postgres, run = ["psql", "app"] }` is `ops db`.
    Task = "task" LabelShape::Named, needs [run];
    /// Command and arguments; what people add is put behind them.
    run: Vec<Plain>;
    /// The service in whose container it runs; on the machine, in the project's folder, when left out.
    service: Option<ServiceRef>;
    /// Whether it gets a container of its own instead of the one that runs.
    fresh: bool = false;
    /// Whether it destroys data and must be confirmed.
    destructive: bool = false;
}

impl Job {
    /// Whether it starts by itself, at its times.
    pub fn runs_by_schedule(&self) -> bool {
        self.when == JobTime::Scheduled && self.schedule.is_some()
    }
}
