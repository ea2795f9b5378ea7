//! The disk below one root: the only file operations of stackc, each behind the gate, none through a symbolic link or
//! out of the root. Must not decide what is written.

use std::cell::Cell;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};

use rustix::fs::{self, AtFlags, Dir, FileType, Mode, OFlags, Stat};
use rustix::io::{Errno, retry_on_intr};

use super::Gate;
use super::digest::{Digest, Hasher};
use super::error::{Operation, PublishError, Reason};

const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);
/// `NONBLOCK`, so that a pipe in the place of a file cannot hang the build.
const READ: OFlags = OFlags::RDONLY.union(OFlags::NONBLOCK).union(OFlags::NOCTTY).union(OFlags::CLOEXEC);
const NEW: OFlags =
    OFlags::WRONLY.union(OFlags::CREATE).union(OFlags::EXCL).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);
const PIECE: usize = 64 * 1024;

/// An output root.
pub(super) struct Disk<'a> {
    path: &'a Path,
    root: OwnedFd,
    gate: &'a dyn Gate,
    /// Set once the kernel turns out not to know `openat2`.
    step_by_step: Cell<bool>,
}

/// An open folder, with its path below the root.
pub(super) struct Folder {
    fd: OwnedFd,
    path: String,
}

/// What is at a path.
pub(super) enum Look {
    Absent,
    File(File),
    Obstacle(Reason),
}

/// An open regular file.
pub(super) struct File {
    fd: OwnedFd,
    path: String,
    pub(super) len: u64,
    pub(super) executable: bool,
}

/// A refused operation, before it is an error: some refusals are answers.
#[derive(Debug)]
pub(super) struct Refusal {
    operation: Operation,
    path: PathBuf,
    pub(super) errno: Errno,
}

impl From<Refusal> for PublishError {
    fn from(refusal: Refusal) -> Self {
        let Refusal { operation, path, errno } = refusal;
        Self::Io { operation, path, source: io::Error::from(errno) }
    }
}

impl Refusal {
    /// The refusal as a fact about the path, when it is one.
    pub(super) fn reason(&self) -> Option<Reason> {
        match self.errno {
            Errno::LOOP => Some(Reason::Link),
            Errno::NOTDIR => Some(Reason::NotAFolder),
            Errno::XDEV => Some(Reason::OtherFileSystem),
            // What opening a socket answers.
            Errno::NXIO => Some(Reason::Special),
            Errno::ISDIR => Some(Reason::Folder),
            _ => None,
        }
    }
}

impl<'a> Disk<'a> {
    /// Opens the root itself; the way to it may lead through links, that is the caller's choice.
    pub(super) fn open(path: &'a Path, gate: &'a dyn Gate) -> Result<Self, PublishError> {
        let refused = |errno| Refusal { operation: Operation::Open, path: path.to_owned(), errno };
        ask(gate, Operation::Open, "").map_err(refused)?;
        let root = fs::open(path, FOLDER, Mode::empty()).map_err(refused)?;
        Ok(Self { path, root, gate, step_by_step: Cell::new(false) })
    }

    /// A path below the root as errors name it.
    pub(super) fn full(&self, path: &str) -> PathBuf {
        self.path.join(path)
    }

    /// Opens a folder; the empty path is the root.
    pub(super) fn folder(&self, path: &str) -> Result<Folder, Refusal> {
        let fd = self.call(Operation::Open, path, || self.open_below(path, FOLDER))?;
        Ok(Folder { fd, path: path.to_owned() })
    }

