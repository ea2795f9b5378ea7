//! The integration suite: data in `snapshots/` and `examples/`, thin runners here.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set its scene has failed")]

mod bombs;
mod cli;
mod cli_build;
mod cli_fmt;
mod cli_scene;
mod cli_system;
mod codes;
mod contract;
mod dockerfile;
mod edge;
mod examples;
mod fmt;
mod golden;
mod hostile;
mod kubernetes;
mod merge;
mod ops;
mod patch;
mod pipelines;
mod plan;
mod publish;
mod publish_hostile;
mod publish_kill;
mod publish_scene;
mod render;
mod sinks;
mod syntax;
mod tidy;
mod ui;
mod yaml;
mod yaml_torture;
