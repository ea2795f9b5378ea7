//! The printer of Dockerfiles. Must not repair what it cannot write: that is an error.

use std::fmt;

use super::{
    CommandError, Copy, Dockerfile, Healthcheck, InlineFile, Instruction, Mount, RunForm, Stage, command,
};
use crate::print::comment;
use crate::text::{DockerWord, Unwritable};

/// Starts a further line of an instruction.
const CONTINUE: &str = " \\\n    ";

/// Why an instruction has no form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// A text with a character that does not fit.
    Text(Unwritable),
    /// A shell line that would leave its place.
    Command(CommandError),
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(error) => error.fmt(out),
            Self::Command(error) => error.fmt(out),
        }
    }
}

impl std::error::Error for Error {}

impl From<Unwritable> for Error {
    fn from(error: Unwritable) -> Self {
        Self::Text(error)
    }
}

impl From<CommandError> for Error {
    fn from(error: CommandError) -> Self {
        Self::Command(error)
    }
}

impl Dockerfile {
    /// The text of the file.
    pub fn print(&self) -> Result<String, Error> {
        let mut out = String::new();
        push_directive(&mut out, "syntax", self.syntax.as_ref());
        push_directive(&mut out, "check", self.check.as_ref());
        if self.header.lines().next().is_some_and(|line| line.contains('=')) {
            // `# name=value` on top would be a directive; any other comment ends their list.
            out.push_str("#\n");
        }
        if !self.header.is_empty() {
            comment::push_lines(&mut out, 0, &self.header);
        }
        for stage in &self.stages {
            if !out.is_empty() {
                out.push('\n');
            }
            print_stage(&mut out, stage)?;
        }
        Ok(out)
    }
}

fn push_directive(out: &mut String, name: &str, value: Option<&DockerWord>) {
    if let Some(value) = value {
        out.push_str(&format!("# {name}={value}\n"));
    }
}

fn print_stage(out: &mut String, stage: &Stage) -> Result<(), Error> {
    if let Some(text) = &stage.comment {
        comment::push_lines(out, 0, text);
    }
    out.push_str("FROM ");
    push_flag(out, "platform", stage.platform.as_ref())?;
    out.push_str(one_word(&stage.from)?);
    if let Some(name) = &stage.name {
        out.push_str(" AS ");
        out.push_str(one_word(name)?);
    }
    out.push('\n');
    for instruction in &stage.instructions {
        print_instruction(out, instruction)?;
    }
    Ok(())
}

fn print_instruction(out: &mut String, instruction: &Instruction) -> Result<(), Error> {
    let line = match instruction {
        Instruction::Comment(text) => {
            comment::push_lines(out, 0, text);
            return Ok(());
        }
        Instruction::Blank => String::new(),
        Instruction::Arg { name, default: None } => format!("ARG {name}"),
        Instruction::Arg { name, default: Some(value) } => format!("ARG {name}={value}"),
        Instruction::Env(variables) => {
            pairs("ENV", variables.iter().map(|(name, value)| (name.as_str(), value)))?
        }
        Instruction::Label(labels) => {
            pairs("LABEL", labels.iter().map(|(key, value)| (key.as_str(), value)))?
        }
        Instruction::Workdir(path) => format!("WORKDIR {path}"),
        Instruction::User(user) => format!("USER {}", one_word(user)?),
        Instruction::Expose(port) => format!("EXPOSE {port}"),
        Instruction::Stopsignal(signal) => format!("STOPSIGNAL {}", one_word(signal)?),
        Instruction::Run { mounts, command } => run(mounts, command)?,
        Instruction::Copy(copy) => copy_files(copy)?,
        Instruction::File(file) => copy_text(file)?,
        Instruction::Healthcheck(check) => healthcheck(check)?,
        Instruction::Entrypoint(words) => format!("ENTRYPOINT {}", exec_form(words)?),
        Instruction::Cmd(words) => format!("CMD {}", exec_form(words)?),
    };
    out.push_str(&line);
    out.push('\n');
    Ok(())
}

