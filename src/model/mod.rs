//! The model: what a stack says, target-neutral, typed and fully defaulted, one file per kind. Must not mention
//! a target's spelling or a product, and must not be built by anything but the checker.

mod alert;
mod build;
mod config;
mod contract;
mod environment;
mod health;
mod ingress;
mod network;
mod pipeline;
mod secret;
mod service;
mod stack;
mod storage;
mod task;

pub use alert::{Alert, Instrument, Measure, Metrics, Notify, Observes, Severity, Smtp, Unit, Watches};
pub use build::{Build, Stage, StaticSite, Take};
pub use config::Config;
pub use contract::{Form, Phase, Reads};
pub use environment::{
    ComposeTarget, Edge, EnvironmentBlock, HostSize, KubernetesTarget, Mode, PodSecurity, SecretStore,
    Targets,
};
pub use health::{Health, Probe};
pub use ingress::{Balance, Ingress, Issuer, Proxy, Route, RouteCache, Tls, TlsPolicy};
pub use network::Network;
pub use pipeline::{Cache, Coverage, DeployVia, Finding, Pipeline, PipelineJob, Retry, Scan, Setup};
pub use secret::{Charset, Secret};
pub use service::{
    Dev, Egress, Gpu, Resources, Restart, Rollout, RolloutKind, Scale, ScaleMetric, SecretDelivery, Service,
    Stop, Watch, WatchAction,
};
pub use stack::{Environment, Patch, PatchBody, PatchSetting, Project, Stack};
pub use storage::{Backup, Volume};
pub use task::{Job, JobTime, Task};
