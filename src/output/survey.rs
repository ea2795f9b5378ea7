//! The comparison of what should be on the disk with what is, and with what stackc wrote last. Must not write.

use std::collections::BTreeSet;

use super::digest::Digest;
use super::disk::{Disk, File, Look};
use super::error::{Conflict, PublishError, Reason};
use super::journal::Remove;
use super::manifest::{Entry, Manifest};
use super::path::{ArtifactPath, collision};
use super::{Artifact, Change, ChangeKind, Extent};

/// More than any manifest or journal that a real build writes.
pub(super) const MAX_RECORD: u64 = 64 << 20;

/// What a publication is asked for.
pub(super) struct Request<'r, 'a> {
    pub(super) manifest: &'r ArtifactPath,
    pub(super) artifacts: &'a [Hashed<'a>],
    pub(super) extent: Extent,
    /// Edited and foreign files may be replaced, but links, folders and devices never.
    pub(super) force: bool,
}

/// What a publication would do.
pub(super) struct Survey<'a> {
    pub(super) changes: Vec<Change>,
    pub(super) writes: Vec<Planned<'a>>,
    pub(super) removes: Vec<Remove>,
    /// The new manifest, when it differs, and what it replaces.
    pub(super) manifest: Option<(String, Option<Digest>)>,
    /// What forbids the publication.
    pub(super) conflicts: Vec<Conflict>,
}

/// An artifact and its digest: the disk is surveyed twice, once without the lock, but nothing is hashed twice.
#[derive(Clone, Copy)]
pub(super) struct Hashed<'a> {
    artifact: &'a Artifact,
    sha256: Digest,
}

impl<'a> Hashed<'a> {
    /// All artifacts with their digests.
    pub(super) fn all(artifacts: &'a [Artifact]) -> Vec<Self> {
        let hashed = |artifact: &'a Artifact| {
            let sha256 = Digest::of(artifact.contents.as_bytes());
            Self { artifact, sha256 }
        };
        artifacts.iter().map(hashed).collect()
    }
}

/// An artifact that differs from what is on the disk.
pub(super) struct Planned<'a> {
    pub(super) artifact: &'a Artifact,
    pub(super) after: Digest,
    pub(super) before: Option<Digest>,
}

impl<'a> Survey<'a> {
    /// Compares.
    pub(super) fn take(disk: &Disk<'_>, request: &Request<'_, 'a>) -> Result<Self, PublishError> {
        let Request { manifest, artifacts, .. } = *request;
        let bytes = read_record(disk, manifest.as_str())?;
        let old = parse_manifest(disk, manifest, bytes.as_deref())?;
        let survey = Survey {
            changes: Vec::new(),
            writes: Vec::new(),
            removes: Vec::new(),
            manifest: None,
            conflicts: Vec::new(),
        };
        let mut surveyor = Surveyor { disk, old: &old, force: request.force, survey };
        let (mut files, orphans) = divide(old.files(), artifacts, request.extent);
        surveyor.orphans(&orphans)?;
        for &Hashed { artifact, sha256 } in artifacts {
            surveyor.artifact(artifact, sha256)?;
            files.push(Entry { path: artifact.path.clone(), sha256, executable: artifact.executable });
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let mut survey = surveyor.survey;
        let text = Manifest::new(files).render();
        let kind = match bytes.as_deref() {
            None => ChangeKind::Created,
            Some(old) if old == text.as_bytes() => ChangeKind::Unchanged,
            Some(_) => ChangeKind::Updated,
        };
        survey.record(manifest, kind);
        if kind != ChangeKind::Unchanged {
            survey.manifest = Some((text, bytes.as_deref().map(Digest::of)));
        }
        survey.writes.sort_by(|a, b| a.artifact.path.cmp(&b.artifact.path));
        survey.changes.sort_by(|a, b| a.path.cmp(&b.path));
        survey.conflicts.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(survey)
    }

    /// Whether the disk is as it should be.
    pub(super) fn is_settled(&self) -> bool {
        self.changes.iter().all(|change| change.kind == ChangeKind::Unchanged)
    }

    fn record(&mut self, path: &ArtifactPath, kind: ChangeKind) {
        self.changes.push(Change { path: path.clone(), kind });
    }
}

/// Divides what was written before and is not among the artifacts: files that stay recorded, and files to remove.
/// A part keeps all but those that an artifact takes the place of.
fn divide<'o>(old: &'o [Entry], artifacts: &[Hashed<'_>], extent: Extent) -> (Vec<Entry>, Vec<&'o Entry>) {
    let emitted: BTreeSet<&ArtifactPath> = artifacts.iter().map(|hashed| &hashed.artifact.path).collect();
    let others = old.iter().filter(|entry| !emitted.contains(&entry.path));
    let stays = |entry: &&Entry| {
        extent == Extent::Part && collision(emitted.iter().copied().chain([&entry.path])).is_none()
    };
    let (kept, orphans): (Vec<&Entry>, Vec<&Entry>) = others.partition(stays);
    (kept.into_iter().cloned().collect(), orphans)
}

struct Surveyor<'d, 'a> {
    disk: &'d Disk<'d>,
    old: &'d Manifest,
    force: bool,
    survey: Survey<'a>,
}

impl<'a> Surveyor<'_, 'a> {
    /// Files that stackc wrote and emits no more: removed as they were written, kept when edited since.
    fn orphans(&mut self, orphans: &[&Entry]) -> Result<(), PublishError> {
        for entry in orphans {
            match self.disk.look(entry.path.as_str())? {
                // A file where its folder was means that ours is gone.
                Look::Absent | Look::Obstacle(Reason::NotAFolder) => {}
                Look::File(file) if self.disk.digest(&file)? == entry.sha256 => {
                    self.survey.record(&entry.path, ChangeKind::Removed);
                    self.survey.removes.push(Remove { path: entry.path.clone(), sha256: entry.sha256 });
                }
                Look::File(_) => self.keep(&entry.path, Reason::Edited),
                Look::Obstacle(reason) => self.keep(&entry.path, reason),
            }
        }
        Ok(())
    }

