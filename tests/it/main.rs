//! The integration suite: data in `snapshots/` and `examples/`, thin runners here.

#[cfg(unix)]
mod publish;
#[cfg(unix)]
mod publish_hostile;
#[cfg(unix)]
mod publish_kill;
#[cfg(unix)]
mod publish_scene;
