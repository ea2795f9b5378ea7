//! What an image needs to run: user, ports, signals, health check, entry point. Must not copy sources.

use super::contract;
use crate::emit::names;
use crate::emit::spell::{Spelling, marker};
use crate::model::{Service, Stage};
use crate::plan::{ImagePlan, Plan};
use crate::print::dockerfile::{Copy, Healthcheck, Instruction, RunForm};
use crate::schema::{Duration, PublicText};
use crate::text::{DockerWord, Unwritable};

/// Where the entry script is in images that need it.
const WITH_SECRETS: &str = "/usr/local/bin/with-secrets";
/// Where the check of variables is in images that have one.
const CHECK_ENV: &str = "/usr/local/bin/check-env";

/// The instructions at the end of the stage that runs.
pub(super) fn instructions(
    plan: &Plan,
    image: &ImagePlan,
    expands: bool,
) -> Result<Vec<Instruction>, Unwritable> {
    let service = &image.service;
    let mut found = Vec::new();
    let stage = image.build.stage.values().rfind(|stage| !is_dev(image, stage));
    found.extend(stage.and_then(|stage| writable(stage, service)));
    if service.static_site.is_some() {
        found.push(file(&names::static_config(plan, image), "/etc/nginx/nginx.conf", "0444")?);
    }
    found.extend(entry_scripts(plan, image, expands)?);
    found.push(Instruction::Label(labels(plan, image)?));
    found.push(Instruction::User(DockerWord::value(&service.user.to_string())?));
    for (_, port) in service.listeners() {
        found.push(Instruction::Expose(port));
    }
    if let Some(stop) = &service.stop {
        found.push(Instruction::Stopsignal(DockerWord::value(&stop.signal)?));
    }
    found.push(healthcheck(image)?);
    found.extend(start(service, image, expands));
    Ok(found)
}

/// What the stage for development needs: the entry script; the command comes from the environment.
pub(super) fn development(
    plan: &Plan,
    image: &ImagePlan,
    stage: &Stage,
    expands: bool,
) -> Result<Vec<Instruction>, Unwritable> {
    let mut found: Vec<Instruction> = writable(stage, &image.service).into_iter().collect();
    found.extend(entry_scripts(plan, image, expands)?);
    let entry = entry(image, expands);
    if !entry.is_empty() {
        found.push(Instruction::Entrypoint(entry));
    }
    Ok(found)
}

/// The scripts that run before the command, one starting the next: values first, then what must be true of them.
fn entry(image: &ImagePlan, expands: bool) -> Vec<String> {
    let secrets = expands.then(|| WITH_SECRETS.to_owned());
    secrets.into_iter().chain(contract::is_checked(image).then(|| CHECK_ENV.to_owned())).collect()
}

fn entry_scripts(plan: &Plan, image: &ImagePlan, expands: bool) -> Result<Vec<Instruction>, Unwritable> {
    let mut found = Vec::new();
    if expands {
        found.push(file(&names::with_secrets(plan), WITH_SECRETS, "0555")?);
    }
    if contract::is_checked(image) {
        found.push(file(&names::check_env(plan, image), CHECK_ENV, "0555")?);
    }
    Ok(found)
}

/// Whether a stage is the one for development.
pub(super) fn is_dev(image: &ImagePlan, stage: &Stage) -> bool {
    image.build.dev_stage.as_deref() == Some(&*stage.label.value)
}

/// Folders that the process may write to, owned by its user.
fn writable(stage: &Stage, service: &Service) -> Option<Instruction> {
    if stage.writable.is_empty() {
        return None;
    }
    let folders: Vec<&str> = stage.writable.iter().map(|path| &**path).collect();
    let folders = folders.join(" ");
    let commands = vec![format!("mkdir -p {folders}"), format!("chown {} {folders}", service.user)];
    Some(Instruction::Run { mounts: Vec::new(), command: RunForm::Shell(commands) })
}

fn file(source: &str, target: &str, mode: &str) -> Result<Instruction, Unwritable> {
    Ok(Instruction::Copy(Copy {
        from: None,
        link: true,
        chown: None,
        chmod: Some(DockerWord::value(mode)?),
        sources: vec![DockerWord::path(source)?],
        target: DockerWord::path(target)?,
    }))
}

/// The labels of the OCI image specification; the pipeline adds revision and time.
fn labels(plan: &Plan, image: &ImagePlan) -> Result<Vec<(DockerWord, DockerWord)>, Unwritable> {
    let project = &plan.project;
    let is_all = *project.name == *image.name;
    let title = if is_all { project.name.to_string() } else { format!("{} {}", project.name, image.name) };
    let doc = image.service.doc.as_deref().and_then(|doc| doc.lines().next()).map(ToOwned::to_owned);
    let known = [
        ("title", Some(title)),
        ("description", doc),
        ("source", project.repository.as_deref().map(ToOwned::to_owned)),
        ("licenses", project.licence.as_deref().map(ToOwned::to_owned)),
        ("vendor", project.owner.as_deref().map(ToOwned::to_owned)),
    ];
    let known = known.into_iter().filter_map(|(key, value)| Some((key, value?)));
    known
        .map(|(key, value)| {
            Ok((DockerWord::value(&format!("org.opencontainers.image.{key}"))?, DockerWord::value(&value)?))
        })
        .collect()
}

fn healthcheck(image: &ImagePlan) -> Result<Instruction, Unwritable> {
    let (Some(health), Some(command)) = (&image.service.health, &image.health_command) else {
        return Ok(Instruction::NoHealthcheck);
    };
    let time = |time: Duration| DockerWord::value(&format!("{}s", time.as_seconds()));
    Ok(Instruction::Healthcheck(Healthcheck {
        interval: Some(time(health.every)?),
        timeout: Some(time(health.timeout)?),
        start_period: Some(time(health.start)?),
        retries: Some(health.retries),
        command: command.clone(),
    }))
}

fn start(service: &Service, image: &ImagePlan, expands: bool) -> Vec<Instruction> {
    let mut entrypoint: Vec<String> = image.build.init.iter().map(|word| word.to_string()).collect();
    entrypoint.extend(entry(image, expands));
    entrypoint.extend(service.entrypoint.iter().map(word));
    let command: Vec<String> = service.command.iter().map(word).collect();
    let mut found = Vec::new();
    if !entrypoint.is_empty() {
        found.push(Instruction::Entrypoint(entrypoint));
    }
    if !command.is_empty() {
        found.push(Instruction::Cmd(command));
    }
    found
}

fn word(text: &PublicText) -> String {
    Spelling { literal: &|text| text.to_owned(), secret: &|name| marker(name) }.text(text)
}
