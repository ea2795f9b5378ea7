//! One build at a time: `flock` on a file in the work folder. The system drops the lock with the process, so a killed
//! build never blocks the next one. Must not touch artifacts.

use std::os::fd::OwnedFd;
use std::thread;
use std::time::{Duration, Instant};

use rustix::io::Errno;

use super::disk::{Disk, Folder, Refusal};
use super::error::PublishError;
use super::stage::WORK;

const NAME: &str = "lock";
const PATH: &str = ".stackc/lock";
const PAUSE: Duration = Duration::from_millis(5);

/// The right to write, until dropped.
pub(super) struct Lock<'d> {
    disk: &'d Disk<'d>,
    folder: Folder,
    _fd: OwnedFd,
}

impl<'d> Lock<'d> {
    /// Waits for the lock, no longer than `patience`.
    pub(super) fn take(disk: &'d Disk<'d>, patience: Duration) -> Result<Self, PublishError> {
        let start = Instant::now();
        loop {
            if let Some(lock) = Self::attempt(disk)? {
                return Ok(lock);
            }
            if start.elapsed() >= patience {
                return Err(PublishError::Locked { path: disk.full(PATH), waited: patience });
            }
            thread::sleep(PAUSE);
        }
    }

    /// The holder removes the file with the lock, so the file that was locked must still be the one that others see.
    fn attempt(disk: &'d Disk<'d>) -> Result<Option<Self>, Refusal> {
        let opened = disk.create_folder(&disk.folder("")?, WORK, 0o700).and_then(|_| {
            let folder = disk.folder(WORK)?;
            let fd = disk.lock_file(&folder, NAME)?;
            Ok((folder, fd))
        });
        let (folder, fd) = match opened {
            Ok(opened) => opened,
            Err(refusal) if refusal.errno == Errno::NOENT => return Ok(None),
            Err(refusal) => return Err(refusal),
        };
        let ours = disk.try_lock(&fd, PATH)? && disk.is_same(&folder, NAME, &fd)?;
        // Lazily: dropping a lock that was never held would remove the holder's file.
        Ok(ours.then(|| Self { disk, folder, _fd: fd }))
    }
}

impl Drop for Lock<'_> {
    /// Leaves no trace. A refusal is no reason to fail: an unlocked file and an empty folder are harmless.
    fn drop(&mut self) {
        let _ = self.disk.remove(&self.folder, NAME);
        if let Ok(root) = self.disk.folder("") {
            let _ = self.disk.remove_folder(&root, WORK);
        }
    }
}
