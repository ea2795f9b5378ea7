//! What Compose itself reads from `.env`: the release and the secrets that are variables. Must not name a service's
//! own variables.

use std::sync::Arc;

use indexmap::IndexSet;

use super::{secret, variable};
use crate::diagnostic::{Diagnostic, codes};
use crate::emit::Emitted;
use crate::plan::{Delivered, EnvironmentPlan, ImageUse};
use crate::print::dotenv::{Group, Line, Variable};
use crate::text::{DotenvValue, Unwritable, VariableName};

/// The variable with the tag of the images.
const RELEASE: &str = "RELEASE";

/// The first group of the file; `None` where Compose reads nothing.
pub(super) fn group(environment: &EnvironmentPlan) -> Result<Option<Group>, Unwritable> {
    let mut lines = Vec::new();
    if has_release(environment) {
        lines.push(line("Tag of the images that run.", RELEASE, &environment.model.block.release)?);
    }
    for name in secrets(environment) {
        let Some(model) = environment.model.secrets.get(name) else { continue };
        let command = secret::command(model).map(|command| format!("\n  {command}")).unwrap_or_default();
        let comment = format!("The secret {name}: {}.{command}", secret::describe(model));
        lines.push(line(&comment, &variable(name), "")?);
    }
    let heading = "Read by Compose; a variable of the shell that starts it wins over this file".to_owned();
    Ok((!lines.is_empty()).then_some(Group { place: None, heading, lines }))
}

/// The names that mean something to Compose here: a service's variable of that name would overwrite them.
pub(super) fn names(environment: &EnvironmentPlan) -> IndexSet<String> {
    let release = has_release(environment).then(|| RELEASE.to_owned());
    release.into_iter().chain(secrets(environment).into_iter().map(|name| variable(name))).collect()
}

/// A secret whose variable Compose takes for something else would end up in the name of an image or worse.
pub(super) fn report(environment: &EnvironmentPlan, out: &mut Emitted) {
    for name in secrets(environment) {
        let variable = variable(name);
        let is_taken =
            variable == RELEASE || variable.starts_with("COMPOSE_") || variable.starts_with("DOCKER_");
        if let (true, Some(model)) = (is_taken, environment.model.secrets.get(name)) {
            let message =
                format!("the secret `{name}` needs the variable `{variable}`, which Compose reads itself");
            let problem = Diagnostic::error(codes::NOT_EXPRESSIBLE, message);
            out.diagnostics.push(problem.at(model.label.span, "declared here").help("give it another name"));
        }
    }
}

/// Whether an image of the stack runs in Compose: only those have the release in their name.
fn has_release(environment: &EnvironmentPlan) -> bool {
    let mut services = environment.services.values();
    environment.model.compose().is_some()
        && services.any(|service| matches!(service.image, ImageUse::Built(_)))
}

/// The secrets that reach some process in Compose as a variable, each once.
fn secrets(environment: &EnvironmentPlan) -> IndexSet<&Arc<str>> {
    let services = environment.services.values().filter(|_| environment.model.compose().is_some());
    let variables = services.flat_map(|service| {
        service.variables.iter().chain(service.jobs.values().flat_map(|job| &job.variables))
    });
    let texts = variables.filter_map(|variable| match &variable.value {
        Delivered::Variable(text) => Some(text),
        Delivered::Plain(_) | Delivered::File(_) | Delivered::Expand(_) => None,
    });
    texts.flat_map(crate::schema::Text::secrets).collect()
}

fn line(comment: &str, name: &str, value: &str) -> Result<Line, Unwritable> {
    let (name, value) = (VariableName::new(name)?, DotenvValue::new(value)?);
    Ok(Line::Variable(Variable { comment: comment.to_owned(), name, value }))
}
