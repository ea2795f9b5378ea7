//! `RUN` and its mounts. Must not look inside a shell line: that is `command`'s.

use super::words::{CONTINUE, exec_form};
use super::{CommandError, Error, Mount, RunForm, command};
use crate::text::{DockerWord, Unwritable};

/// The instruction, one mount and one command a line when there are several.
pub(super) fn run(mounts: &[Mount], command: &RunForm) -> Result<String, Error> {
    let mut lines = Vec::new();
    for mount in mounts {
        lines.push(mount_flag(mount)?);
    }
    let is_short = mounts.len() < 2;
    let commands = match command {
        RunForm::Exec(words) => vec![exec_form(words)?],
        RunForm::Shell(commands) => shell_form(commands)?,
    };
    if is_short && commands.len() == 1 {
        lines.extend(commands);
        return Ok(format!("RUN {}", lines.join(" ")));
    }
    lines.extend(commands);
    Ok(format!("RUN {}", lines.join(CONTINUE)))
}

fn shell_form(commands: &[String]) -> Result<Vec<String>, Error> {
    let is_alone = commands.len() == 1;
    let mut parts = Vec::new();
    for line in commands {
        let part = command::part(line, is_alone)?;
        parts.push(if parts.is_empty() { part } else { format!("&& {part}") });
    }
    if parts.is_empty() { Err(CommandError::Empty.into()) } else { Ok(parts) }
}

fn mount_flag(mount: &Mount) -> Result<String, Error> {
    let flag = match mount {
        Mount::Cache { target } => format!("--mount=type=cache,target={},sharing=locked", option(target)?),
        Mount::Secret { id } => format!("--mount=type=secret,id={}", option(id)?),
        Mount::Bind { from, source, target } => {
            let from = match from {
                Some(from) => format!("from={},", option(from)?),
                None => String::new(),
            };
            format!("--mount=type=bind,{from}source={},target={}", option(source)?, option(target)?)
        }
    };
    Ok(flag)
}

/// A value between the commas of `--mount`.
fn option(word: &DockerWord) -> Result<&str, Error> {
    Unwritable::check("a mount option", word.as_str(), |character| {
        matches!(character, ',' | ' ' | '"' | '=')
    })?;
    Ok(word.as_str())
}