    /// Looks at what is at a path, and opens it when it is a file.
    pub(super) fn look(&self, path: &str) -> Result<Look, Refusal> {
        let fd = match self.call(Operation::Open, path, || self.open_below(path, READ)) {
            Ok(fd) => fd,
            Err(refusal) if refusal.errno == Errno::NOENT => return Ok(Look::Absent),
            Err(refusal) => return refusal.reason().map(Look::Obstacle).ok_or(refusal),
        };
        let stat = self.stat(&fd, path)?;
        Ok(match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile => Look::File(File {
                fd,
                path: path.to_owned(),
                len: u64::try_from(stat.st_size).unwrap_or(0),
                executable: Mode::from_raw_mode(stat.st_mode).contains(Mode::XUSR),
            }),
            FileType::Directory => Look::Obstacle(Reason::Folder),
            _ => Look::Obstacle(Reason::Special),
        })
    }

    /// Reads a file whose length the caller has found acceptable.
    pub(super) fn read(&self, file: &File) -> Result<Vec<u8>, Refusal> {
        let mut bytes = Vec::with_capacity(usize::try_from(file.len).unwrap_or(0));
        self.pieces(file, |piece| bytes.extend_from_slice(piece))?;
        Ok(bytes)
    }

    /// Hashes a file of any length.
    pub(super) fn digest(&self, file: &File) -> Result<Digest, Refusal> {
        let mut hasher = Hasher::default();
        self.pieces(file, |piece| hasher.update(piece))?;
        Ok(hasher.finish())
    }

    /// Creates a file that must not exist, with its content.
    pub(super) fn create(
        &self,
        folder: &Folder,
        name: &str,
        bytes: &[u8],
        executable: bool,
    ) -> Result<OwnedFd, Refusal> {
        let mode = Mode::from_raw_mode(if executable { 0o777 } else { 0o666 });
        let path = folder.child(name);
        let fd = self.call(Operation::Create, &path, || fs::openat(folder, name, NEW, mode))?;
        let mut rest = bytes;
        while !rest.is_empty() {
            let piece = rest.get(..PIECE).unwrap_or(rest);
            let written = self.call(Operation::Write, &path, || rustix::io::write(&fd, piece))?;
            rest = rest.get(written..).unwrap_or_default();
        }
        Ok(fd)
    }

    /// Opens the lock file, created empty where it is missing.
    pub(super) fn lock_file(&self, folder: &Folder, name: &str) -> Result<OwnedFd, Refusal> {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let mode = Mode::RUSR | Mode::WUSR;
        self.call(Operation::Open, &folder.child(name), || fs::openat(folder, name, flags, mode))
    }

    /// Takes the lock without waiting; whether it was free.
    pub(super) fn try_lock(&self, fd: &OwnedFd, path: &str) -> Result<bool, Refusal> {
        let exclusive = fs::FlockOperation::NonBlockingLockExclusive;
        match self.call(Operation::Lock, path, || fs::flock(fd, exclusive)) {
            Ok(()) => Ok(true),
            Err(refusal) if refusal.errno == Errno::WOULDBLOCK => Ok(false),
            Err(refusal) => Err(refusal),
        }
    }

    /// Whether the name still leads to the open file.
    pub(super) fn is_same(&self, folder: &Folder, name: &str, fd: &OwnedFd) -> Result<bool, Refusal> {
        let path = folder.child(name);
        let open = self.stat(fd, &path)?;
        match self.call(Operation::Stat, &path, || fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW)) {
            Ok(named) => Ok(named.st_ino == open.st_ino && named.st_dev == open.st_dev),
            Err(refusal) if refusal.errno == Errno::NOENT => Ok(false),
            Err(refusal) => Err(refusal),
        }
    }

    /// Creates a folder; whether it was missing.
    pub(super) fn create_folder(&self, parent: &Folder, name: &str, mode: u32) -> Result<bool, Refusal> {
        let mode = Mode::from_raw_mode(mode as _);
        match self.call(Operation::CreateFolder, &parent.child(name), || fs::mkdirat(parent, name, mode)) {
            Ok(()) => Ok(true),
            Err(refusal) if refusal.errno == Errno::EXIST => Ok(false),
            Err(refusal) => Err(refusal),
        }
    }

    /// Moves a file over whatever file or link has the new name.
    pub(super) fn rename(&self, from: &Folder, old: &str, to: &Folder, new: &str) -> Result<(), Refusal> {
        self.call(Operation::Rename, &to.child(new), || fs::renameat(from, old, to, new))
    }

    /// Removes a file; one that is not there is no error.
    pub(super) fn remove(&self, folder: &Folder, name: &str) -> Result<(), Refusal> {
        match self
            .call(Operation::Remove, &folder.child(name), || fs::unlinkat(folder, name, AtFlags::empty()))
        {
            Err(refusal) if refusal.errno != Errno::NOENT => Err(refusal),
            _ => Ok(()),
        }
    }

    /// Removes a folder when it is empty; whether it is gone.
    pub(super) fn remove_folder(&self, parent: &Folder, name: &str) -> Result<bool, Refusal> {
        let removed = self.call(Operation::RemoveFolder, &parent.child(name), || {
            fs::unlinkat(parent, name, AtFlags::REMOVEDIR)
        });
        match removed {
            Ok(()) => Ok(true),
            Err(refusal) => match refusal.errno {
                Errno::NOENT => Ok(true),
                // Not empty, a mount point, or not a folder any more: it stays.
                Errno::NOTEMPTY | Errno::EXIST | Errno::BUSY | Errno::NOTDIR => Ok(false),
                _ => Err(refusal),
            },
        }
    }

    /// The names in a folder; one that is not UTF-8 becomes one that no artifact can have.
    pub(super) fn list(&self, folder: &Folder) -> Result<Vec<String>, Refusal> {
        let entries = self
            .call(Operation::List, &folder.path, || Dir::read_from(folder)?.collect::<Result<Vec<_>, _>>())?;
        let names = entries.iter().map(|entry| entry.file_name().to_string_lossy().into_owned());
        Ok(names.filter(|name| name != "." && name != "..").collect())
    }

    /// Waits until a file's content, or a folder's names, are on the medium.
    pub(super) fn sync(&self, fd: impl AsFd, path: &str) -> Result<(), Refusal> {
        self.call(Operation::Sync, path, || fs::fsync(fd.as_fd()))
    }

    /// Waits until everything on the root's file system is on the medium, where the system can do that.
    #[cfg(target_os = "linux")]
    pub(super) fn sync_all(&self) -> Result<(), Refusal> {
        self.call(Operation::Sync, "", || fs::syncfs(&self.root))
    }

    fn stat(&self, fd: &OwnedFd, path: &str) -> Result<Stat, Refusal> {
        self.call(Operation::Stat, path, || fs::fstat(fd))
    }

    fn pieces(&self, file: &File, mut take: impl FnMut(&[u8])) -> Result<(), Refusal> {
        let mut buffer = vec![0; PIECE.min(usize::try_from(file.len).unwrap_or(PIECE) + 1)];
        loop {
            let read =
                self.call(Operation::Read, &file.path, || rustix::io::read(&file.fd, &mut buffer[..]))?;
            match buffer.get(..read) {
                None | Some([]) => return Ok(()),
                Some(piece) => take(piece),
            }
        }
    }

    fn call<T>(
        &self,
        operation: Operation,
        path: &str,
        mut act: impl FnMut() -> Result<T, Errno>,
    ) -> Result<T, Refusal> {
        ask(self.gate, operation, path)
            .or_else(|errno| self.forgive(operation, errno))
            .and_then(|()| retry_on_intr(&mut act))
            .map_err(|errno| Refusal { operation, path: self.full(path), errno })
    }

    /// A gate may claim, as an old kernel would, that there is no `openat2`.
    fn forgive(&self, operation: Operation, errno: Errno) -> Result<(), Errno> {
        if operation == Operation::Open && errno == Errno::NOSYS {
            self.step_by_step.set(true);
            return Ok(());
        }
        Err(errno)
    }

    #[cfg(target_os = "linux")]
    fn open_below(&self, path: &str, flags: OFlags) -> Result<OwnedFd, Errno> {
        use rustix::fs::ResolveFlags;
        if self.step_by_step.get() {
            return self.walk(path, flags);
        }
        let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_XDEV;
        let below = if path.is_empty() { "." } else { path };
        match fs::openat2(&self.root, below, flags, Mode::empty(), resolve) {
            // Old kernels do not know the call, and old container filters forbid what they do not know.
            Err(Errno::NOSYS | Errno::PERM) => {
                self.step_by_step.set(true);
                self.walk(path, flags)
            }
            opened => opened,
        }
    }

    #[cfg(not(target_os = "linux"))]
    fn open_below(&self, path: &str, flags: OFlags) -> Result<OwnedFd, Errno> {
        self.walk(path, flags)
    }

    /// Opens one component after the other, none of them a link and none on another file system.
    fn walk(&self, path: &str, flags: OFlags) -> Result<OwnedFd, Errno> {
        let mut at = fs::openat(&self.root, ".", FOLDER, Mode::empty())?;
        let device = fs::fstat(&at)?.st_dev;
        let mut rest = Some(path).filter(|path| !path.is_empty());
        while let Some(path) = rest {
            let (name, below) =
                path.split_once('/').map_or((path, None), |(name, below)| (name, Some(below)));
            let flags = if below.is_some() { FOLDER } else { flags };
            let stat = fs::statat(&at, name, AtFlags::SYMLINK_NOFOLLOW)?;
            if FileType::from_raw_mode(stat.st_mode) == FileType::Symlink {
                return Err(Errno::LOOP);
            }
            at = fs::openat(&at, name, flags | OFlags::NOFOLLOW, Mode::empty())?;
            if fs::fstat(&at)?.st_dev != device {
                return Err(Errno::XDEV);
            }
            rest = below;
        }
        Ok(at)
    }
}

impl Folder {
    /// The path of a name in this folder.
    pub(super) fn child(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}/{name}", self.path) }
    }

    /// The path of the folder below the root.
    pub(super) fn path(&self) -> &str {
        &self.path
    }
}

impl AsFd for Folder {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

fn ask(gate: &dyn Gate, operation: Operation, path: &str) -> Result<(), Errno> {
    gate.pass(operation, path).map_err(|error| Errno::from_io_error(&error).unwrap_or(Errno::IO))
}
