//! The publisher, the only writer of stackc: artifacts become files all together or not at all, only where the bytes
//! differ, and never over what stackc did not write. Must not know what artifacts mean.

#[cfg(unix)]
mod apply;
#[cfg(unix)]
mod commit;
#[cfg(unix)]
mod digest;
#[cfg(unix)]
mod disk;
mod error;
#[cfg(unix)]
mod journal;
#[cfg(unix)]
mod lock;
#[cfg(unix)]
mod manifest;
mod path;
#[cfg(unix)]
mod stage;
#[cfg(unix)]
mod survey;

use std::io;
use std::path::Path;
use std::time::Duration;

pub use error::{Conflict, Operation, PublishError, Reason};
pub use path::{ArtifactPath, PathError, collision};

/// One file to publish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// Where, below the output root.
    pub path: ArtifactPath,
    /// The whole content.
    pub contents: String,
    /// Whether people run it.
    pub executable: bool,
}

/// What to do about differences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Write them.
    Write {
        /// Replace files that were edited by hand or that stackc did not write.
        force: bool,
    },
    /// Report them and write nothing.
    Check,
}

/// What happened, or in `Mode::Check` what would happen, in path order; the manifest is one of the files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// One per artifact, per file that is no longer emitted, and for the manifest.
    pub changes: Vec<Change>,
}

impl Report {
    /// Whether the disk was as it should be.
    pub fn is_current(&self) -> bool {
        self.changes.iter().all(|change| change.kind == ChangeKind::Unchanged)
    }
}

/// One file of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Below the root.
    pub path: ArtifactPath,
    /// What happened to it.
    pub kind: ChangeKind,
}

/// What happened to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// It was not there.
    Created,
    /// It had other bytes or another mode.
    Updated,
    /// It was left alone, its time stamps included.
    Unchanged,
    /// It is no longer emitted.
    Removed,
    /// It was kept: it is not stackc's to change.
    Conflict(Reason),
}

/// What the artifacts of a publication are of a system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All of them: what stackc wrote before and is not among them is removed.
    Whole,
    /// A selection: other files that stackc wrote stay, and stay recorded.
    Part,
}

/// Asked before every operation on the disk. Tests refuse or stop there; nothing else needs one.
pub trait Gate {
    /// Lets the operation happen, or says how the system refuses it.
    fn pass(&self, operation: Operation, path: &str) -> io::Result<()>;
}

/// The gate that lets everything pass.
struct Open;

impl Gate for Open {
    fn pass(&self, _: Operation, _: &str) -> io::Result<()> {
        Ok(())
    }
}

/// How long a build waits for another one.
const PATIENCE: Duration = Duration::from_secs(10);

/// A place to publish to.
#[derive(Clone, Copy)]
pub struct Publisher<'a> {
    root: &'a Path,
    manifest: &'a ArtifactPath,
    extent: Extent,
    patience: Duration,
    gate: &'a dyn Gate,
}

/// Publishes below `root`, which must exist; `manifest` is the file that records what stackc wrote.
pub fn publish(
    root: &Path,
    manifest: &ArtifactPath,
    artifacts: &[Artifact],
    mode: Mode,
) -> Result<Report, PublishError> {
    Publisher::new(root, manifest).publish(artifacts, mode)
}

impl<'a> Publisher<'a> {
    /// A publisher of whole systems that waits ten seconds for another build.
    pub fn new(root: &'a Path, manifest: &'a ArtifactPath) -> Self {
        Self { root, manifest, extent: Extent::Whole, patience: PATIENCE, gate: &Open }
    }

    /// Says whether the artifacts are all there are.
    pub fn extent(self, extent: Extent) -> Self {
        Self { extent, ..self }
    }

    /// Waits that long for another build.
    pub fn patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Asks the gate before every operation.
    pub fn gate(self, gate: &'a dyn Gate) -> Self {
        Self { gate, ..self }
    }

    /// Makes the files below the root equal the artifacts, all together or not at all; with [`Extent::Part`] only
    /// theirs.
    pub fn publish(&self, artifacts: &[Artifact], mode: Mode) -> Result<Report, PublishError> {
        let paths = artifacts.iter().map(|artifact| &artifact.path);
        if let Some((first, second)) = collision(paths.chain([self.manifest])) {
            return Err(PublishError::Collision { first: first.clone(), second: second.clone() });
        }
        match mode {
            Mode::Check => self.check(artifacts),
            Mode::Write { force } => self.write(artifacts, force),
        }
    }
}

#[cfg(unix)]
impl Publisher<'_> {
    fn survey<'a>(
        &self,
        disk: &disk::Disk<'_>,
        artifacts: &'a [survey::Hashed<'a>],
        force: bool,
    ) -> Result<survey::Survey<'a>, PublishError> {
        let request = survey::Request { manifest: self.manifest, artifacts, extent: self.extent, force };
        survey::Survey::take(disk, &request)
    }

    fn check(&self, artifacts: &[Artifact]) -> Result<Report, PublishError> {
        let disk = disk::Disk::open(self.root, self.gate)?;
        if !matches!(disk.look(stage::JOURNAL)?, disk::Look::Absent) {
            return Err(PublishError::Interrupted { journal: disk.full(stage::JOURNAL) });
        }
        let hashed = survey::Hashed::all(artifacts);
        let survey = self.survey(&disk, &hashed, false)?;
        Ok(Report { changes: survey.changes })
    }

    fn write(&self, artifacts: &[Artifact], force: bool) -> Result<Report, PublishError> {
        let disk = disk::Disk::open(self.root, self.gate)?;
        let hashed = survey::Hashed::all(artifacts);
        let survey = || self.survey(&disk, &hashed, force);
        // Nothing to do is the common case, and needs neither the lock nor a writable folder.
        if matches!(disk.look(stage::WORK)?, disk::Look::Absent) {
            let survey = survey()?;
            if survey.is_settled() {
                return Ok(Report { changes: survey.changes });
            }
        }
        let _lock = lock::Lock::take(&disk, self.patience)?;
        commit::recover(&disk)?;
        let mut survey = survey()?;
        if !survey.conflicts.is_empty() {
            return Err(PublishError::Conflicts(survey.conflicts));
        }
        if survey.is_settled() {
            return Ok(Report { changes: survey.changes });
        }
        let changes = std::mem::take(&mut survey.changes);
        let skipped = commit::commit(&disk, self.manifest, survey)?;
        if skipped.is_empty() { Ok(Report { changes }) } else { Err(PublishError::Overtaken(skipped)) }
    }
}

#[cfg(not(unix))]
impl Publisher<'_> {
    fn check(&self, _: &[Artifact]) -> Result<Report, PublishError> {
        Err(PublishError::Unsupported)
    }

    fn write(&self, _: &[Artifact], _: bool) -> Result<Report, PublishError> {
        Err(PublishError::Unsupported)
    }
}
