//! `stackc build --watch`: builds again whenever something that the last build read is not the same any more. Must not
//! build in another way than `build` does.
#![expect(clippy::disallowed_methods, reason = "looks which folders there are to watch")]

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, select, unbounded};
use notify_debouncer_mini::notify::{RecommendedWatcher, RecursiveMode};
use notify_debouncer_mini::{DebounceEventResult, Debouncer, new_debouncer};

use super::args::{Build, Output};
use super::build::finish;
use super::compiled::{for_writing, told};
use super::disk::Disk;
use super::publish::{counted, publish};
use super::report::{self, exit};
use super::workspace::{self, Missing};
use crate::diagnostic::has_errors;
use crate::source::{Files, ReadError};

/// How long a burst of changes has to be over: editors write files in several steps.
const QUIET: Duration = Duration::from_millis(100);

/// How long one writing of a file may take.
const SETTLE: Duration = Duration::from_millis(20);

/// Builds until somebody stops it; the result is the exit code.
pub(super) fn run(arguments: &Build, output: &Output) -> u8 {
    match watched(arguments, output) {
        Ok(code) => code,
        Err(message) => {
            report::say(&format!("error: nothing can be watched: {message}"));
            exit::FAILURE
        }
    }
}

fn watched(arguments: &Build, output: &Output) -> Result<u8, String> {
    let (stop, stopped) = unbounded();
    ctrlc::set_handler(move || {
        // The loop may be gone already.
        let _ = stop.send(());
    })
    .map_err(|problem| problem.to_string())?;
    let (send, events) = unbounded();
    let mut watcher = new_debouncer(QUIET, send).map_err(|problem| problem.to_string())?;
    let mut folders = BTreeSet::new();
    let mut why = "built".to_owned();
    loop {
        let read = Read::default();
        let is_there = once(arguments, output, &read, &why);
        // Later on, a source may be missing for a moment; a project whose folder is gone does not come back.
        if !is_there && (folders.is_empty() || read.0.borrow().is_empty()) {
            return Ok(exit::NO_INPUT);
        }
        watch(&mut watcher, &mut folders, read.folders())?;
        match next(&read, &events, &stopped) {
            Some(changed) => why = format!("{} changed", changed.join(", ")),
            None => return Ok(exit::CLEAN),
        }
    }
}

/// One build and what it says; whether there was a project.
fn once(arguments: &Build, output: &Output, read: &Read, why: &str) -> bool {
    let start = Instant::now();
    let opened = workspace::open_as(arguments.select.path.as_deref(), |root| Recorder {
        disk: Disk::new(root),
        root: root.to_owned(),
        read: read.clone(),
    });
    let workspace = match opened {
        Ok(workspace) => workspace,
        Err(missing) => {
            let exists = matches!(missing, Missing::Wrong(..));
            if exists {
                report::say(&format!("{why}: nothing was written"));
            }
            told(missing, output);
            return exists;
        }
    };
    let mut compilation = for_writing(&workspace, &arguments.select);
    if has_errors(&compilation.diagnostics) {
        report::say(&format!("{why}: nothing was written"));
        finish(&workspace, &compilation, output, start);
        return true;
    }
    let artifacts = std::mem::take(&mut compilation.artifacts);
    let status = match publish(arguments, &workspace, artifacts) {
        Ok(published) => counted(&published, false, start),
        Err(failure) => {
            compilation.diagnostics.extend(failure.problems);
            failure.outcome.to_owned()
        }
    };
    report::diagnostics(&compilation.diagnostics, &workspace.seen(&compilation.sources), output);
    report::say(&format!("{why}: {status}"));
    true
}

