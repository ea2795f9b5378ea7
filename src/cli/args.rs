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
  stackc build --watch                 write again whenever a source changes, until Ctrl-C

A selection by `--env` or `--target` removes nothing: build without one to remove what is no longer emitted.";

const FMT_EXAMPLES: &str = "Examples:
  stackc fmt                           format all sources of this project
  stackc fmt main.stack services/      format these files and those below these folders
  stackc fmt --check                   write nothing, exit with 1 when a file would change
  stackc fmt --diff                    the same, and show what would change
  stackc fmt - < main.stack            from standard input to standard output

Statements that cannot be read stay as they are; the rest of the file is formatted.";

const WHY_EXAMPLES: &str = "Examples:
  stackc why deploy/production/compose.yaml:14
                                       which place in the sources made this line
  stackc why --value api.memory        the value in each environment, and every layer that wrote it
  stackc why --value api.env.PORT -e production
                                       in one environment
  stackc why --value 'edge.route.\"/api\".timeout'
                                       names with dots or slashes stand in quotes
  stackc why --value api.memory --format json
                                       for programs

The layers, the first one wins: the environment and those that it is made from, the declaration, the
templates, the default.";

const DIFF_EXAMPLES: &str = "Examples:
  stackc diff                          what `stackc build` would change in the written files
  stackc diff main                     what the working tree emits otherwise than the branch `main`
  stackc diff v1.2.0 v1.3.0            what two revisions emit differently
  stackc diff main -e production -t kubernetes
                                       only some files
  stackc diff origin/main --as markdown
                                       for a comment on a pull request
  stackc diff --format json            for programs

Documents are compared as values: objects of a cluster by kind and name, maps by key, lists of named things by
name. Scripts and configurations of other forms are compared by lines.

Exit codes: 0 nothing differs, 1 something does, 2 it cannot be said, 3 nothing to read";

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
    /// Say what made a line of an artifact, or where a value comes from.
    #[command(after_help = WHY_EXAMPLES)]
    Why(Why),
    /// Say what changes in the emitted files, by meaning.
    #[command(after_help = DIFF_EXAMPLES)]
    Diff(Diff),
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
#[derive(Debug, Clone, Args)]
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
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
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
    /// Stay, and write again whenever something that was read changes.
    #[arg(short, long, conflicts_with_all = ["check", "stdout"])]
    pub watch: bool,
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

/// `stackc why`
#[derive(Debug, Args)]
pub struct Why {
    /// A line of an artifact: its path in the project, `:` and the number of the line.
    #[arg(value_name = "PATH:LINE", required_unless_present = "value", conflicts_with = "value")]
    pub line: Option<String>,
    /// A value: `service.setting`, `environment.setting`, or the name of a parameter.
    #[arg(long, value_name = "NAME.SETTING")]
    pub value: Option<String>,
    /// Only this environment.
    #[arg(short, long = "env", value_name = "NAME", conflicts_with = "line")]
    pub environment: Option<String>,
    /// A `.stack` file or a project folder; the nearest `stackc.toml` when left out.
    #[arg(long, value_name = "PATH")]
    pub project: Option<PathBuf>,
}

/// `stackc diff`
#[derive(Debug, Args)]
pub struct Diff {
    /// A revision of git to compare with; the written files when left out.
    pub before: Option<String>,
    /// A second revision; what the working tree emits when left out.
    pub after: Option<String>,
    /// Only these environments.
    #[arg(short, long = "env", value_name = "NAME")]
    pub environment: Vec<String>,
    /// Only these targets.
    #[arg(short, long, value_name = "NAME", value_parser = target_names())]
    pub target: Vec<String>,
    /// How it is written.
    #[arg(long = "as", value_enum, default_value_t = Rendering::Text)]
    pub rendering: Rendering,
    /// A `.stack` file or a project folder; the nearest `stackc.toml` when left out.
    #[arg(long, value_name = "PATH")]
    pub project: Option<PathBuf>,
}

/// The forms of differences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Rendering {
    /// For a terminal.
    Text,
    /// For a pull request.
    Markdown,
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
