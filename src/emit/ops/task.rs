//! The tasks of the source as commands of the script. Must not run a word through another shell.

use std::sync::Arc;

use serde::Serialize;

use super::command::{Entry, Group};
use crate::emit::spell::dns;
use crate::emit::template::{Error, render};
use crate::model::Task;
use crate::plan::EnvironmentPlan;
use crate::text::{ShellLine, ShellWord, Unwritable};

/// A task as its template sees it.
#[derive(Debug, Serialize)]
struct Body {
    function: String,
    summary: ShellLine,
    warning: ShellWord,
    destructive: bool,
    /// The container that it runs in; the host when empty.
    container: Option<ShellWord>,
    /// `exec` in the container that runs, or `run` in a new one.
    verb: &'static str,
    words: String,
    root: ShellWord,
}

/// The tasks of an environment: those of services that it does not have are left out.
pub(super) fn present(environment: &EnvironmentPlan) -> impl Iterator<Item = (&Arc<str>, &Task)> {
    let services = &environment.model.services;
    let runs = |task: &Task| task.service.as_ref().is_none_or(|service| services.contains_key(&service.name));
    environment.model.tasks.iter().filter(move |(_, task)| runs(task))
}

/// The entry and the function of a task; `root` is the way from the script's folder to the project.
pub(super) fn command(name: &str, task: &Task, template: &str, root: &str) -> Result<(Entry, String), Error> {
    // Bash takes a dash in the name of a function: `a-b` and `a_b` are two tasks.
    let function = format!("task_{name}");
    let summary = ShellLine::new(&first_line(task.doc.as_deref()))?;
    let words: Result<Vec<String>, Unwritable> =
        task.run.iter().map(|word| Ok(ShellWord::new(word)?.to_string())).collect();
    let words = words?.join(" ");
    let container = task.service.as_ref().map(|service| ShellWord::bare(&dns(&service.name))).transpose()?;
    let shown = words.clone();
    let body = Body {
        function: function.clone(),
        warning: ShellWord::new(&warning(name, &summary))?,
        summary: summary.clone(),
        destructive: task.destructive,
        container,
        verb: if task.fresh { "run --rm" } else { "exec" },
        words,
        root: ShellWord::bare(root)?,
    };
    let entry = Entry {
        pattern: ShellWord::bare(name)?.to_string(),
        usage: ShellLine::new(&format!("{name} [ARGUMENT...]"))?,
        summary: if summary.as_str().is_empty() { ShellLine::new(&shown)? } else { summary },
        details: Vec::new(),
        function,
        passes: true,
        group: Group::Tasks,
    };
    Ok((entry, render(template, body)?))
}

/// What is asked before something destructive.
pub(super) fn warning(name: &str, summary: &ShellLine) -> String {
    if summary.as_str().is_empty() {
        return format!("{name} destroys data.");
    }
    format!("{name} destroys data: {summary}.")
}

/// The first line of a doc comment, without its full stop.
pub(super) fn first_line(doc: Option<&str>) -> String {
    let line = doc.and_then(|doc| doc.lines().next()).unwrap_or_default().trim();
    line.strip_suffix('.').unwrap_or(line).to_owned()
}
