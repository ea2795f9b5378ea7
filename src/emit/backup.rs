//! The scripts that save data and put it back: the same for every target that runs containers. Must not know a
//! datastore, whose commands come from the model.

use serde::Serialize;

use super::HEADER;
use super::spell::{Spelling, secret_path};
use super::template::{Error, render};
use crate::model::{Backup, Service};
use crate::plan::{Delivered, TaskPlan, Variable};
use crate::schema::{Duration, Plain};
use crate::text::{ShellLine, ShellWord, VariableName};

/// Where the volume with the copies is mounted, where the target can set its owner.
pub(super) const FOLDER: &str = "/backups";

/// The script's file, where it has a folder of its own.
pub(super) const FILE: &str = "backup.sh";

/// Minutes after which a copy that is not finished counts as given up.
const DEADLINE: u32 = 360;

/// A folder that everybody may write to in every image with a shell (Filesystem Hierarchy Standard 3.0, 5.15).
const OPEN_FOLDER: &str = "/var/tmp";

/// The folder of the copies under a user who may not make one: a new volume takes the owner and the mode of the
/// image's folder below it, so it goes over one that the user may write to. That is where the data is, unless the
/// data is mounted there.
pub(super) fn owned_folder<'a>(service: &'a Service, backup: &Backup) -> &'a str {
    match service.volume.keys().next() {
        _ if backup.files => OPEN_FOLDER,
        Some(path) => path,
        None => FOLDER,
    }
}

/// What saves a service's data.
pub(super) struct Saved<'a> {
    /// The service, as files of copies are named.
    pub(super) service: &'a str,
    pub(super) backup: &'a Backup,
    pub(super) task: &'a TaskPlan,
    /// Where the copies are.
    pub(super) folder: &'a str,
}

#[derive(Serialize)]
struct Script<'a> {
    header: &'static str,
    service: ShellWord,
    folder: ShellWord,
    suffix: ShellWord,
    days: u64,
    deadline: u32,
    variables: Vec<Exported>,
    dump: Vec<&'a str>,
    verify: Vec<&'a str>,
    restore: Vec<&'a str>,
    rehearsal: Vec<&'a str>,
}

/// A variable with a secret in it.
#[derive(Serialize)]
struct Exported {
    name: VariableName,
    /// Characters between double quotes.
    value: String,
}

#[derive(Serialize)]
struct Offsite {
    header: &'static str,
    service: ShellWord,
    folder: ShellWord,
    suffix: ShellWord,
    place: ShellLine,
    path: ShellWord,
    credentials: Option<ShellWord>,
    encrypt: Option<ShellWord>,
    days: Option<u64>,
}

impl Saved<'_> {
    /// The script with the commands `save`, `list`, `verify`, `restore` and `rehearse`.
    pub(super) fn script(&self) -> Result<String, Error> {
        let script = Script {
            header: HEADER,
            service: ShellWord::bare(self.service)?,
            folder: ShellWord::bare(self.folder)?,
            suffix: ShellWord::bare(&self.backup.suffix)?,
            days: days(self.backup.keep),
            deadline: DEADLINE,
            variables: self.task.variables.iter().filter_map(exported).collect::<Result<_, Error>>()?,
            dump: lines(&self.backup.dump),
            verify: lines(&self.backup.verify),
            restore: lines(&self.backup.restore),
            rehearsal: lines(&self.backup.rehearsal),
        };
        render("backup/backup.sh.j2", script)
    }

    /// The script with the commands `push`, `fetch` and `list`; `None` where copies stay.
    pub(super) fn offsite(&self) -> Option<Result<String, Error>> {
        let place = self.backup.offsite.as_ref()?;
        let path = self.backup.bucket().filter(|_| self.backup.leaves())?;
        Some(self.offsite_script(place, path))
    }

    fn offsite_script(&self, place: &str, path: &str) -> Result<String, Error> {
        let word = |secret: &crate::schema::SecretRef| ShellWord::bare(&secret.0);
        let script = Offsite {
            header: HEADER,
            service: ShellWord::bare(self.service)?,
            folder: ShellWord::bare(self.folder)?,
            suffix: ShellWord::bare(&self.backup.suffix)?,
            place: ShellLine::new(place)?,
            path: ShellWord::bare(path)?,
            credentials: self.backup.credentials.as_ref().map(word).transpose()?,
            encrypt: self.backup.encrypt.as_ref().map(word).transpose()?,
            days: self.backup.keep_offsite.map(days),
        };
        render("backup/offsite.sh.j2", script)
    }
}

/// What keeps copies from leaving, and what to write instead; `None` when they leave or nobody asks for it.
pub(super) fn offsite_gap(backup: &Backup) -> Option<(String, &'static str)> {
    let place = backup.offsite.as_ref()?;
    if backup.bucket().is_none() {
        return Some((format!("copies to `{}`", place.escape_debug()), "write `s3://bucket/prefix`"));
    }
    let instead = "set `offsite_image` to an image with `rclone`";
    backup.offsite_image.is_none().then(|| ("copies to another place without a client".to_owned(), instead))
}

/// Shell lines of a preset or a stack: the language says that they are shell.
fn lines(lines: &[Plain]) -> Vec<&str> {
    lines.iter().map(|line| &**line).collect()
}

fn days(time: Duration) -> u64 {
    time.0.div_ceil(86_400_000)
}

/// The variables that the target itself can set: all but those with a secret inside.
pub(super) fn plain(task: &TaskPlan) -> Vec<Variable> {
    task.variables
        .iter()
        .filter(|variable| !matches!(variable.value, Delivered::Expand(_)))
        .cloned()
        .collect()
}

/// A variable into which the shell puts secrets from their files.
fn exported(variable: &Variable) -> Option<Result<Exported, Error>> {
    let Delivered::Expand(text) = &variable.value else { return None };
    let spelling = Spelling { literal: &quoted, secret: &|name| format!("$(cat {})", secret_path(name)) };
    let name = VariableName::new(&variable.name).map_err(Error::from);
    Some(name.map(|name| Exported { name, value: spelling.text(text) }))
}

/// Characters inside double quotes (POSIX shell, 2.2.3).
fn quoted(text: &str) -> String {
    text.chars().flat_map(|c| if "\\\"$`".contains(c) { vec!['\\', c] } else { vec![c] }).collect()
}
