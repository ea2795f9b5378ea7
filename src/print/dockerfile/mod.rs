//! Dockerfiles: a small tree of instructions. Must not choose images, commands or users.

mod command;
mod copy;
mod error;
mod print;
mod run;
mod words;

use crate::source::Span;
use crate::text::{DockerWord, VariableName};

pub use command::CommandError;
pub use error::Error;

/// A whole file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dockerfile {
    /// `# syntax=`: the frontend that reads it.
    pub syntax: Option<DockerWord>,
    /// `# check=`: how build checks behave, such as `error=true`.
    pub check: Option<DockerWord>,
    /// Comment lines below the directives; nothing when empty.
    pub header: String,
    /// The stages, in order.
    pub stages: Vec<Stage>,
}

/// `FROM` and what follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// What it stands for.
    pub place: Option<Span>,
    /// Comment lines above it.
    pub comment: Option<String>,
    /// `--platform=`.
    pub platform: Option<DockerWord>,
    /// An earlier stage or an image.
    pub from: DockerWord,
    /// `AS`.
    pub name: Option<DockerWord>,
    /// The instructions, in order.
    pub instructions: Vec<Instruction>,
}

/// One instruction, comment or empty line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Instruction {
    /// `# …`, one line for each of its lines.
    Comment(String),
    /// An empty line.
    Blank,
    /// `ARG`.
    Arg {
        /// Its name.
        name: VariableName,
        /// Its value when the build gives none.
        default: Option<DockerWord>,
    },
    /// `ENV`, one variable a line.
    Env(Vec<(VariableName, DockerWord)>),
    /// `LABEL`, one label a line.
    Label(Vec<(DockerWord, DockerWord)>),
    /// `WORKDIR`.
    Workdir(DockerWord),
    /// `USER`.
    User(DockerWord),
    /// `EXPOSE`.
    Expose(u16),
    /// `STOPSIGNAL`.
    Stopsignal(DockerWord),
    /// `RUN`.
    Run {
        /// `--mount=`, one a line when there are several.
        mounts: Vec<Mount>,
        /// What runs.
        command: RunForm,
    },
    /// `COPY` of files.
    Copy(Copy),
    /// `COPY` of a file whose text stands in the Dockerfile.
    File(InlineFile),
    /// `HEALTHCHECK`.
    Healthcheck(Healthcheck),
    /// `HEALTHCHECK NONE`: not that of the base either.
    NoHealthcheck,
    /// `ENTRYPOINT`, in exec form.
    Entrypoint(Vec<String>),
    /// `CMD`, in exec form.
    Cmd(Vec<String>),
}

/// What `RUN` runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunForm {
    /// Shell lines, each only when the ones before it succeed.
    Shell(Vec<String>),
    /// A program and its arguments, without a shell.
    Exec(Vec<String>),
}

/// A mount of `RUN`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mount {
    /// A folder kept between builds, one build at a time.
    Cache {
        /// Where.
        target: DockerWord,
    },
    /// A secret as `/run/secrets/<id>`.
    Secret {
        /// Its name.
        id: DockerWord,
    },
    /// Files of the context or of a stage, read-only.
    Bind {
        /// A stage or an image; the context when absent.
        from: Option<DockerWord>,
        /// Path there.
        source: DockerWord,
        /// Path in the build.
        target: DockerWord,
    },
}

/// `COPY`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    /// `--from=`: a stage or an image.
    pub from: Option<DockerWord>,
    /// `--link`: a layer that does not depend on the ones below.
    pub link: bool,
    /// `--chown=`.
    pub chown: Option<DockerWord>,
    /// `--chmod=`.
    pub chmod: Option<DockerWord>,
    /// What is copied.
    pub sources: Vec<DockerWord>,
    /// Where to.
    pub target: DockerWord,
}

/// A file written from the Dockerfile itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InlineFile {
    /// `--chown=`.
    pub chown: Option<DockerWord>,
    /// `--chmod=`.
    pub chmod: Option<DockerWord>,
    /// Its text; a missing last line end is added.
    pub text: String,
    /// Where it goes.
    pub target: DockerWord,
}

/// `HEALTHCHECK`, in exec form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Healthcheck {
    /// `--interval=`.
    pub interval: Option<DockerWord>,
    /// `--timeout=`.
    pub timeout: Option<DockerWord>,
    /// `--start-period=`.
    pub start_period: Option<DockerWord>,
    /// `--retries=`.
    pub retries: Option<u32>,
    /// The program and its arguments.
    pub command: Vec<String>,
}
