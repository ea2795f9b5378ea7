//! The integration suite: data in `snapshots/` and `examples/`, thin runners here.

mod golden;
mod hostile;
mod syntax;
mod ui;
mod yaml;
mod yaml_torture;
