//! What a command of the script is: its words for people and the template of its function. Must not know a target.

use serde::Serialize;

use crate::emit::template::{Error, render};
use crate::text::{ShellLine, ShellWord};

/// A built-in command: one line of a registry and one template.
#[derive(Debug)]
pub(super) struct Command<F: 'static> {
    /// What people type. The function in the template is called `command_NAME`.
    pub(super) name: &'static str,
    /// Another word for it.
    pub(super) alias: Option<&'static str>,
    /// Its operands, as help shows them.
    pub(super) arguments: &'static str,
    /// One sentence without its full stop.
    pub(super) summary: &'static str,
    /// More for `ops NAME --help`.
    pub(super) details: &'static [&'static str],
    /// Where help lists it.
    pub(super) group: Group,
    /// File below `stdlib/templates/ops/`.
    pub(super) template: &'static str,
    /// Whether its operands belong to a program in a container: options among them are not those of the script.
    pub(super) passes: bool,
    /// Whether the environment needs it.
    pub(super) applies: fn(&F) -> bool,
}

/// Groups of commands, in the order of help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    /// Every day.
    Daily,
    /// New versions.
    Releases,
    /// What must survive.
    Data,
    /// What the source adds.
    Tasks,
}

const GROUPS: &[(Group, &str)] = &[
    (Group::Daily, "Every day"),
    (Group::Releases, "Releases"),
    (Group::Data, "Data"),
    (Group::Tasks, "Of this stack"),
];

/// A command as the frame of the script sees it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Entry {
    /// The words that mean it, as a pattern of `case`.
    pub(super) pattern: String,
    /// Name and operands.
    pub(super) usage: ShellLine,
    /// One sentence without its full stop.
    pub(super) summary: ShellLine,
    /// More lines of help.
    pub(super) details: Vec<ShellLine>,
    /// The function that does it.
    pub(super) function: String,
    /// Whether its operands belong to a program.
    pub(super) passes: bool,
    #[serde(skip)]
    pub(super) group: Group,
}

/// The commands under one heading.
#[derive(Debug, Serialize)]
pub(super) struct Listed {
    heading: &'static str,
    commands: Vec<Synopsis>,
}

#[derive(Debug, Serialize)]
struct Synopsis {
    synopsis: String,
}

/// The commands that an environment needs: their entries and their functions.
pub(super) fn chosen<F: Serialize>(
    commands: &'static [Command<F>],
    facts: &F,
) -> Result<(Vec<Entry>, Vec<String>), Error> {
    let mut entries = Vec::new();
    let mut functions = Vec::new();
    for command in commands.iter().filter(|command| (command.applies)(facts)) {
        entries.push(entry(command)?);
        functions.push(render(&format!("ops/{}", command.template), facts)?);
    }
    Ok((entries, functions))
}

fn entry<F>(command: &Command<F>) -> Result<Entry, Error> {
    let words: Vec<&str> = std::iter::once(command.name).chain(command.alias).collect();
    for word in &words {
        ShellWord::bare(word)?;
    }
    let details: Result<Vec<ShellLine>, _> =
        command.details.iter().map(|line| ShellLine::new(line)).collect();
    Ok(Entry {
        pattern: words.join(" | "),
        usage: ShellLine::new(format!("{} {}", command.name, command.arguments).trim_end())?,
        summary: ShellLine::new(command.summary)?,
        details: details?,
        function: format!("command_{}", command.name),
        passes: command.passes,
        group: command.group,
    })
}

/// The list of help, in groups and columns.
pub(super) fn listed(entries: &[Entry]) -> Vec<Listed> {
    let width = entries.iter().map(|entry| entry.usage.as_str().chars().count()).max().unwrap_or(0);
    let list = |group: Group| -> Vec<Synopsis> {
        let members = entries.iter().filter(|entry| entry.group == group);
        members
            .map(|entry| Synopsis { synopsis: format!("{:width$}  {}", entry.usage.as_str(), entry.summary) })
            .collect()
    };
    let all = GROUPS.iter().map(|(group, heading)| Listed { heading, commands: list(*group) });
    all.filter(|listed| !listed.commands.is_empty()).collect()
}
