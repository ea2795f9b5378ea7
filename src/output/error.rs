//! What can stop a publication. Each says which path, what was tried and why it failed; which exit code follows is
//! the caller's decision.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use super::path::ArtifactPath;

/// A publication that did not happen, or that the next run will finish.
#[derive(Debug)]
pub enum PublishError {
    /// The system refused an operation. Before the journal was written the tree is the old one; after it, the next
    /// run finishes the new one.
    Io {
        /// What was tried.
        operation: Operation,
        /// On which path.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Two artifacts that cannot both exist.
    Collision {
        /// The earlier one.
        first: ArtifactPath,
        /// The later one.
        second: ArtifactPath,
    },
    /// The manifest or the journal on disk is not one that stackc writes.
    Untrusted {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Files that stackc did not write, or that were edited since, are in the way. Nothing was written.
    Conflicts(Vec<Conflict>),
    /// Files that somebody changed while the others were written. They were kept; all others are new.
    Overtaken(Vec<Conflict>),
    /// Another build holds the lock.
    Locked {
        /// The lock file.
        path: PathBuf,
        /// How long this one waited.
        waited: Duration,
    },
    /// `Mode::Check` met the journal of a build that was killed or is still running.
    Interrupted {
        /// The journal.
        journal: PathBuf,
    },
    /// This system lacks what a safe publication needs.
    Unsupported,
}

/// A path that is not the publisher's to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Below the root.
    pub path: ArtifactPath,
    /// What is there.
    pub reason: Reason,
}

/// What makes a path not the publisher's to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Written by stackc, changed by someone else since.
    Edited,
    /// A file that stackc never wrote.
    Foreign,
    /// The file or a folder above it is a symbolic link.
    Link,
    /// A folder stands where the file should be.
    Folder,
    /// A file stands where a folder should be.
    NotAFolder,
    /// A device, socket or pipe.
    Special,
    /// On another file system, where a rename cannot reach.
    OtherFileSystem,
}

/// An operation on the disk, as an error names it and a [`super::Gate`] sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// Open a file or a folder.
    Open,
    /// Read the kind, size and mode of a file.
    Stat,
    /// Read content.
    Read,
    /// Write content.
    Write,
    /// Wait until content is on the medium.
    Sync,
    /// Create a file.
    Create,
    /// Create a folder.
    CreateFolder,
    /// Move a file into place.
    Rename,
    /// Remove a file.
    Remove,
    /// Remove an empty folder.
    RemoveFolder,
    /// List a folder.
    List,
    /// Take the lock.
    Lock,
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Open => "open",
            Self::Stat => "inspect",
            Self::Read => "read",
            Self::Write => "write",
            Self::Sync => "sync",
            Self::Create => "create",
            Self::CreateFolder => "create the folder",
            Self::Rename => "move into place",
            Self::Remove => "remove",
            Self::RemoveFolder => "remove the folder",
            Self::List => "list",
            Self::Lock => "lock",
        })
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Edited => "was edited since stackc wrote it",
            Self::Foreign => "was not written by stackc",
            Self::Link => "is a symbolic link or lies behind one",
            Self::Folder => "is a folder, expected a file",
            Self::NotAFolder => "lies below a file, expected a folder",
            Self::Special => "is not a regular file",
            Self::OtherFileSystem => "lies on another file system than the output root",
        })
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.path, self.reason)
    }
}

impl fmt::Display for PublishError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { operation, path, source } => {
                write!(f, "cannot {operation} `{}`: {source}", path.display())
            }
            Self::Collision { first, second } => {
                write!(
                    f,
                    "`{first}` and `{second}` cannot both be written: they are one name on some systems"
                )
            }
            Self::Untrusted { path, reason } => write!(f, "`{}` is not usable: {reason}", path.display()),
            Self::Conflicts(conflicts) => {
                f.write_str("nothing was written")?;
                conflicts.iter().try_for_each(|conflict| write!(f, "\n  {conflict}"))
            }
            Self::Overtaken(conflicts) => {
                f.write_str("everything was written but what changed meanwhile")?;
                conflicts.iter().try_for_each(|conflict| write!(f, "\n  {conflict}"))
            }
            Self::Locked { path, waited } => write!(
                f,
                "another build holds `{}`, waited {} s for it",
                path.display(),
                waited.as_secs_f32()
            ),
            Self::Interrupted { journal } => {
                write!(
                    f,
                    "`{}` shows a build that has not finished: build again to finish it",
                    journal.display()
                )
            }
            Self::Unsupported => f.write_str("publishing needs a Unix system"),
        }
    }
}

impl std::error::Error for PublishError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}
