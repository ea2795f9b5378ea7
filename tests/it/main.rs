//! The integration suite: data in `snapshots/` and `examples/`, thin runners here.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot set its scene has failed"
)]

#[cfg(unix)]
mod publish;
#[cfg(unix)]
mod publish_hostile;
#[cfg(unix)]
mod publish_kill;
#[cfg(unix)]
mod publish_scene;
