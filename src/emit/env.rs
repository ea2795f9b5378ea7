//! Env files: every variable that an environment needs, grouped by service. Must not hold a value of a secret, nor
//! text that looks like one: those are files beside it.

use super::spell::{Spelling, marker};
use super::{Emitted, Emitter, HEADER};
use crate::diagnostic::{Diagnostic, codes};
use crate::model::{Charset, Secret};
use crate::plan::{Delivered, EnvironmentPlan, ImageUse, Plan, Variable};
use crate::print::dotenv::{EnvFile, Group, Variable as Line};
use crate::schema::Text;
use crate::text::{DotenvValue, Unwritable, VariableName};

/// Env files.
#[derive(Debug)]
pub struct EnvFiles;

impl Emitter for EnvFiles {
    fn name(&self) -> &'static str {
        "env"
    }

    fn summary(&self) -> &'static str {
        "one .env.example per environment, with every variable and secret that it needs"
    }

    fn emit(&self, plan: &Plan, out: &mut Emitted) {
        for environment in &plan.environments {
            let path = format!("{}/{}/.env.example", plan.project.output, environment.name());
            let span = environment.model.block.label.span;
            match lower(environment) {
                Ok(file) => out.file(path, file.print(), span),
                Err(error) => {
                    let message = format!("`{path}` cannot be written: {error}");
                    let problem = Diagnostic::error(codes::NOT_EXPRESSIBLE, message);
                    out.diagnostics.push(problem.at(span, "described here"));
                }
            }
        }
    }
}

/// The name of a variable for a secret: `db_password` is `DB_PASSWORD`.
pub(super) fn variable(secret: &str) -> String {
    secret.to_uppercase().replace('-', "_")
}

fn lower(environment: &EnvironmentPlan) -> Result<EnvFile, Unwritable> {
    let mut groups = Vec::new();
    if environment.model.compose().is_some() {
        groups.extend(Some(compose(environment)?).filter(|group| !group.variables.is_empty()));
    }
    for (name, planned) in &environment.services {
        let doc = environment.model.services.get(name).and_then(|service| service.doc.as_deref());
        let doc = doc.and_then(|doc| doc.lines().next()).map(|line| format!(": {line}")).unwrap_or_default();
        let mut group = Group { heading: format!("{name}{doc}"), variables: Vec::new() };
        for variable in &planned.variables {
            match &variable.value {
                Delivered::Plain(text) => group.variables.push(line(variable, text)?),
                Delivered::File(secret) => {
                    note(&mut group, &format!("{} is the path of the secret {secret}.", variable.name));
                }
                Delivered::Expand(text) | Delivered::Variable(text) => {
                    let names: Vec<&str> = text.secrets().map(|name| &**name).collect();
                    note(&mut group, &format!("{} holds the secret {}.", variable.name, names.join(" and ")));
                }
            }
        }
        if !group.variables.is_empty() || group.heading.contains('\n') {
            groups.push(group);
        }
    }
    groups.extend(secrets(environment));
    let header = format!(
        "{HEADER}\nThe variables of the environment `{}`, as its services get them. Copy to `.env` only what you change.",
        environment.name()
    );
    Ok(EnvFile { header, groups })
}

/// What Compose itself reads from `.env`.
fn compose(environment: &EnvironmentPlan) -> Result<Group, Unwritable> {
    let mut group = Group { heading: "Read by Compose".to_owned(), variables: Vec::new() };
    if environment.services.values().any(|service| matches!(service.image, ImageUse::Built(_))) {
        group.variables.push(Line {
            comment: "Tag of the images that run.".to_owned(),
            name: VariableName::new("RELEASE")?,
            value: DotenvValue::new(&environment.model.block.release)?,
        });
    }
    let delivered = environment.services.values().flat_map(|service| &service.variables);
    for item in delivered {
        let Delivered::Variable(text) = &item.value else { continue };
        for secret in text.secrets() {
            let name = VariableName::new(&variable(secret))?;
            if group.variables.iter().any(|known| known.name == name) {
                continue;
            }
            let comment = environment.model.secrets.get(secret).map(describe).unwrap_or_default();
            group.variables.push(Line { comment, name, value: DotenvValue::new("")? });
        }
    }
    Ok(group)
}

fn line(variable: &Variable, text: &Text) -> Result<Line, Unwritable> {
    let spelling = Spelling { literal: &ToOwned::to_owned, secret: &|name| marker(name) };
    Ok(Line {
        comment: String::new(),
        name: VariableName::new(&variable.name)?,
        value: DotenvValue::new(&spelling.text(text))?,
    })
}

/// A fact without a value: a comment, because an empty value would overwrite the real one.
fn note(group: &mut Group, text: &str) {
    group.heading = format!("{}\n{text}", group.heading);
}

/// The files that must lie in `secrets/`, or the keys of the store.
fn secrets(environment: &EnvironmentPlan) -> Option<Group> {
    let mut names: Vec<_> = environment
        .services
        .values()
        .flat_map(|service| {
            let tasks = service
                .jobs
                .values()
                .chain(&service.backup)
                .chain(&service.offsite)
                .flat_map(|task| &task.secrets);
            service.secrets.iter().chain(tasks)
        })
        .collect();
    names.sort_unstable();
    names.dedup();
    let lines: Vec<String> = names
        .into_iter()
        .filter_map(|name| {
            Some(format!("secrets/{name}: {}", describe(environment.model.secrets.get(name)?)))
        })
        .collect();
    let heading =
        format!("Secrets, one file each, readable by the user of the service\n{}", lines.join("\n"));
    (!lines.is_empty()).then_some(Group { heading, variables: Vec::new() })
}

fn describe(secret: &Secret) -> String {
    let characters = match secret.charset {
        Charset::UrlSafe => "letters, digits, `-` and `_`",
        Charset::Hex => "hexadecimal digits",
        Charset::Any => "characters",
    };
    let issuer = if secret.generate { "make one up" } else { "somebody else issues it" };
    format!("at least {} {characters}; {issuer}.", secret.length)
}
