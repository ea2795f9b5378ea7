//! The change itself: stage everything, write the journal, then move each file into place. A publication and the
//! recovery of a killed one are the same code from the journal on. Must not decide what is written.

use super::apply::Apply;
use super::disk::Disk;
use super::error::{Conflict, PublishError};
use super::journal::Journal;
use super::path::ArtifactPath;
use super::stage::{JOURNAL, discard, stage, verify};
use super::survey::{Survey, read_record};

/// Makes the surveyed changes. Until the journal has its name nothing outside the work folder has changed.
pub(super) fn commit(
    disk: &Disk<'_>,
    manifest: &ArtifactPath,
    survey: Survey<'_>,
) -> Result<Vec<Conflict>, PublishError> {
    let journal = match stage(disk, manifest, survey) {
        Ok(journal) => journal,
        Err(error) => {
            // The first error is the one to report; what is left behind, the next run removes.
            let _ = discard(disk);
            return Err(error);
        }
    };
    let skipped = Apply::run(disk, &journal)?;
    discard(disk)?;
    Ok(skipped)
}

/// Finishes a publication that was killed after its journal was complete, and forgets one that was killed before.
pub(super) fn recover(disk: &Disk<'_>) -> Result<(), PublishError> {
    if let Some(bytes) = read_record(disk, JOURNAL)? {
        let journal = Journal::parse(&bytes)
            .map_err(|reason| PublishError::Untrusted { path: disk.full(JOURNAL), reason })?;
        verify(disk, &journal)?;
        Apply::run(disk, &journal)?;
    }
    discard(disk)
}
