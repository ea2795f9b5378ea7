//! The command: arguments in, exit code out. The only place that prints and reads the environment; one file per
//! command, and no logic that an editor would need too.

mod args;
mod build;
mod check;
mod compiled;
mod completions;
mod diff;
mod disk;
mod explain;
mod fmt;
mod git;
mod graph;
mod here;
mod lsp;
mod new;
mod publish;
mod report;
mod schema;
mod watch;
mod why;
mod workspace;

use clap::Parser;

pub use args::{Arguments, Command};

/// Runs the command line; the result is the exit code.
pub fn run() -> u8 {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(problem) => {
            // Help and version are no failures; clap knows which stream they belong to.
            let _ = problem.print();
            return if problem.use_stderr() { report::exit::FAILURE } else { report::exit::CLEAN };
        }
    };
    let output = &arguments.output;
    report::set_color(output.color);
    match &arguments.command {
        Command::New(new) => new::run(new),
        Command::Check(arguments) => check::check(arguments, output),
        Command::Build(build) if build.watch => watch::run(build, output),
        Command::Build(build) => build::build(build, output),
        Command::Fmt(fmt) => fmt::run(fmt, output),
        Command::Why(why) => why::run(why, output),
        Command::Diff(diff) => diff::run(diff, output),
        Command::Graph(graph) => graph::run(graph, output),
        Command::Explain(explain) => explain::run(explain),
        Command::Lsp(_) => lsp::run(),
        Command::Schema => schema::run(),
        Command::Completions(completions) => completions::run(completions),
    }
}
