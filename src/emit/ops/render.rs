//! The frame of a script around its commands. Must not decide anything: what it prints is encoded before it comes here.

use serde::Serialize;

use super::command::{self, Entry, Listed};
use crate::emit::HEADER;
use crate::emit::template::{Error, render};
use crate::text::{ShellLine, ShellWord};

/// What all scripts have around their commands.
#[derive(Debug, Serialize)]
pub(super) struct Frame {
    /// Name of the project, for people.
    pub(super) project: ShellLine,
    /// Name of the environment.
    pub(super) environment: ShellWord,
    /// What runs it: "with Docker Compose".
    pub(super) engine: &'static str,
    /// The programs that it needs.
    pub(super) programs: &'static str,
    /// Functions, in order.
    pub(super) sections: Vec<String>,
    /// Commands, in order.
    pub(super) commands: Vec<Entry>,
}

/// The frame with what follows from it.
#[derive(Serialize)]
struct Whole<'a> {
    header: &'static str,
    #[serde(flatten)]
    frame: &'a Frame,
    groups: Vec<Listed>,
    /// The commands whose operands belong to a program, as a pattern.
    passing: String,
    /// All commands, as a pattern.
    patterns: String,
}

/// The whole script.
pub(super) fn script(frame: &Frame) -> Result<String, Error> {
    let mut passing: Vec<&str> =
        frame.commands.iter().filter(|entry| entry.passes).map(|entry| &*entry.pattern).collect();
    let groups = command::listed(&frame.commands);
    let mut patterns: Vec<&str> = frame.commands.iter().map(|entry| &*entry.pattern).collect();
    // Sets: sorted, so that the order of declarations does not matter.
    passing.sort_unstable();
    patterns.sort_unstable();
    let (passing, patterns) = (passing.join(" | "), patterns.join(" | "));
    let whole = Whole { header: HEADER, frame, groups, passing, patterns };
    render("ops/frame.sh.j2", &whole)
}
