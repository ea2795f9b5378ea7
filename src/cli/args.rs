//! The command line as data. Must not do anything.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// From one typed description of a system to artifacts that agree with each other.
#[derive(Debug, Parser)]
#[command(name = "stackc", version, propagate_version = true, after_help = EXAMPLES)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// How to say it.
    #[command(flatten)]
    pub output: Output,
}

const EXAMPLES: &str = "Examples:
  stackc new shop                      make a first project in the folder `shop`
  stackc check                         look for mistakes, write nothing
  stackc build                         write all artifacts of the project
  stackc build --check                 say whether the written artifacts are current
  stackc explain E0401                 what a code means, with an example

Exit codes: 0 clean, 1 findings or out of date, 2 usage or system error, 3 nothing to read";

const CHECK_EXAMPLES: &str = "Examples:
  stackc check                         check the project of this folder or one above it
  stackc check shop -e production      only one environment of the project in `shop`
  stackc check --fix                   make the repairs that are sure to be right
  stackc check --baseline              take up the rules: known findings stay quiet
  stackc check --format sarif          for code scanning; also json, short and github";

const BUILD_EXAMPLES: &str = "Examples:
  stackc build                         write all artifacts and remove what is no longer emitted
  stackc build --check                 write nothing, exit with 1 when a file is not current
  stackc build -t compose              write the files of one target, leave all others alone
  stackc build -e production --stdout  print the files of one environment
  stackc build --out /tmp/preview      write below another folder

A selection by `--env` or `--target` removes nothing: build without one to remove what is no longer emitted.";

const FMT_EXAMPLES: &str = "Examples:
  stackc fmt                           format all sources of this project
  stackc fmt main.stack services/      format these files and those below these folders
  stackc fmt --check                   write nothing, exit with 1 when a file would change
  stackc fmt --diff                    the same, and show what would change
  stackc fmt - < main.stack            from standard input to standard output

Statements that cannot be read stay as they are; the rest of the file is formatted.";

/// Options of all commands.
#[derive(Debug, Args)]
pub struct Output {
    /// How diagnostics are written.
    #[arg(long, global = true, value_enum, default_value_t = Format::Human, env = "STACKC_FORMAT")]
    pub format: Format,
    /// When to use colours; `NO_COLOR` is respected.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub color: Color,
    /// Show all diagnostics, not only the first ones.
    #[arg(long, global = true)]
    pub all: bool,
    /// Say nothing but problems.
    #[arg(short, long, global = true)]
    pub quiet: bool,
}

/// The formats of diagnostics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// With snippets, for people.
    Human,
    /// One line each.
    Short,
    /// One JSON document, versioned.
    Json,
    /// Workflow commands of GitHub Actions.
    Github,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// In a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a first project.
    New(New),
    /// Look for mistakes without writing anything.
    #[command(after_help = CHECK_EXAMPLES)]
    Check(Check),
    /// Write the artifacts.
    #[command(after_help = BUILD_EXAMPLES)]
    Build(Build),
    /// Lay out sources in the one way.
    #[command(after_help = FMT_EXAMPLES)]
    Fmt(Fmt),
    /// Draw who needs whom.
    Graph(Graph),
    /// Explain a diagnostic code.
    Explain(Explain),
    /// Print the vocabulary of the language as JSON.
    Schema,
    /// Serve an editor on standard input and output.
    Lsp(Lsp),
    /// Print a completion script for a shell.
    Completions(Completions),
}

/// Which part of which project.
#[derive(Debug, Args)]
pub struct Select {
    /// A `.stack` file or a project folder; the nearest `stackc.toml` when left out.
    pub path: Option<PathBuf>,
    /// Only these environments.
    #[arg(short, long = "env", value_name = "NAME")]
    pub environment: Vec<String>,
    /// Only these targets.
    #[arg(short, long, value_name = "NAME", value_parser = target_names())]
    pub target: Vec<String>,
}

impl Select {
    /// Whether nothing is left out.
    pub(super) fn is_whole(&self) -> bool {
        self.environment.is_empty() && self.target.is_empty()
    }
}

fn target_names() -> clap::builder::PossibleValuesParser {
    crate::emit::EMITTERS.iter().map(|emitter| emitter.name()).collect::<Vec<_>>().into()
}

/// `stackc check`
#[derive(Debug, Args)]
pub struct Check {
    /// Which part.
    #[command(flatten)]
    pub select: Select,
    /// Make the repairs that are sure to mean what you meant, in your sources, then check again.
    #[arg(long)]
    pub fix: bool,
    /// Write the findings of rules to `stackc.baseline`: from then on only new ones are reported.
    #[arg(long, conflicts_with_all = ["fix", "environment", "target"])]
    pub baseline: bool,
}

/// `stackc build`
#[derive(Debug, Args)]
pub struct Build {
    /// Which part.
    #[command(flatten)]
    pub select: Select,
    /// Write below this folder instead of the project; made when missing.
    #[arg(short, long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Write nothing; exit with 1 when an artifact is missing, out of date or edited.
    #[arg(long, conflicts_with_all = ["stdout", "force"])]
    pub check: bool,
    /// Print the artifacts instead of writing them.
    #[arg(long, conflicts_with = "force")]
    pub stdout: bool,
    /// Replace files that were edited by hand.
    #[arg(long)]
    pub force: bool,
}

/// `stackc fmt`
#[derive(Debug, Args)]
pub struct Fmt {
    /// Files and folders, or `-` for standard input; the project of this folder when left out.
    pub paths: Vec<PathBuf>,
    /// Write nothing; exit with 1 when a file would change.
    #[arg(long)]
    pub check: bool,
    /// Write nothing; show what would change, and exit with 1 when something would.
    #[arg(long)]
    pub diff: bool,
}

/// `stackc new`
#[derive(Debug, Args)]
pub struct New {
    /// The folder; must not hold a project yet.
    pub folder: PathBuf,
}

/// `stackc graph`
#[derive(Debug, Args)]
pub struct Graph {
    /// A `.stack` file or a project folder.
    pub path: Option<PathBuf>,
    /// The environment; the first one when left out.
    #[arg(short, long = "env", value_name = "NAME")]
    pub environment: Option<String>,
    /// The language of the drawing.
    #[arg(long = "as", value_enum, default_value_t = Drawing::Dot)]
    pub drawing: Drawing,
}

/// The languages of drawings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Drawing {
    /// Graphviz.
    Dot,
    /// Mermaid, as GitHub shows it.
    Mermaid,
}

/// `stackc lsp`
#[derive(Debug, Args)]
pub struct Lsp {
    /// What some editors add; there is no other way.
    #[arg(long, hide = true)]
    pub stdio: bool,
}

/// `stackc explain`
#[derive(Debug, Args)]
pub struct Explain {
    /// A code or its name: `E0401`, `missing-unit`; all codes are listed when left out.
    pub code: Option<String>,
}

/// `stackc completions`
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell.
    pub shell: clap_complete::Shell,
}
