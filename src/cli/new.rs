//! `stackc new`: a first project that checks and builds. Must not overwrite anything.
#![expect(clippy::disallowed_methods, reason = "writes the first files of a project")]

use std::io::Write;
use std::path::Path;

use super::args::New;
use super::report::{self, exit};
use crate::project::{ENTRY, FILE};
use crate::stdlib;

/// Makes the folder and its first files.
pub(super) fn run(new: &New) -> u8 {
    match make(&new.folder) {
        Ok(()) => {
            let folder = new.folder.display();
            report::say(&format!(
                "made {folder}/{FILE} and {folder}/{ENTRY}; next: cd {folder} && stackc build"
            ));
            exit::CLEAN
        }
        Err(problem) => {
            report::say(&format!("error: {}: {problem}", new.folder.display()));
            exit::FAILURE
        }
    }
}

fn make(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let name = folder.file_name().map_or_else(|| "stack".into(), |name| name.to_string_lossy().into_owned());
    write(
        &folder.join(FILE),
        &format!("# Facts about the project that are not part of the system.\nname = {name:?}\n"),
    )?;
    write(&folder.join(ENTRY), stdlib::module("std/templates/new.stack").unwrap_or_default())
}

/// A new file; one that exists is an error and stays as it is.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    std::fs::File::options().write(true).create_new(true).open(path)?.write_all(text.as_bytes())
}
