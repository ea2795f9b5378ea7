//! The integration suite: data in `snapshots/` and `examples/`, thin runners here.

mod yaml;
mod yaml_torture;
