//! The second half of a publication: the journal's changes, one after the other, each of which may have happened
//! already. Must not change what somebody else changed after the journal was written.

use std::collections::BTreeSet;

use rustix::io::Errno;

use super::digest::Digest;
use super::disk::{Disk, Folder, Look, Refusal};
use super::error::{Conflict, PublishError, Reason};
use super::journal::{Journal, Remove, Write};
use super::path::ArtifactPath;
use super::stage::{STAGE, barrier};
use super::survey::holds;

/// The changes of a journal, each of which may have happened already.
pub(super) struct Apply<'d> {
    disk: &'d Disk<'d>,
    /// Folders whose names changed.
    touched: BTreeSet<String>,
    /// What somebody else changed after the survey: it is theirs.
    skipped: Vec<Conflict>,
    /// The parent of the last file: files of one folder follow each other.
    last: Option<Folder>,
}

impl<'d> Apply<'d> {
    /// Makes the changes that have not happened; what was skipped, somebody else changed.
    pub(super) fn run(disk: &'d Disk<'d>, journal: &Journal) -> Result<Vec<Conflict>, PublishError> {
        let mut apply = Self { disk, touched: BTreeSet::new(), skipped: Vec::new(), last: None };
        let written: BTreeSet<&str> = journal.writes.iter().map(|write| write.path.as_str()).collect();
        for remove in &journal.removes {
            apply.remove(remove)?;
        }
        for remove in &journal.removes {
            apply.prune(&remove.path, &written)?;
        }
        let stage = match disk.folder(STAGE) {
            Ok(stage) => stage,
            // Everything was moved, and the stage with it.
            Err(refusal) if refusal.errno == Errno::NOENT => return Ok(apply.skipped),
            Err(refusal) => return Err(refusal.into()),
        };
        for (index, write) in journal.writes.iter().enumerate() {
            apply.write(&stage, index, write)?;
        }
        apply.sync()?;
        Ok(apply.skipped)
    }

    fn remove(&mut self, remove: &Remove) -> Result<(), PublishError> {
        if let Look::File(file) = self.disk.look(remove.path.as_str())? {
            if self.disk.digest(&file)? == remove.sha256 {
                let folder = self.disk.folder(remove.path.folder())?;
                self.disk.remove(&folder, remove.path.name())?;
                self.touched.insert(remove.path.folder().to_owned());
            } else {
                self.skip(&remove.path, Reason::Edited);
            }
        }
        Ok(())
    }

    /// Removes the folders that a removal left empty, as git does.
    fn prune(&mut self, removed: &ArtifactPath, written: &BTreeSet<&str>) -> Result<(), PublishError> {
        for folder in removed.folders() {
            if holds(written, folder) {
                break;
            }
            let (parent, name) = folder.rsplit_once('/').unwrap_or(("", folder));
            let gone = match self.disk.folder(parent) {
                Ok(open) => self.disk.remove_folder(&open, name)?,
                Err(refusal) if refusal.errno == Errno::NOENT => true,
                Err(refusal) if refusal.reason().is_some() => false,
                Err(refusal) => return Err(refusal.into()),
            };
            if !gone {
                break;
            }
            self.touched.remove(folder);
            self.touched.insert(parent.to_owned());
        }
        Ok(())
    }

    fn write(&mut self, stage: &Folder, index: usize, write: &Write) -> Result<(), PublishError> {
        match self.disk.look(write.path.as_str())? {
            Look::Obstacle(reason) => self.skip(&write.path, reason),
            Look::File(file) if !Self::is_ours(write, self.disk.digest(&file)?) => {
                self.skip(&write.path, Reason::Edited);
            }
            Look::Absent | Look::File(_) => self.place(stage, &index.to_string(), &write.path)?,
        }
        Ok(())
    }

    /// Whether what is there may be replaced: what was there when the publication was decided, or its own result.
    fn is_ours(write: &Write, found: Digest) -> bool {
        found == write.sha256 || Some(found) == write.before
    }

    /// Moves a staged file into place, unless that has happened.
    fn place(&mut self, stage: &Folder, staged: &str, path: &ArtifactPath) -> Result<(), PublishError> {
        let moved = self.parent(path.folder()).and_then(|folder| {
            let moved = self.disk.rename(stage, staged, &folder, path.name());
            self.last = Some(folder);
            moved
        });
        match moved {
            Err(refusal) if refusal.errno == Errno::NOENT => {}
            Err(refusal) => self.skip(path, refusal.reason().ok_or(refusal)?),
            Ok(()) if self.touched.contains(path.folder()) => {}
            Ok(()) => {
                self.touched.insert(path.folder().to_owned());
            }
        }
        Ok(())
    }

    fn parent(&mut self, path: &str) -> Result<Folder, Refusal> {
        match self.last.take_if(|last| last.path() == path) {
            Some(folder) => Ok(folder),
            None => self.make_folder(path),
        }
    }

    /// Opens a folder, created with those above it where they are missing.
    fn make_folder(&mut self, path: &str) -> Result<Folder, Refusal> {
        match self.disk.folder(path) {
            Err(refusal) if refusal.errno == Errno::NOENT && !path.is_empty() => {}
            opened => return opened,
        }
        let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
        let parent = self.make_folder(above)?;
        self.disk.create_folder(&parent, name, 0o777)?;
        self.touched.insert(above.to_owned());
        self.disk.folder(path)
    }

    fn skip(&mut self, path: &ArtifactPath, reason: Reason) {
        self.skipped.push(Conflict { path: path.clone(), reason });
    }

    /// Waits until every move is on the medium: the journal may go only then.
    fn sync(&self) -> Result<(), PublishError> {
        let mut folders = Vec::with_capacity(self.touched.len());
        for path in &self.touched {
            match self.disk.folder(path) {
                Ok(folder) => folders.push(folder),
                Err(refusal) if refusal.errno == Errno::NOENT || refusal.reason().is_some() => {}
                Err(refusal) => return Err(refusal.into()),
            }
        }
        Ok(barrier(self.disk, folders.len(), &folders)?)
    }
}
