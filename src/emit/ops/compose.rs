//! The script of a Compose environment: the registry of its commands. Must not hold shell text.

use super::command::{self, Command, Group};
use super::facts::Facts;
use super::render::{self, Error, Frame};
use super::task;
use crate::plan::{EnvironmentPlan, Plan};
use crate::text::{ShellLine, ShellWord};

/// The script of an environment with a Compose target.
pub(super) fn script(plan: &Plan, environment: &EnvironmentPlan) -> Result<String, Error> {
    let Some(target) = environment.model.compose() else {
        return Err(Error::Missing("compose".to_owned()));
    };
    let facts = Facts::new(plan, environment, target)?;
    let mut sections = vec![render::template("compose/base.sh.j2", &facts)?];
    let (mut commands, functions) = command::chosen(COMMANDS, &facts)?;
    sections.extend(functions);
    let root = crate::emit::names::project_root(&plan.project.output);
    for (name, task) in task::present(environment) {
        let (entry, function) = task::command(name, task, "compose/task.sh.j2", &root)?;
        commands.push(entry);
        sections.push(function);
    }
    render::script(&Frame {
        project: ShellLine::new(&plan.project.name)?,
        environment: ShellWord::bare(environment.name())?,
        engine: "with Docker Compose",
        programs: "docker",
        sections,
        commands,
    })
}

/// Whether a name of a task is taken by a command of a script.
pub(super) fn is_taken(name: &str) -> bool {
    COMMANDS.iter().any(|command| command.name == name || command.alias == Some(name))
}

fn always(_: &Facts) -> bool {
    true
}

/// What every command has.
const COMMAND: Command<Facts> = Command {
    name: "",
    alias: None,
    arguments: "",
    summary: "",
    details: &[],
    group: Group::Daily,
    template: "",
    passes: false,
    applies: always,
};

/// All commands, in the order of help.
const COMMANDS: &[Command<Facts>] = &[
    Command {
        name: "up",
        alias: Some("start"),
        arguments: "[SERVICE...]",
        summary: "Starts everything, or these services, and waits until all are healthy",
        template: "compose/up.sh.j2",
        ..COMMAND
    },
    Command {
        name: "stop",
        arguments: "[SERVICE...]",
        summary: "Stops containers and keeps them",
        template: "compose/stop.sh.j2",
        ..COMMAND
    },
    Command {
        name: "restart",
        arguments: "[SERVICE...]",
        summary: "Restarts containers",
        template: "compose/restart.sh.j2",
        ..COMMAND
    },
    Command {
        name: "down",
        summary: "Removes containers and networks; data is kept",
        template: "compose/down.sh.j2",
        ..COMMAND
    },
    Command {
        name: "status",
        alias: Some("ps"),
        summary: "Shows all containers",
        template: "compose/status.sh.j2",
        ..COMMAND
    },
    Command {
        name: "health",
        summary: "Says whether every container is healthy; exit code 6 when one is not",
        template: "compose/health.sh.j2",
        ..COMMAND
    },
    Command {
        name: "stats",
        summary: "Shows processor time and memory",
        template: "compose/stats.sh.j2",
        ..COMMAND
    },
    Command {
        name: "logs",
        arguments: "[--follow] [SERVICE...]",
        summary: "Shows the last 200 lines of logs",
        details: &["Options of `docker compose logs` are passed on."],
        template: "compose/logs.sh.j2",
        ..COMMAND
    },
    Command {
        name: "shell",
        arguments: "[SERVICE [COMMAND...]]",
        summary: "Opens a shell in a container, or runs a command there",
        template: "compose/shell.sh.j2",
        passes: true,
        ..COMMAND
    },
    Command {
        name: "build",
        arguments: "[OPTION...]",
        summary: "Builds all images and sees that each is there",
        details: &["Options of `docker compose build` are passed on: `ops build --no-cache`."],
        group: Group::Releases,
        template: "compose/build.sh.j2",
        applies: |facts| facts.builds && !facts.images.is_empty(),
        ..COMMAND
    },
    Command {
        name: "migrate",
        summary: "Runs the jobs that come before a new version",
        group: Group::Releases,
        template: "compose/migrate.sh.j2",
        applies: |facts| !facts.migrations.is_empty(),
        ..COMMAND
    },
    Command {
        name: "deploy",
        arguments: "[RELEASE]",
        summary: "Brings a release up: images, migrations, start; goes back when it is not healthy",
        details: &[
            "Without a release: RELEASE of the environment, else that of .env, else the tag in compose.yaml.",
            "What runs is remembered in .ops/, for `ops rollback` and for every later command.",
        ],
        group: Group::Releases,
        template: "compose/deploy.sh.j2",
        applies: |facts| !facts.is_development,
        ..COMMAND
    },
    Command {
        name: "rollback",
        summary: "Starts the images of the release before",
        details: &["Migrations are not undone."],
        group: Group::Releases,
        template: "compose/rollback.sh.j2",
        applies: |facts| !facts.is_development && !facts.images.is_empty(),
        ..COMMAND
    },
    Command {
        name: "job",
        arguments: "JOB [ARGUMENT...]",
        summary: "Runs a job of a service to its end",
        group: Group::Tasks,
        template: "compose/job.sh.j2",
        passes: true,
        applies: |facts| !facts.jobs.is_empty(),
        ..COMMAND
    },
    Command {
        name: "secrets",
        summary: "Makes up the secrets that are missing, and names those that somebody issues",
        details: &["Each is a file in secrets/; a file that is there is never changed."],
        group: Group::Data,
        template: "compose/secrets.sh.j2",
        applies: |facts| !facts.secrets.is_empty(),
        ..COMMAND
    },
    Command {
        name: "clean",
        arguments: "[--volumes]",
        summary: "Removes containers, networks and images of this environment, with --volumes its data",
        details: &["Copies in backup volumes stay, and so does everything that belongs to others."],
        group: Group::Data,
        template: "compose/clean.sh.j2",
        ..COMMAND
    },
];
