//! The integration suite: data in `snapshots/` and `examples/`, thin runners here.

mod hostile;
mod yaml;
mod yaml_torture;
