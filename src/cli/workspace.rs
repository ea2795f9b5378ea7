//! Which project a command is about: found from its argument, its manifest and lock read. Must not compile.
#![expect(clippy::disallowed_methods, reason = "looks for the project on the disk")]

use std::path::{Path, PathBuf};

use super::disk::Disk;
use crate::diagnostic::{Baseline, Diagnostic, codes};
use crate::lock::Lock;
use crate::model::Project;
use crate::project::{ENTRY, FILE, Manifest};
use crate::source::{Files, MAX_SOURCE_BYTES, ReadError, SourceMap};

/// Findings that were there when the project took up the rules.
pub(super) const BASELINE: &str = "stackc.baseline";

/// A project on the disk.
#[derive(Debug)]
pub(super) struct Workspace<F = Disk> {
    /// Folder that all paths are relative to.
    pub(super) root: PathBuf,
    /// The file that describes the system.
    pub(super) entry: String,
    pub(super) project: Project,
    pub(super) lock: Lock,
    pub(super) files: F,
}

/// Why there is no project.
#[derive(Debug)]
pub(super) enum Missing {
    /// Nothing to compile: exit code 3.
    NoInput(String),
    /// The manifest or the lock is wrong.
    Wrong(Vec<Diagnostic>, SourceMap),
}

/// The project of a file, a folder or, without an argument, the working folder or one above it.
pub(super) fn open(argument: Option<&Path>) -> Result<Workspace, Missing> {
    open_as(argument, Disk::new)
}

/// The same, with files that do more than read.
pub(super) fn open_as<F: Files>(
    argument: Option<&Path>,
    files: impl FnOnce(&Path) -> F,
) -> Result<Workspace<F>, Missing> {
    let (root, entry) = locate(argument)?;
    let files = files(&root);
    read(root, entry, files)
}

/// The same project with other files: those of a commit.
pub(super) fn elsewhere<F: Files>(
    workspace: &Workspace,
    entry: Option<String>,
    files: F,
) -> Result<Workspace<F>, Missing> {
    read(workspace.root.clone(), entry, files)
}

fn read<F: Files>(root: PathBuf, entry: Option<String>, files: F) -> Result<Workspace<F>, Missing> {
    let mut sources = SourceMap::default();
    let manifest = match text(&files, FILE)? {
        None => Manifest::default(),
        Some(text) => {
            let id = sources.add(FILE, &text);
            Manifest::parse(id, &text).map_err(|problem| Missing::Wrong(vec![problem], sources.clone()))?
        }
    };
    let lock = match text(&files, "stackc.lock")? {
        None => Lock::default(),
        Some(text) => {
            let id = sources.add("stackc.lock", &text);
            Lock::parse(id, &text).map_err(|problems| Missing::Wrong(problems, sources.clone()))?
        }
    };
    let entry = entry.or_else(|| manifest.entry.clone()).unwrap_or_else(|| ENTRY.to_owned());
    let folder = root.canonicalize().unwrap_or_else(|_| root.clone());
    let folder =
        folder.file_name().map_or_else(|| "stack".into(), |name| name.to_string_lossy().into_owned());
    if files.read(&entry) == Err(ReadError::NotFound) {
        let place = root.display();
        return Err(Missing::NoInput(format!(
            "there is no `{entry}` in `{place}`; `stackc new` makes a first one"
        )));
    }
    let mut project = manifest.project(&folder);
    project.known = text(&files, BASELINE)?.map(|text| Baseline::parse(&text)).unwrap_or_default();
    if let Err(problem) = crate::output::ArtifactPath::parse(&project.output) {
        let message = format!("`output` is no folder inside the project: {problem}");
        return Err(Missing::Wrong(vec![Diagnostic::error(codes::BAD_MANIFEST, message)], sources));
    }
    Ok(Workspace { root, entry, project, lock, files })
}

impl<F> Workspace<F> {
    /// The path inside the project of a file that is named from the working folder.
    pub(super) fn inside(&self, path: &str) -> Option<String> {
        let real = Path::new(path).canonicalize().ok()?;
        let path = real.strip_prefix(self.root.canonicalize().ok()?).ok()?;
        path.to_str().map(ToOwned::to_owned)
    }
}

/// The root, and the entry where the argument names a file.
fn locate(argument: Option<&Path>) -> Result<(PathBuf, Option<String>), Missing> {
    match argument {
        Some(path) if path.is_dir() => Ok((path.to_owned(), None)),
        Some(path) if path.is_file() => {
            let folder =
                path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            let root = project_above(folder).unwrap_or_else(|| folder.to_owned());
            let inside = path.canonicalize().ok().zip(root.canonicalize().ok());
            let entry =
                inside.and_then(|(path, root)| path.strip_prefix(root).ok()?.to_str().map(ToOwned::to_owned));
            Ok((root, entry))
        }
        Some(path) => Err(Missing::NoInput(format!("there is no `{}`", path.display()))),
        None => Ok((project_above(Path::new(".")).unwrap_or_else(|| ".".into()), None)),
    }
}

/// The nearest folder with a manifest.
pub(super) fn project_above(folder: &Path) -> Option<PathBuf> {
    let real = folder.canonicalize().ok()?;
    if real.join(FILE).is_file() {
        return Some(folder.to_owned());
    }
    real.ancestors().skip(1).find(|folder| folder.join(FILE).is_file()).map(Path::to_owned)
}

/// A file that may be missing, but not unreadable.
fn text(files: &dyn Files, path: &str) -> Result<Option<String>, Missing> {
    let wrong = |message| {
        let problem =
            Diagnostic::error(codes::UNREADABLE_FILE, format!("`{path}` cannot be read: {message}"));
        Err(Missing::Wrong(vec![problem], SourceMap::default()))
    };
    match files.read(path) {
        Ok(bytes) if bytes.len() > MAX_SOURCE_BYTES => wrong("it is too large".to_owned()),
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Ok(Some(text)),
            Err(_) => wrong("it is not UTF-8".to_owned()),
        },
        Err(ReadError::NotFound) => Ok(None),
        Err(ReadError::Unreadable(message)) => wrong(message),
    }
}