    fn artifact(&mut self, artifact: &'a Artifact, after: Digest) -> Result<(), PublishError> {
        match self.disk.look(artifact.path.as_str())? {
            Look::Absent => self.write(artifact, after, None),
            Look::File(file) => self.existing(artifact, after, &file)?,
            Look::Obstacle(reason) if self.makes_way(&artifact.path, reason)? => {
                self.write(artifact, after, None);
            }
            Look::Obstacle(reason) => self.refuse(&artifact.path, reason),
        }
        Ok(())
    }

    fn existing(&mut self, artifact: &'a Artifact, after: Digest, file: &File) -> Result<(), PublishError> {
        let contents = artifact.contents.as_bytes();
        let before = if file.len == contents.len() as u64 {
            let found = self.disk.read(file)?;
            if found == contents { after } else { Digest::of(&found) }
        } else {
            self.disk.digest(file)?
        };
        if before == after && file.executable == artifact.executable {
            self.survey.record(&artifact.path, ChangeKind::Unchanged);
            return Ok(());
        }
        let owned = self.old.digest(&artifact.path);
        if self.force || before == after || owned == Some(before) {
            self.write(artifact, after, Some(before));
        } else {
            let reason = if owned.is_some() { Reason::Edited } else { Reason::Foreign };
            self.refuse(&artifact.path, reason);
        }
        Ok(())
    }

    fn write(&mut self, artifact: &'a Artifact, after: Digest, before: Option<Digest>) {
        let kind = if before.is_some() { ChangeKind::Updated } else { ChangeKind::Created };
        self.survey.record(&artifact.path, kind);
        self.survey.writes.push(Planned { artifact, after, before });
    }

    fn refuse(&mut self, path: &ArtifactPath, reason: Reason) {
        self.survey.record(path, ChangeKind::Conflict(reason));
        self.survey.conflicts.push(Conflict { path: path.clone(), reason });
    }

    /// An orphan that is not ours any more stays; with `force` it is given up instead of stopping the build.
    fn keep(&mut self, path: &ArtifactPath, reason: Reason) {
        self.survey.record(path, ChangeKind::Conflict(reason));
        if !self.force {
            self.survey.conflicts.push(Conflict { path: path.clone(), reason });
        }
    }

    /// Whether removing the orphans clears the way: a file that becomes a folder, or a folder that becomes a file.
    fn makes_way(&self, path: &ArtifactPath, reason: Reason) -> Result<bool, PublishError> {
        let removes: BTreeSet<&str> = self.survey.removes.iter().map(|remove| remove.path.as_str()).collect();
        match reason {
            Reason::NotAFolder => Ok(path.folders().any(|folder| removes.contains(folder))),
            Reason::Folder => self.holds_only(path.as_str(), &removes),
            _ => Ok(false),
        }
    }

    /// Descends only where a removed file lies, so a path's length bounds the depth.
    fn holds_only(&self, folder: &str, removes: &BTreeSet<&str>) -> Result<bool, PublishError> {
        if !holds(removes, folder) {
            return Ok(false);
        }
        let open = self.disk.folder(folder)?;
        for name in self.disk.list(&open)? {
            let child = open.child(&name);
            if !removes.contains(child.as_str()) && !self.holds_only(&child, removes)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Whether one of the paths lies in the folder.
pub(super) fn holds(paths: &BTreeSet<&str>, folder: &str) -> bool {
    let inside = format!("{folder}/");
    paths.range(inside.as_str()..).next().is_some_and(|path| path.starts_with(&inside))
}

/// Reads a manifest or journal, when there is one.
pub(super) fn read_record(disk: &Disk<'_>, path: &str) -> Result<Option<Vec<u8>>, PublishError> {
    let untrusted = |reason: String| PublishError::Untrusted { path: disk.full(path), reason };
    match disk.look(path)? {
        Look::Absent => Ok(None),
        Look::File(file) if file.len <= MAX_RECORD => Ok(Some(disk.read(&file)?)),
        Look::File(file) => {
            Err(untrusted(format!("it has {} bytes where {MAX_RECORD} are allowed", file.len)))
        }
        Look::Obstacle(reason) => Err(untrusted(format!("it {reason}"))),
    }
}

fn parse_manifest(
    disk: &Disk<'_>,
    path: &ArtifactPath,
    bytes: Option<&[u8]>,
) -> Result<Manifest, PublishError> {
    let untrusted = |reason| PublishError::Untrusted { path: disk.full(path.as_str()), reason };
    let old = bytes.map_or_else(|| Ok(Manifest::default()), Manifest::parse).map_err(untrusted)?;
    match old.digest(path) {
        Some(_) => Err(untrusted("it lists itself".to_owned())),
        None => Ok(old),
    }
}
