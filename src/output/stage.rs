//! The first half of a publication: the new files and the journal, on the medium, in the work folder. Must not touch
//! anything outside it.

use rustix::io::Errno;

use super::digest::Digest;
use super::disk::{Disk, Folder, Look, Refusal};
use super::error::PublishError;
use super::journal::{Journal, Write};
use super::path::ArtifactPath;
use super::survey::{Planned, Survey};

/// The publisher's folder, gone between builds.
pub(super) const WORK: &str = ".stackc";
pub(super) const JOURNAL: &str = ".stackc/journal";
pub(super) const STAGE: &str = ".stackc/stage";
/// A journal before it is complete.
const DRAFT: &str = "draft";
/// From this many files on, one `syncfs` costs less than an `fsync` each.
#[cfg(target_os = "linux")]
const MANY: usize = 16;

/// Writes what the survey planned to the stage, and names the journal when all of it is on the medium.
pub(super) fn stage(
    disk: &Disk<'_>,
    manifest: &ArtifactPath,
    survey: Survey<'_>,
) -> Result<Journal, PublishError> {
    let work = disk.folder(WORK)?;
    disk.create_folder(&work, "stage", 0o700)?;
    let stage = disk.folder(STAGE)?;
    let many = survey.writes.len();
    let mut writes = Vec::with_capacity(many + 1);
    for Planned { artifact, after, before } in survey.writes {
        let name = writes.len().to_string();
        put(disk, (&stage, &name), &artifact.contents, artifact.executable, many)?;
        writes.push(Write { path: artifact.path.clone(), sha256: after, before });
    }
    if let Some((text, before)) = survey.manifest {
        put(disk, (&stage, &writes.len().to_string()), &text, false, many)?;
        writes.push(Write { path: manifest.clone(), sha256: Digest::of(text.as_bytes()), before });
    }
    let journal = Journal::new(writes, survey.removes);
    let text =
        journal.render().map_err(|reason| PublishError::Untrusted { path: disk.full(JOURNAL), reason })?;
    put(disk, (&work, DRAFT), &text, false, many)?;
    barrier(disk, many, &[stage])?;
    disk.rename(&work, DRAFT, &work, "journal")?;
    disk.sync(&work, WORK)?;
    disk.sync(&disk.folder("")?, "")?;
    Ok(journal)
}

fn put(
    disk: &Disk<'_>,
    (folder, name): (&Folder, &str),
    text: &str,
    executable: bool,
    many: usize,
) -> Result<(), Refusal> {
    let fd = disk.create(folder, name, text.as_bytes(), executable)?;
    if one_by_one(many) { disk.sync(fd, &folder.child(name)) } else { Ok(()) }
}

/// A staged file must hold what the journal says, or have been moved already.
pub(super) fn verify(disk: &Disk<'_>, journal: &Journal) -> Result<(), PublishError> {
    for (name, write) in journal.writes.iter().enumerate() {
        let path = format!("{STAGE}/{name}");
        let untrusted = |reason: String| PublishError::Untrusted { path: disk.full(&path), reason };
        match disk.look(&path)? {
            Look::Absent => {}
            Look::File(file) if disk.digest(&file)? == write.sha256 => {}
            Look::File(_) => return Err(untrusted("it is not what the journal says".to_owned())),
            Look::Obstacle(reason) => return Err(untrusted(format!("it {reason}"))),
        }
    }
    Ok(())
}

/// Removes the journal, and only then what it refers to.
pub(super) fn discard(disk: &Disk<'_>) -> Result<(), PublishError> {
    let work = disk.folder(WORK)?;
    disk.remove(&work, "journal")?;
    disk.remove(&work, DRAFT)?;
    let stage = match disk.folder(STAGE) {
        Ok(stage) => stage,
        Err(refusal) if refusal.errno == Errno::NOENT => return Ok(()),
        Err(refusal) => return Err(refusal.into()),
    };
    for name in disk.list(&stage)? {
        if !name.bytes().all(|byte| byte.is_ascii_digit()) {
            let reason = "stackc did not write it: remove it and build again".to_owned();
            return Err(PublishError::Untrusted { path: disk.full(&stage.child(&name)), reason });
        }
        disk.remove(&stage, &name)?;
    }
    disk.remove_folder(&work, "stage")?;
    Ok(())
}

#[cfg(target_os = "linux")]
fn one_by_one(many: usize) -> bool {
    many < MANY
}

#[cfg(not(target_os = "linux"))]
fn one_by_one(_many: usize) -> bool {
    true
}

/// Waits until the names in the folders are on the medium, and the content of files that were not waited for.
pub(super) fn barrier(disk: &Disk<'_>, many: usize, folders: &[Folder]) -> Result<(), Refusal> {
    #[cfg(target_os = "linux")]
    if !one_by_one(many) {
        return disk.sync_all();
    }
    folders.iter().try_for_each(|folder| disk.sync(folder, folder.path()))
}
