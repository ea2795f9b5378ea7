//! A scratch root, an old and a new set of artifacts that differ in every way, and gates that refuse.

#![expect(clippy::disallowed_methods, reason = "these tests set up and inspect real files")]

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use stackc::output::{Artifact, ArtifactPath, Gate, Mode, Operation, PublishError, Publisher, Report};

pub(crate) const WRITE: Mode = Mode::Write { force: false };
pub(crate) const FORCE: Mode = Mode::Write { force: true };

/// What is at each path below a folder, without the publisher's own folder.
pub(crate) type Tree = BTreeMap<String, Node>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node {
    File(Vec<u8>, bool),
    Folder,
    Link(PathBuf),
}

pub(crate) fn path(text: &str) -> ArtifactPath {
    ArtifactPath::parse(text).unwrap()
}

pub(crate) fn manifest() -> ArtifactPath {
    path("deploy/stackc.manifest.json")
}

pub(crate) fn artifact(at: &str, contents: impl Into<String>) -> Artifact {
    Artifact { path: path(at), contents: contents.into(), executable: false }
}

pub(crate) fn script(at: &str, contents: &str) -> Artifact {
    Artifact { executable: true, ..artifact(at, contents) }
}

pub(crate) fn old() -> Vec<Artifact> {
    vec![
        artifact("deploy/same", "same\n"),
        artifact("deploy/changed", "old\n"),
        artifact("deploy/large", "old ".repeat(17_000)),
        artifact("deploy/ops", "#!/bin/sh\n"),
        artifact("deploy/gone/a/b", "removed\n"),
        artifact("deploy/becomes-a-folder", "file\n"),
        artifact("deploy/becomes-a-file/x/y", "below\n"),
    ]
}

pub(crate) fn new() -> Vec<Artifact> {
    vec![
        artifact("deploy/same", "same\n"),
        artifact("deploy/changed", "new and longer\n"),
        artifact("deploy/large", "new ".repeat(17_001)),
        script("deploy/ops", "#!/bin/sh\n"),
        artifact("deploy/fresh/a/b", "created\n"),
        artifact(".github/workflows/ci.yml", "on: push\n"),
        artifact("deploy/becomes-a-folder/file", "below\n"),
        artifact("deploy/becomes-a-file", "file\n"),
    ]
}

/// A scratch folder, on a memory file system where there is one: thousands of publications sync otherwise.
pub(crate) fn scratch() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    let parent = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    tempfile::tempdir_in(parent).unwrap()
}

pub(crate) fn publish(root: &Path, artifacts: &[Artifact], mode: Mode) -> Result<Report, PublishError> {
    stackc::output::publish(root, &manifest(), artifacts, mode)
}

pub(crate) fn publish_through(
    root: &Path,
    artifacts: &[Artifact],
    mode: Mode,
    gate: &dyn Gate,
) -> Result<Report, PublishError> {
    Publisher::new(root, &manifest()).gate(gate).publish(artifacts, mode)
}

/// The tree that holds exactly the artifacts, with a file of the user beside them.
pub(crate) fn expected(artifacts: &[Artifact]) -> Tree {
    let root = scratch();
    start(root.path(), artifacts);
    tree(root.path())
}

/// A root with the user's file and published artifacts.
pub(crate) fn start(root: &Path, artifacts: &[Artifact]) {
    fs::write(root.join("README.md"), "the user's\n").unwrap();
    publish(root, artifacts, WRITE).unwrap();
}

/// Writes a tree as it was seen, faster than publishing it.
pub(crate) fn lay_out(root: &Path, tree: &Tree) {
    for (path, node) in tree {
        let at = root.join(path);
        match node {
            Node::Folder => fs::create_dir(at).unwrap(),
            Node::Link(to) => std::os::unix::fs::symlink(to, at).unwrap(),
            Node::File(bytes, executable) => {
                fs::write(&at, bytes).unwrap();
                let mode = if *executable { 0o755 } else { 0o644 };
                fs::set_permissions(at, fs::Permissions::from_mode(mode)).unwrap();
            }
        }
    }
}

