//! Pipelines: what happens to a change on its way to people. Must not spell a CI system's syntax.

use crate::schema::{
    Duration, EnvironmentRef, FilePath, JobRef, LabelShape, Labelled, Map, Plain, Port, Ratio, SecretRef,
    ServiceRef, Sourced, Text, Trigger, choice, kind,
};

kind! {
    /// A pipeline: `pipeline ci { on = [push("main"), pull_request] … }`.
    Pipeline = "pipeline" LabelShape::Named;
    /// Name for people; the label when left out.
    title: Option<Plain>;
    /// What starts it.
    on: Vec<Trigger>;
    /// Its jobs, in order.
    job: Labelled<PipelineJob>;
    /// The machine image that jobs run on; the standard library's choice when left out.
    runner: Option<Plain>;
}

kind! {
    /// A job of a pipeline: exactly one of `run`, `images` or `deploy`.
    PipelineJob = "job" LabelShape::Named;
    /// Jobs that must have passed; those before it when left out and something is deployed or built.
    after: Vec<JobRef>;
    /// Tool chains that the commands need.
    setup: Labelled<Setup>;
    /// Values that the job runs with, one run for each combination: `matrix { part = ["web", "api"] }` is the variable `PART`.
    matrix: Map<Vec<Plain>>;
    /// Files kept between runs, besides the downloads of a tool chain.
    cache: Labelled<Cache>;
    /// Commands that may fail for reasons outside of the code.
    retry: Option<Retry>;
    /// Shell lines, one step each.
    run: Vec<Plain>;
    /// Named steps after them: `steps { Lint = "npm run lint" }`.
    steps: Map<Plain>;
    /// Services that run beside the commands; reached on localhost.
    with: Vec<ServiceRef>;
    /// Services whose code it is about: sets the path filter, and the variables of the services beside it.
    covers: Vec<ServiceRef>;
    /// Variables of the commands.
    env: Map<Text>;
    /// Files kept after the job: coverage, reports.
    keep: Vec<FilePath>;
    /// How much of the code the tests must reach, and who shows it.
    coverage: Option<Coverage>;
    /// Build the images of these services; all that have a `build` when `all = true`.
    images: Vec<ServiceRef>;
    /// Build the images of all services.
    all: bool = false;
    /// Scan the images for known vulnerabilities before they are used.
    scan: Option<Scan>;
    /// The environment that it deploys.
    deploy: Option<Sourced<EnvironmentRef>>;
    /// How the deployment reaches it.
    via: Option<DeployVia>;
    /// Secrets that the job reads, under the environment's protection.
    secrets: Vec<SecretRef>;
    /// Time after which it is stopped.
    timeout: Duration = Duration::minutes(30);
    /// Only for pushes to these branches; those of the pipeline's triggers when left out and something is pushed.
    branches: Vec<Plain>;
}

kind! {
    /// A tool chain of a job: `setup "node" { version = "22", cache = "npm" }`.
    Setup = "setup" LabelShape::Quoted;
    /// Version; several make one run of the job each.
    version: Vec<Plain>;
    /// Package manager whose downloads are cached.
    cache: Option<Plain>;
    /// Lock files that the cache follows.
    lock: Vec<FilePath>;
}

kind! {
    /// A scan of images.
    Scan = "scan" LabelShape::Unlabelled;
    /// Least severity that fails the job.
    fail_on: Finding = Finding::Critical;
    /// Whether vulnerabilities without a fix count.
    unfixed: bool = false;
    /// The scanner, by its name in the standard library's `actions.toml`; the standard library's choice when left out.
    with: Option<Plain>;
}

choice! {
    /// How bad a vulnerability is.
    Finding {
        /// Hard to use.
        Low = "low",
        /// Usable in some systems.
        Medium = "medium",
        /// Usable in most systems.
        High = "high",
        /// Gives the whole system away.
        Critical = "critical",
    }
}

impl Finding {
    /// From the least to the worst.
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Critical];
}

kind! {
    /// Files kept between runs: `cache next { paths = ["web/.next/cache"], follows = ["**/package-lock.json"] }`.
    Cache = "cache" LabelShape::Named;
    /// What is kept.
    paths: Vec<FilePath>;
    /// Patterns of the files that it depends on; when they change, the newest older copy is the start.
    follows: Vec<Plain>;
}

kind! {
    /// Commands that are tried again when they fail.
    Retry = "retry" LabelShape::Unlabelled;
    /// How often they are tried at most.
    attempts: u32 = 3;
    /// Time for one attempt.
    timeout: Duration = Duration::minutes(10);
    /// Titles of the steps that it is about; all when left out.
    steps: Vec<Plain>;
}

kind! {
    /// How much of the code the tests must reach: `coverage { reports = ["coverage/lcov.info"], least = 80% }`.
    Coverage = "coverage" LabelShape::Unlabelled;
    /// Reports in the LCOV format.
    reports: Vec<FilePath>;
    /// Least share of the lines.
    least: Option<Ratio>;
    /// Who shows the reports, by its name in the standard library's `actions.toml`.
    publish: Option<Plain>;
}

kind! {
    /// How a deployment reaches its environment: `via ssh { … }` or `via kubectl { … }`.
    DeployVia = "via" LabelShape::Tag(&["kubectl", "ssh"]);
    /// Secret with the credentials: a kubeconfig, or a private key.
    credentials: SecretRef;
    /// Machine, for `ssh`.
    host: Option<Text>;
    /// Port of the machine, for `ssh`.
    port: Port = Port(22);
    /// User, for `ssh`.
    user: Option<Text>;
    /// Folder of the project on the machine, for `ssh`.
    folder: Option<Plain>;
    /// The machine's public host keys, for `ssh`: lines of a known-hosts file. Others are never trusted.
    known_host: Option<Text>;
    /// Whether the answer to people is checked after the deployment, and the release before comes back if it is bad.
    verify: bool = true;
}
