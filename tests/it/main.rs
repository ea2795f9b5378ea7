//! The integration suite: data in `snapshots/` and `examples/`, thin runners here.

mod golden;
mod ui;
