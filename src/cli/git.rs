//! The files of a project as a commit has them, from the `git` of the system. Must not change the repository, and must
//! not run anything that the repository names.
#![expect(clippy::disallowed_methods, reason = "asks git")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::source::{Files, ReadError};

/// Modes of regular files in a tree.
const REGULAR: [&str; 2] = ["100644", "100755"];

/// A commit, seen from a folder of its repository.
#[derive(Debug)]
pub(super) struct Revision {
    folder: PathBuf,
    /// Mode and object of each file, by its path below the folder.
    files: BTreeMap<String, (String, String)>,
}

impl Revision {
    /// The files below a folder at a revision, or why there are none.
    pub(super) fn open(folder: &Path, name: &str) -> Result<Self, String> {
        let commit = format!("{name}^{{commit}}");
        let arguments = ["rev-parse", "--verify", "--quiet", "--end-of-options", &commit];
        let commit = git(folder, &arguments).map_err(|problem| match problem {
            // Quiet: git says nothing about a name that it does not know.
            problem if problem.is_empty() => unknown(folder, name),
            problem => problem,
        })?;
        let commit = String::from_utf8_lossy(&commit).trim().to_owned();
        let listed = git(folder, &["ls-tree", "-r", "-z", &commit])?;
        let entries = listed.split(|byte| *byte == 0).filter_map(|line| std::str::from_utf8(line).ok());
        let entry = |line: &str| {
            let (about, path) = line.split_once('\t')?;
            let mut words = about.split(' ');
            let (mode, object) = (words.next()?, words.nth(1)?);
            Some((path.to_owned(), (mode.to_owned(), object.to_owned())))
        };
        Ok(Self { folder: folder.to_owned(), files: entries.filter_map(entry).collect() })
    }
}

impl Files for Revision {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        let (mode, object) = self.files.get(path).ok_or(ReadError::NotFound)?;
        if !REGULAR.contains(&mode.as_str()) {
            return Err(ReadError::Unreadable("it is not a file in this revision".to_owned()));
        }
        git(&self.folder, &["cat-file", "blob", object]).map_err(ReadError::Unreadable)
    }

    fn exists(&self, path: &str) -> bool {
        let folder = format!("{path}/");
        let below = self.files.range(folder.clone()..).next();
        self.files.contains_key(path) || below.is_some_and(|(known, _)| known.starts_with(&folder))
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let below = self.files.range(prefix.clone()..).map_while(|(path, _)| path.strip_prefix(&prefix));
        let mut names: Vec<String> =
            below.filter_map(|path| path.split('/').next()).map(ToOwned::to_owned).collect();
        names.dedup();
        names
    }
}

/// Why there may be no such revision.
fn unknown(folder: &Path, name: &str) -> String {
    let message = format!("git knows no revision `{name}` here");
    let shallow = git(folder, &["rev-parse", "--is-shallow-repository"]);
    match name.split_once("..") {
        Some((before, after)) => {
            let after = after.trim_start_matches('.');
            format!("{message}; name two revisions as `stackc diff {before} {after}`")
        }
        None if shallow.is_ok_and(|said| said.starts_with(b"true")) => {
            format!("{message}: the repository is shallow, and `git fetch --unshallow` gets the rest of it")
        }
        None => message,
    }
}

/// What git prints, or what it says is wrong.
fn git(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, String> {
    let run = Command::new("git").arg("-C").arg(folder).args(arguments).output();
    match run {
        Err(problem) => Err(format!("git cannot be started: {problem}")),
        Ok(done) if done.status.success() => Ok(done.stdout),
        Ok(done) => {
            let said = String::from_utf8_lossy(&done.stderr);
            Err(said.trim().trim_start_matches("fatal: ").to_owned())
        }
    }
}
