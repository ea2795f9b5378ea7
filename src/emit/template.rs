//! Templates of scripts to text. Must not decide anything: what a template prints is encoded before it comes here.

use std::fmt;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;

use crate::stdlib;
use crate::text::Unwritable;

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

/// The text of a template of `stdlib/templates/`, with one line feed at its end.
pub(super) fn render(name: &str, context: impl Serialize) -> Result<String, Error> {
    let path = format!("std/templates/{name}");
    let source = stdlib::module(&path).ok_or_else(|| Error::Missing(name.to_owned()))?;
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    // `${#` is the length of something in a shell: comments of templates look different.
    let mut syntax = SyntaxConfig::builder();
    syntax.trim_blocks(true).lstrip_blocks(true).comment_delimiters("<#", "#>");
    environment.set_syntax(syntax.build()?);
    let template = environment.template_from_named_str(name, source)?;
    Ok(template.render(Serde(context))?.trim().to_owned() + "\n")
}
