//! Which project a command is about: found from its argument, its manifest and lock read. Must not compile.
#![expect(clippy::disallowed_methods, reason = "looks for the project on the disk")]

use std::path::{Path, PathBuf};

use super::disk::Disk;
use super::here;
use crate::diagnostic::Diagnostic;
use crate::load::STD_PREFIX;
use crate::lock::Lock;
use crate::model::Project;
use crate::project::{ENTRY, FILE, Settings};
use crate::source::{Files, ReadError, SourceMap};

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
    let folder = root.canonicalize().unwrap_or_else(|_| root.clone());
    let folder =
        folder.file_name().map_or_else(|| "stack".into(), |name| name.to_string_lossy().into_owned());
    let Settings { entry: named, project, lock, problems, sources } = Settings::read(&files, &folder);
    if !problems.is_empty() {
        let problems = problems.into_iter().map(|problem| problem.diagnostic).collect();
        return Err(Missing::Wrong(problems, seen_from_here(&root, &sources)));
    }
    let entry = entry.or(named).unwrap_or_else(|| ENTRY.to_owned());
    if files.read(&entry) == Err(ReadError::NotFound) {
        let place = root.display();
        return Err(Missing::NoInput(format!(
            "there is no `{entry}` in `{place}`; `stackc new` makes a first one"
        )));
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

    /// The sources under the names that they have where paths are read.
    pub(super) fn seen(&self, sources: &SourceMap) -> SourceMap {
        seen_from_here(&self.root, sources)
    }
}

fn seen_from_here(root: &Path, sources: &SourceMap) -> SourceMap {
    let prefix = here::prefix(root);
    sources.renamed(
        |path| if path.starts_with(STD_PREFIX) { path.to_owned() } else { format!("{prefix}{path}") },
    )
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
