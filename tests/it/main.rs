//! The integration suite: data in `snapshots/` and `examples/`, thin runners here.
#![cfg(test)] // Holds anyway; tells clippy that its allowances for tests apply to every function here.

mod dockerfile;
mod hostile;
mod sinks;
mod yaml;
mod yaml_torture;
