//! Files, stages and instructions as text. Must not repair what it cannot write: that is an error.

use super::copy::{copy_files, copy_text};
use super::run::run;
use super::words::{CONTINUE, exec_form, one_word, push_flag};
use super::{Dockerfile, Error, Healthcheck, Instruction, Stage};
use crate::print::{Printed, comment};
use crate::text::{DockerWord, Unwritable};

impl Dockerfile {
    /// The text of the file.
    pub fn print(&self) -> Result<Printed, Error> {
        let mut printed = Printed::default();
        let out = &mut printed.text;
        push_directive(out, "syntax", self.syntax.as_ref());
        push_directive(out, "check", self.check.as_ref());
        if self.top_comment().lines().next().is_some_and(|line| line.contains('=')) {
            // `# name=value` on top would be a directive; any other comment ends their list.
            out.push_str("#\n");
        }
        if !self.header.is_empty() {
            comment::push_lines(out, 0, &self.header);
        }
        for stage in &self.stages {
            if !printed.text.is_empty() {
                printed.text.push('\n');
            }
            let start = printed.text.len();
            print_stage(&mut printed.text, stage)?;
            printed.mark(start, stage.place);
        }
        Ok(printed)
    }

    /// The first comment of the file that is not a directive.
    fn top_comment(&self) -> &str {
        let of_stage = self.stages.first().and_then(|stage| stage.comment.as_deref());
        if self.header.is_empty() { of_stage.unwrap_or_default() } else { &self.header }
    }
}

fn push_directive(out: &mut String, name: &str, value: Option<&DockerWord>) {
    if let Some(value) = value {
        out.extend(["# ", name, "=", value.as_str(), "\n"]);
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
    let mut instructions = stage.instructions.iter().peekable();
    while let Some(instruction) = instructions.next() {
        print_instruction(out, instruction)?;
        // Some linters read a here-document to its end only when an empty line follows.
        let is_text = matches!(instruction, Instruction::File(_));
        if is_text && instructions.peek().is_some_and(|next| **next != Instruction::Blank) {
            out.push('\n');
        }
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
        Instruction::NoHealthcheck => "HEALTHCHECK NONE".to_owned(),
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

fn healthcheck(check: &Healthcheck) -> Result<String, Error> {
    let mut line = String::from("HEALTHCHECK ");
    push_flag(&mut line, "interval", check.interval.as_ref())?;
    push_flag(&mut line, "timeout", check.timeout.as_ref())?;
    push_flag(&mut line, "start-period", check.start_period.as_ref())?;
    if let Some(retries) = check.retries {
        line.extend(["--retries=", &retries.to_string(), " "]);
    }
    let separator = if line.ends_with("HEALTHCHECK ") { "" } else { "\\\n    " };
    Ok(format!("{line}{separator}CMD {}", exec_form(&check.command)?))
}