/// Watches these folders and no others.
fn watch(
    watcher: &mut Debouncer<RecommendedWatcher>,
    known: &mut BTreeSet<PathBuf>,
    wanted: BTreeSet<PathBuf>,
) -> Result<(), String> {
    for gone in known.difference(&wanted) {
        // A folder that is gone is not watched any more by itself.
        let _ = watcher.watcher().unwatch(gone);
    }
    for new in wanted.difference(known) {
        let done = watcher.watcher().watch(new, RecursiveMode::NonRecursive);
        done.map_err(|problem| format!("`{}`: {problem}", new.display()))?;
    }
    *known = wanted;
    Ok(())
}

/// Waits until something that was read is different, and says what; `None` to stop.
fn next(read: &Read, events: &Receiver<DebounceEventResult>, stopped: &Receiver<()>) -> Option<Vec<String>> {
    loop {
        // Also before the first event: a file may have changed between the build and the watch. And an event is no
        // change yet: reading a file is one too.
        let changed = read.changed();
        if !changed.is_empty() {
            // An older event may have come while somebody is at it, with half of a file.
            std::thread::sleep(SETTLE);
            return Some(changed);
        }
        select! {
            recv(stopped) -> _ => return None,
            recv(events) -> _ => {}
        }
    }
}

/// What a build asked of the disk, and the answers.
#[derive(Debug, Clone, Default)]
struct Read(Rc<RefCell<BTreeMap<(PathBuf, String), Answers>>>);

#[derive(Debug, Default)]
struct Answers {
    bytes: Option<Result<Vec<u8>, ReadError>>,
    exists: Option<bool>,
    names: Option<Vec<String>>,
}

impl Read {
    /// The paths whose answers are others now.
    fn changed(&self) -> Vec<String> {
        let is_other = |((root, path), answers): (&(PathBuf, String), &Answers)| {
            let disk = Disk::new(root);
            let other = answers.bytes.as_ref().is_some_and(|known| disk.read(path) != *known)
                || answers.exists.is_some_and(|known| disk.exists(path) != known)
                || answers.names.as_ref().is_some_and(|known| disk.list(path) != *known);
            other.then(|| path.clone())
        };
        let mut changed: Vec<String> = self.0.borrow().iter().filter_map(is_other).collect();
        // That the project's folder has another list of files says less than the name of one.
        if changed.len() > 1 {
            changed.retain(|path| !path.is_empty());
        }
        changed.iter_mut().filter(|path| path.is_empty()).for_each(|path| ".".clone_into(path));
        changed
    }

    /// The folders in which an answer can change; the nearest one above where there is none yet.
    fn folders(&self) -> BTreeSet<PathBuf> {
        let folder = |((root, path), answers): (&(PathBuf, String), &Answers)| {
            let place = root.join(path);
            let own = answers.names.is_some() && place.is_dir();
            let folder = if own { Some(place.as_path()) } else { place.parent() };
            folder?.ancestors().find(|above| above.is_dir() || above.as_os_str().is_empty()).map(real)
        };
        self.0.borrow().iter().filter_map(folder).collect()
    }

    fn note(&self, root: &Path, path: &str, note: impl FnOnce(&mut Answers)) {
        note(self.0.borrow_mut().entry((root.to_owned(), path.to_owned())).or_default());
    }
}

/// The folder itself, not a link to it or an empty name.
fn real(folder: &Path) -> PathBuf {
    let named = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    named.canonicalize().unwrap_or_else(|_| named.to_owned())
}

/// Files that remember what was asked of them.
#[derive(Debug)]
struct Recorder {
    disk: Disk,
    root: PathBuf,
    read: Read,
}

impl Files for Recorder {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        let answer = self.disk.read(path);
        self.read.note(&self.root, path, |answers| answers.bytes = Some(answer.clone()));
        answer
    }

    fn exists(&self, path: &str) -> bool {
        let answer = self.disk.exists(path);
        self.read.note(&self.root, path, |answers| answers.exists = Some(answer));
        answer
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let answer = self.disk.list(folder);
        self.read.note(&self.root, folder, |answers| answers.names = Some(answer.clone()));
        answer
    }
}