pub(crate) fn tree(root: &Path) -> Tree {
    let mut tree = Tree::new();
    collect(root, "", &mut tree);
    tree
}

fn collect(root: &Path, below: &str, tree: &mut Tree) {
    for entry in fs::read_dir(root.join(below)).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if below.is_empty() && name == ".stackc" {
            continue;
        }
        let path = if below.is_empty() { name } else { format!("{below}/{name}") };
        let kind = entry.file_type().unwrap();
        let node = if kind.is_symlink() {
            Node::Link(fs::read_link(entry.path()).unwrap())
        } else if kind.is_dir() {
            collect(root, &path, tree);
            Node::Folder
        } else {
            let executable = entry.metadata().unwrap().permissions().mode() & 0o100 != 0;
            Node::File(fs::read(entry.path()).unwrap(), executable)
        };
        tree.insert(path, node);
    }
}

/// Whether anything of the publisher's own folder is left.
pub(crate) fn is_tidy(root: &Path) -> bool {
    fs::symlink_metadata(root.join(".stackc")).is_err()
}

/// After an accident while `new` replaced `old`: the tree is the old one, or recovery alone makes it the new one; and
/// a clean run makes it the new one in any case.
pub(crate) fn assert_old_or_new(root: &Path, old: &Tree, new: &Tree, what: &str) {
    let before = tree(root);
    let committed = root.join(".stackc/journal").exists();
    // Nothing can be staged through this gate, so what becomes of the tree is recovery's work.
    let recovered = publish_through(root, &self::new(), WRITE, &RefuseCreation);
    let after = tree(root);
    if committed {
        assert!(recovered.is_ok_and(|report| report.is_current()), "{what}: recovery did not finish");
        assert!(after == *new, "{what}: recovered to another tree");
    } else {
        assert!(before == *old || before == *new, "{what}: torn tree without a journal");
        assert!(after == before, "{what}: recovery changed a whole tree");
    }
    publish(root, &self::new(), WRITE).unwrap_or_else(|error| panic!("{what}: {error}"));
    assert!(tree(root) == *new, "{what}: the clean run made another tree");
    assert!(is_tidy(root), "{what}: the work folder is left");
}

/// Refuses to create files.
struct RefuseCreation;

impl Gate for RefuseCreation {
    fn pass(&self, operation: Operation, _: &str) -> io::Result<()> {
        if operation == Operation::Create { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }
}

/// Refuses the n-th operation, and with `sticky` every later one.
pub(crate) struct Refuse {
    count: AtomicUsize,
    nth: usize,
    sticky: bool,
    errno: i32,
}

impl Refuse {
    pub(crate) fn new(nth: usize, sticky: bool, errno: i32) -> Self {
        Self { count: AtomicUsize::new(0), nth, sticky, errno }
    }

    /// Whether the n-th operation was reached.
    pub(crate) fn was_reached(&self) -> bool {
        self.count.load(Ordering::Relaxed) > self.nth
    }
}

impl Gate for Refuse {
    fn pass(&self, _: Operation, _: &str) -> io::Result<()> {
        let now = self.count.fetch_add(1, Ordering::Relaxed);
        if now == self.nth || (self.sticky && now > self.nth) {
            return Err(io::Error::from_raw_os_error(self.errno));
        }
        Ok(())
    }
}

/// Claims, as an old kernel does, that there is no `openat2`.
pub(crate) struct OldKernel;

impl Gate for OldKernel {
    fn pass(&self, operation: Operation, path: &str) -> io::Result<()> {
        if operation == Operation::Open && !path.is_empty() {
            return Err(io::Error::from_raw_os_error(rustix::io::Errno::NOSYS.raw_os_error()));
        }
        Ok(())
    }
}

/// Lets everything pass.
pub(crate) struct Anything;

impl Gate for Anything {
    fn pass(&self, _: Operation, _: &str) -> io::Result<()> {
        Ok(())
    }
}
