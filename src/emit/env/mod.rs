//! Env files: every variable that an environment needs, grouped by service. Must not hold a value of a secret, nor
//! text that looks like one: those are files beside it.

mod compose;
mod secret;
mod service;
mod variables;

use super::spell::dns;
use super::{Emitted, Emitter, Fields, HEADER, names};
use crate::diagnostic::{Diagnostic, codes};
use crate::plan::{EnvironmentPlan, Plan};
use crate::print::dotenv::EnvFile;
use crate::print::outline::Syntax;
use crate::source::Span;
use crate::text::Unwritable;

/// Env files.
#[derive(Debug)]
pub struct EnvFiles;

impl Emitter for EnvFiles {
    fn name(&self) -> &'static str {
        "env"
    }

    fn summary(&self) -> &'static str {
        "one .env.example per environment, and one .env.<environment> per service that says what it reads"
    }

    fn fields(&self) -> Option<&'static Fields> {
        Some(&Fields { syntax: Syntax::Dotenv, table: &[("*", "env.*")] })
    }

    fn emit(&self, plan: &Plan, out: &mut Emitted) {
        for environment in &plan.environments {
            compose::report(environment, out);
            let path = format!("{}/.env.example", names::folder(plan, environment));
            add(path, lower(plan, environment), environment.model.block.label.span, out);
            for (name, service) in &environment.model.services {
                let planned = environment.services.get(name);
                let file = planned.and_then(|planned| service::file(environment, service, planned));
                let path = format!("{}/env/{}/.env.{}", plan.project.output, dns(name), environment.name());
                if let Some(file) = file {
                    add(path, file, service.label.span, out);
                }
            }
        }
    }
}

/// A file that only says that there is nothing to say would be noise.
fn add(path: String, file: Result<EnvFile, Unwritable>, span: Span, out: &mut Emitted) {
    match file {
        Ok(file) if file.groups.is_empty() => {}
        Ok(file) => out.file(path, file.print(), span),
        Err(error) => {
            let message = format!("`{path}` cannot be written: {error}");
            let problem = Diagnostic::error(codes::NOT_EXPRESSIBLE, message);
            out.diagnostics.push(problem.at(span, "described here"));
        }
    }
}

pub(super) use secret::days_to_rotate;

/// The name of a variable for a secret: `db_password` is `DB_PASSWORD`.
pub(super) fn variable(secret: &str) -> String {
    secret.to_uppercase().replace('-', "_")
}

fn lower(plan: &Plan, environment: &EnvironmentPlan) -> Result<EnvFile, Unwritable> {
    let compose = compose::group(environment)?;
    let use_of_it = match &compose {
        Some(_) => {
            "Compose reads the first group from `.env` beside its file; the others are what services get."
        }
        None => "Nothing reads this file: it says what the services get, for whoever runs one by hand.",
    };
    let header = format!("{HEADER}\nThe variables of the environment `{}`.\n{use_of_it}", environment.name());
    let mut groups = Vec::from_iter(compose);
    groups.extend(variables::groups(environment)?);
    groups.extend(secret::group(plan, environment));
    Ok(EnvFile { header, groups })
}
