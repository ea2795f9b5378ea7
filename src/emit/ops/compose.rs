//! The script of a Compose environment: the registry of its commands. Must not hold shell text.

use super::command::{self, Command, Group};
use super::facts::Facts;
use super::render::{self, Engine};
use crate::emit::template::{Error, render};
use crate::model::ComposeTarget;
use crate::plan::{EnvironmentPlan, Plan};

/// The script of an environment with a Compose target.
pub(super) fn script(
    plan: &Plan,
    environment: &EnvironmentPlan,
    target: &ComposeTarget,
) -> Result<String, Error> {
    let facts = Facts::new(plan, environment, target)?;
    let mut sections = vec![render("ops/compose/base.sh.j2", &facts)?];
    if !facts.rollouts.is_empty() {
        sections.push(render("ops/compose/rollout.sh.j2", &facts)?);
    }
    let (commands, functions) = command::chosen(COMMANDS, &facts)?;
    sections.extend(functions);
    render::script(plan, environment, &ENGINE, |_| true, commands, sections)
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

const ENGINE: Engine =
    Engine { name: "with Docker Compose", programs: "docker", task: "ops/compose/task.sh.j2" };

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
        name: "backup",
        arguments: "[SERVICE...]",
        summary: "Saves data now, besides the schedule",
        details: &["A copy counts only after it was read back."],
        group: Group::Data,
        template: "compose/backup.sh.j2",
        applies: |facts| !facts.backups.is_empty(),
        ..COMMAND
    },
    Command {
        name: "backups",
        arguments: "[SERVICE...]",
        summary: "Lists the copies, the newest last",
        group: Group::Data,
        template: "compose/backups.sh.j2",
        applies: |facts| !facts.backups.is_empty(),
        ..COMMAND
    },
    Command {
        name: "restore",
        arguments: "SERVICE [COPY]",
        summary: "Puts a service back to a copy, or to the newest one",
        details: &[
            "The copy is proven first and today's data is saved; whoever uses the service is stopped meanwhile.",
        ],
        group: Group::Data,
        template: "compose/restore.sh.j2",
        applies: |facts| facts.backups.iter().any(|backup| backup.restores),
        ..COMMAND
    },
    Command {
        name: "rehearse",
        arguments: "SERVICE [COPY]",
        summary: "Restores a copy into a scratch place, to see that it can be done",
        group: Group::Data,
        template: "compose/rehearse.sh.j2",
        applies: |facts| facts.backups.iter().any(|backup| backup.rehearses),
        ..COMMAND
    },
    Command {
        name: "offsite",
        arguments: "SERVICE push|fetch|list",
        summary: "Brings copies to another place, or back, or lists what is there",
        group: Group::Data,
        template: "compose/offsite.sh.j2",
        passes: true,
        applies: |facts| facts.backups.iter().any(|backup| backup.leaves),
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