fn pairs<'a>(name: &str, pairs: impl Iterator<Item = (&'a str, &'a DockerWord)>) -> Result<String, Error> {
    let mut lines = Vec::new();
    for (key, value) in pairs {
        Unwritable::check("the key of a Dockerfile pair", key, |character| character == '=')?;
        lines.push(format!("{key}={value}"));
    }
    if lines.is_empty() {
        return Err(Unwritable::Empty { sink: "a Dockerfile instruction" }.into());
    }
    Ok(format!("{name} {}", lines.join(CONTINUE)))
}

fn run(mounts: &[Mount], command: &RunForm) -> Result<String, Error> {
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

fn copy_files(copy: &Copy) -> Result<String, Error> {
    let mut line = String::from("COPY ");
    push_flag(&mut line, "from", copy.from.as_ref())?;
    if copy.link {
        line.push_str("--link ");
    }
    push_flag(&mut line, "chown", copy.chown.as_ref())?;
    push_flag(&mut line, "chmod", copy.chmod.as_ref())?;
    if copy.sources.is_empty() {
        return Err(Unwritable::Empty { sink: "the list of copied files" }.into());
    }
    let words: Vec<&str> = copy.sources.iter().chain([&copy.target]).map(DockerWord::as_str).collect();
    if copy.sources.iter().chain([&copy.target]).all(DockerWord::is_one_word) {
        line.push_str(&words.join(" "));
    } else {
        line.push_str(&json_list(words.into_iter()));
    }
    Ok(line)
}

fn copy_text(file: &InlineFile) -> Result<String, Error> {
    Unwritable::check("a file inside a Dockerfile", &file.text, |c| matches!(c, '\0' | '\r'))?;
    let mark = end_mark(&file.text);
    let mut out = String::from("COPY ");
    push_flag(&mut out, "chown", file.chown.as_ref())?;
    push_flag(&mut out, "chmod", file.chmod.as_ref())?;
    out.push_str(&format!("<<'{mark}' {}\n{}", one_word(&file.target)?, file.text));
    if !out.ends_with('\n') {
        out.push('\n');
    }
    out.push_str(&mark);
    Ok(out)
}

/// `EOF`, or the first longer one that is not a line of the text.
fn end_mark(text: &str) -> String {
    let mut mark = String::from("EOF");
    while text.lines().any(|line| line == mark) {
        mark.push('F');
    }
    mark
}

fn healthcheck(check: &Healthcheck) -> Result<String, Error> {
    let mut line = String::from("HEALTHCHECK ");
    push_flag(&mut line, "interval", check.interval.as_ref())?;
    push_flag(&mut line, "timeout", check.timeout.as_ref())?;
    push_flag(&mut line, "start-period", check.start_period.as_ref())?;
    if let Some(retries) = check.retries {
        line.push_str(&format!("--retries={retries} "));
    }
    let separator = if line.ends_with("HEALTHCHECK ") { "" } else { "\\\n    " };
    Ok(format!("{line}{separator}CMD {}", exec_form(&check.command)?))
}

/// `["program", "argument"]`: JSON, in which nothing is expanded and a line end is `\n`.
fn exec_form(words: &[String]) -> Result<String, Error> {
    if words.is_empty() {
        return Err(Unwritable::Empty { sink: "a command" }.into());
    }
    for word in words {
        Unwritable::check("an argument of a command", word, |character| character == '\0')?;
    }
    Ok(json_list(words.iter().map(String::as_str)))
}

fn json_list<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let words: Vec<String> = words.map(|word| serde_json::Value::from(word).to_string()).collect();
    format!("[{}]", words.join(", "))
}

fn push_flag(out: &mut String, name: &str, value: Option<&DockerWord>) -> Result<(), Error> {
    if let Some(value) = value {
        out.push_str(&format!("--{name}={} ", one_word(value)?));
    }
    Ok(())
}

fn one_word(word: &DockerWord) -> Result<&str, Error> {
    if word.is_one_word() {
        Ok(word.as_str())
    } else {
        Err(Unwritable::Character { sink: "a Dockerfile word", character: ' ' }.into())
    }
}
