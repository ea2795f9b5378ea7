//! All settings of a project at once. Must not stop at the first file that is wrong: editors go on with the others.

use super::manifest::{Manifest, place};
use super::{BASELINE, FILE, LOCK};
use crate::diagnostic::{Baseline, Diagnostic, codes};
use crate::lock::Lock;
use crate::model::Project;
use crate::source::{Files, MAX_SOURCE_BYTES, ReadError, SourceId, SourceMap};

/// What the files beside the sources say; what cannot be read is as if it were not there.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The file that describes the system, where the manifest names one.
    pub entry: Option<String>,
    /// Facts about the project.
    pub project: Project,
    /// Digests of images.
    pub lock: Lock,
    /// What is wrong with them.
    pub problems: Vec<Problem>,
    /// The texts that the problems are about.
    pub sources: SourceMap,
}

/// Something wrong with a file of settings.
#[derive(Debug, Clone)]
pub struct Problem {
    /// The file, also when the problem has no place in it.
    pub file: &'static str,
    /// What is wrong.
    pub diagnostic: Diagnostic,
}

impl Settings {
    /// Reads the settings of a project in a folder with this name.
    pub fn read(files: &dyn Files, folder: &str) -> Self {
        let mut reader = Reader { files, sources: SourceMap::default(), problems: Vec::new() };
        let manifest = reader.manifest();
        let lock = reader.parsed(LOCK, Lock::parse);
        let known = reader.text(BASELINE).map(|text| Baseline::parse(&text)).unwrap_or_default();
        let Reader { sources, problems, .. } = reader;
        Self {
            entry: manifest.entry.as_ref().map(|entry| entry.get_ref().clone()),
            project: Project { known, ..manifest.project(folder) },
            lock,
            problems,
            sources,
        }
    }

    /// Whether a system means the same with other settings.
    pub fn is_as(&self, other: &Self) -> bool {
        self.entry == other.entry && self.project == other.project && self.lock == other.lock
    }
}

struct Reader<'a> {
    files: &'a dyn Files,
    sources: SourceMap,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn manifest(&mut self) -> Manifest {
        let mut missing = None;
        let files = self.files;
        let manifest = self.parsed(FILE, |id, text| {
            let manifest = Manifest::parse(id, text).map_err(|problem| vec![problem])?;
            missing = missing_entry(id, &manifest, files);
            Ok(manifest)
        });
        self.problems.extend(missing.map(|diagnostic| Problem { file: FILE, diagnostic }));
        manifest
    }

    fn parsed<T: Default>(
        &mut self,
        file: &'static str,
        parse: impl FnOnce(SourceId, &str) -> Result<T, Vec<Diagnostic>>,
    ) -> T {
        let Some(text) = self.text(file) else { return T::default() };
        let id = self.sources.add(file, &text);
        parse(id, &text).unwrap_or_else(|found| {
            self.problems.extend(found.into_iter().map(|diagnostic| Problem { file, diagnostic }));
            T::default()
        })
    }

    /// A file that may be missing, but not unreadable.
    fn text(&mut self, file: &'static str) -> Option<String> {
        let reason = match self.files.read(file) {
            Ok(bytes) if bytes.len() > MAX_SOURCE_BYTES => "it is too large".to_owned(),
            Ok(bytes) => match String::from_utf8(bytes) {
                Ok(text) => return Some(text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned()),
                Err(_) => "it is not UTF-8".to_owned(),
            },
            Err(ReadError::NotFound) => return None,
            Err(ReadError::Unreadable(reason)) => reason,
        };
        let message = format!("`{file}` cannot be read: {reason}");
        self.problems.push(Problem { file, diagnostic: Diagnostic::error(codes::UNREADABLE_FILE, message) });
        None
    }
}

/// A manifest that names a file names one that is there.
fn missing_entry(source: SourceId, manifest: &Manifest, files: &dyn Files) -> Option<Diagnostic> {
    let entry =
        manifest.entry.as_ref().filter(|entry| files.read(entry.get_ref()) == Err(ReadError::NotFound))?;
    let message = format!("`entry` names `{}`, which is not there", entry.get_ref());
    let problem = Diagnostic::error(codes::BAD_MANIFEST, message);
    Some(problem.at(place(source, entry.span()), "expected a file that describes the system"))
}
