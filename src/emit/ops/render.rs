//! Templates to text. Must not decide anything: what a template prints is encoded before it comes here.

use std::fmt;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;

use super::command::{self, Entry, Listed};
use crate::emit::HEADER;
use crate::stdlib;
use crate::text::{ShellLine, ShellWord, Unwritable};

/// Why a script cannot be written.
#[derive(Debug)]
pub(super) enum Error {
    /// A text has no form in a script.
    Text(Unwritable),
    /// A template of ours is wrong.
    Template(minijinja::Error),
    /// A template of ours is missing.
    Missing(String),
}

impl From<Unwritable> for Error {
    fn from(error: Unwritable) -> Self {
        Self::Text(error)
    }
}

impl From<minijinja::Error> for Error {
    fn from(error: minijinja::Error) -> Self {
        Self::Template(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(error) => error.fmt(out),
            Self::Template(error) => error.fmt(out),
            Self::Missing(name) => write!(out, "there is no template `{name}`"),
        }
    }
}

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
    let passing: Vec<&str> =
        frame.commands.iter().filter(|entry| entry.passes).map(|entry| &*entry.pattern).collect();
    let groups = command::listed(&frame.commands);
    let patterns: Vec<&str> = frame.commands.iter().map(|entry| &*entry.pattern).collect();
    let (passing, patterns) = (passing.join(" | "), patterns.join(" | "));
    let whole = Whole { header: HEADER, frame, groups, passing, patterns };
    template("frame.sh.j2", &whole)
}

/// The text of a template of `stdlib/templates/ops/`.
pub(super) fn template(name: &str, context: impl Serialize) -> Result<String, Error> {
    let path = format!("std/templates/ops/{name}");
    let source = stdlib::module(&path).ok_or_else(|| Error::Missing(name.to_owned()))?;
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    let template = environment.template_from_named_str(name, source)?;
    Ok(template.render(Serde(context))?.trim().to_owned() + "\n")
}
