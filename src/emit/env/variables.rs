//! The variables of services and of their jobs. Must not give a value to one that holds a secret: an empty value
//! would overwrite the real one.

use indexmap::IndexSet;

use super::compose;
use crate::emit::names;
use crate::emit::spell::{Spelling, marker};
use crate::plan::{Delivered, EnvironmentPlan, Variable};
use crate::print::dotenv::{Group, Line, Variable as Assignment};
use crate::schema::Text;
use crate::text::{DotenvValue, Unwritable, VariableName};

/// A group per service, job and backup that has variables, in declaration order.
pub(super) fn groups(environment: &EnvironmentPlan) -> Result<Vec<Group>, Unwritable> {
    let taken = compose::names(environment);
    let mut groups = Vec::new();
    for (name, planned) in &environment.services {
        let Some(service) = environment.model.services.get(name) else { continue };
        groups.push(group(name, service.doc.as_deref(), &planned.variables, &taken)?);
        for (label, task) in &planned.jobs {
            let doc = service.job.get(label).and_then(|job| job.doc.as_deref());
            groups.push(group(&names::job(name, label), doc, &task.variables, &taken)?);
        }
        if let Some(task) = &planned.backup {
            groups.push(group(&names::backup(name), None, &task.variables, &taken)?);
        }
    }
    groups.retain(|group| !group.lines.is_empty());
    Ok(groups)
}

fn group(
    name: &str,
    doc: Option<&str>,
    variables: &[Variable],
    taken: &IndexSet<String>,
) -> Result<Group, Unwritable> {
    let doc = doc.and_then(|doc| doc.lines().next()).map(|line| format!(": {line}")).unwrap_or_default();
    let lines: Result<Vec<Line>, Unwritable> =
        variables.iter().map(|variable| line(variable, taken)).collect();
    Ok(Group { heading: format!("{name}{doc}"), lines: lines? })
}

fn line(variable: &Variable, taken: &IndexSet<String>) -> Result<Line, Unwritable> {
    let name = &variable.name;
    let fact = match &variable.value {
        Delivered::Plain(text) if taken.contains(&**name) => {
            format!("{name} is {} here: not what Compose reads above.", raw(text))
        }
        Delivered::Plain(text) => {
            let (name, value) = (VariableName::new(name)?, DotenvValue::new(&raw(text))?);
            return Ok(Line::Variable(Assignment { comment: String::new(), name, value }));
        }
        Delivered::File(secret) => format!("{name} is the path of the secret {secret}."),
        Delivered::Expand(text) | Delivered::Variable(text) => format!("{name} {}.", made_of(text)),
    };
    Ok(Line::Comment(fact))
}

fn raw(text: &Text) -> String {
    Spelling { literal: &ToOwned::to_owned, secret: &|name| marker(name) }.text(text)
}

/// Where the value comes from, without the characters around the secret.
fn made_of(text: &Text) -> String {
    if let Some(secret) = text.as_secret() {
        return format!("holds the secret {secret}");
    }
    let names: IndexSet<&str> = text.secrets().map(|name| &**name).collect();
    let names: Vec<&str> = names.into_iter().collect();
    match names.as_slice() {
        [name] => format!("is put together from the secret {name}"),
        names => format!("is put together from the secrets {}", names.join(", ")),
    }
}
