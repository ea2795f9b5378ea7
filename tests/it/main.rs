//! The integration suite: data in `snapshots/` and `examples/`, thin runners here.
