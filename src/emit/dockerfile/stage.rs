//! One stage as instructions. Must not decide which stage runs.

use crate::emit::Emitted;
use crate::model::{Build, Stage};
use crate::plan::Plan;
use crate::print::dockerfile::{Copy, Instruction, Mount, RunForm, Stage as Printed};
use crate::schema::{FilePath, ImageRef};
use crate::source::Span;
use crate::text::{DockerWord, Unwritable, VariableName};

/// The stage with what the source says; what the image needs at run time is added by the caller.
pub(super) fn lower(plan: &Plan, build: &Build, stage: &Stage) -> Result<Printed, Unwritable> {
    let mut instructions = Vec::new();
    if let Some(workdir) = &stage.workdir {
        instructions.push(Instruction::Workdir(DockerWord::path(workdir)?));
    }
    for name in &stage.args {
        instructions
            .push(Instruction::Arg { name: VariableName::new(name)?, default: default_of(build, name)? });
    }
    if !stage.env.is_empty() {
        let pairs =
            stage.env.iter().map(|(name, value)| Ok((VariableName::new(name)?, DockerWord::value(value)?)));
        instructions.push(Instruction::Env(pairs.collect::<Result<_, Unwritable>>()?));
    }
    instructions.extend(copies(plan, build, stage)?);
    instructions.extend(run(stage)?);
    Ok(Printed {
        place: Some(stage.label.span),
        comment: stage.doc.as_deref().map(ToOwned::to_owned),
        platform: None,
        from: DockerWord::value(&origin(plan, build, &stage.from))?,
        name: Some(DockerWord::value(&stage.label.value)?),
        instructions,
    })
}

/// An earlier stage by its name, or an image with its digest where one is known.
fn origin(plan: &Plan, build: &Build, name: &str) -> String {
    match ImageRef::parse(name) {
        Ok(image) if !build.stage.contains_key(name) => plan.pinned(&image).to_string(),
        _ => name.to_owned(),
    }
}

/// A path inside the image of an earlier stage; a relative one starts at that stage's working folder.
fn inside(build: &Build, stage: &str, path: &str) -> String {
    if path.starts_with('/') {
        return path.to_owned();
    }
    let mut name = stage;
    let mut steps = 0;
    let workdir = loop {
        let found = build.stage.get(name);
        match found.and_then(|stage| stage.workdir.as_deref()) {
            Some(workdir) => break workdir,
            None if found.is_none() || steps > build.stage.len() => break "/",
            None => name = found.map_or("", |stage| &*stage.from),
        }
        steps += 1;
    };
    format!("{}/{}", workdir.trim_end_matches('/'), path.trim_start_matches("./"))
}

fn default_of(build: &Build, name: &str) -> Result<Option<DockerWord>, Unwritable> {
    build.args.get(name).map(|value| DockerWord::value(value)).transpose()
}

fn copies(plan: &Plan, build: &Build, stage: &Stage) -> Result<Vec<Instruction>, Unwritable> {
    let mut found = Vec::new();
    for (source, files) in &stage.take {
        for (path, target) in &files.files {
            found.push(copy(Some(&origin(plan, build, source)), &inside(build, source, path), target)?);
        }
    }
    for path in &stage.copy_root {
        found.push(copy(None, path, &below_workdir(path))?);
    }
    for path in &stage.copy {
        let source = path.below(&build.context);
        found.push(copy(None, &source, &below_workdir(path))?);
    }
    for (path, target) in &stage.copy_to {
        let source = FilePath::parse(path)
            .map_or_else(|_| path.to_string(), |path| path.below(&build.context).to_string());
        found.push(copy(None, &source, target)?);
    }
    Ok(found)
}

fn below_workdir(path: &FilePath) -> String {
    if &**path == "." { "./".to_owned() } else { format!("./{path}") }
}

/// A copy as a layer of its own, so that a changed base does not copy again.
fn copy(from: Option<&str>, source: &str, target: &str) -> Result<Instruction, Unwritable> {
    Ok(Instruction::Copy(Copy {
        from: from.map(DockerWord::value).transpose()?,
        link: true,
        chown: None,
        chmod: None,
        sources: vec![DockerWord::path(source)?],
        target: DockerWord::path(target)?,
    }))
}

fn run(stage: &Stage) -> Result<Vec<Instruction>, Unwritable> {
    if stage.run.is_empty() {
        return Ok(Vec::new());
    }
    let mut mounts = Vec::new();
    for target in &stage.cache {
        mounts.push(Mount::Cache { target: DockerWord::path(target)? });
    }
    for secret in &stage.secrets {
        mounts.push(Mount::Secret { id: DockerWord::value(&secret.0)? });
    }
    let mut found = Vec::new();
    if let Some(why) = &stage.why {
        found.push(Instruction::Comment(why.to_string()));
    }
    if !stage.allow.is_empty() {
        let rules: Vec<&str> = stage.allow.iter().map(|rule| &**rule).collect();
        found.push(Instruction::Comment(format!("hadolint ignore={}", rules.join(","))));
    }
    let lines = stage.run.iter().map(|line| line.to_string()).collect();
    found.push(Instruction::Run { mounts, command: RunForm::Shell(lines) });
    Ok(found)
}

/// Reports a text that has no form in a Dockerfile.
pub(super) fn report(error: &dyn std::fmt::Display, span: Span, out: &mut Emitted) {
    use crate::diagnostic::{Diagnostic, codes};
    let message = format!("the Dockerfile cannot be written: {error}");
    out.diagnostics.push(Diagnostic::error(codes::NOT_EXPRESSIBLE, message).at(span, "described here"));
}
