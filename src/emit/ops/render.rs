//! The frame of a script around its commands. Must not decide anything: what it prints is encoded before it comes here.

use serde::Serialize;

use super::command::{self, Entry, Listed};
use super::task;
use crate::emit::template::{Error, render};
use crate::emit::{HEADER, names};
use crate::model::Task;
use crate::plan::{EnvironmentPlan, Plan};
use crate::text::{ShellLine, ShellWord};

/// What a script runs its environment with.
pub(super) struct Engine {
    /// For people: "with Docker Compose".
    pub(super) name: &'static str,
    /// The programs that it needs.
    pub(super) programs: &'static str,
    /// The template of a task.
    pub(super) task: &'static str,
}

/// What all scripts have around their commands.
#[derive(Debug, Serialize)]
struct Frame {
    project: ShellLine,
    environment: ShellWord,
    engine: &'static str,
    programs: &'static str,
    /// Functions, in order.
    sections: Vec<String>,
    /// Commands, in order.
    commands: Vec<Entry>,
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

/// The whole script: the engine's own commands and functions, then those of the tasks that it runs.
pub(super) fn script(
    plan: &Plan,
    environment: &EnvironmentPlan,
    engine: &Engine,
    runs: impl Fn(&Task) -> bool,
    mut commands: Vec<Entry>,
    mut sections: Vec<String>,
) -> Result<String, Error> {
    let root = names::project_root(&plan.project.output);
    for (name, task) in task::present(environment).filter(|(_, task)| runs(task)) {
        let (entry, function) = task::command(name, task, engine.task, &root)?;
        commands.push(entry);
        sections.push(function);
    }
    framed(&Frame {
        project: ShellLine::new(&plan.project.name)?,
        environment: ShellWord::bare(environment.name())?,
        engine: engine.name,
        programs: engine.programs,
        sections,
        commands,
    })
}

fn framed(frame: &Frame) -> Result<String, Error> {
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
