//! The variables of services and of their jobs. Must not give a value to one that holds a secret: an empty value
//! would overwrite the real one.

use indexmap::IndexSet;

use super::compose;
use crate::emit::names;
use crate::emit::spell::{Spelling, marker};
use crate::model::{Phase, Reads, Service};
use crate::plan::{Delivered, EnvironmentPlan, Variable, final_stage, stage_chain};
use crate::print::dotenv::{Group, Line, Variable as Assignment};
use crate::schema::Text;
use crate::source::Span;
use crate::text::{DotenvValue, Unwritable, VariableName};

/// A group per service, job and backup that has variables, in declaration order.
pub(super) fn groups(environment: &EnvironmentPlan) -> Result<Vec<Group>, Unwritable> {
    let taken = compose::names(environment);
    let mut groups = Vec::new();
    for (name, planned) in &environment.services {
        let Some(service) = environment.model.services.get(name) else { continue };
        let mut own = group(service.label.span, name, service.doc.as_deref(), &planned.variables, &taken)?;
        describe(&mut own, service);
        groups.push(own);
        for (label, task) in &planned.jobs {
            let doc = service.job.get(label).and_then(|job| job.doc.as_deref());
            let place = service.job.get(label).map_or(service.label.span, |job| job.label.span);
            groups.push(group(place, &names::job(name, label), doc, &task.variables, &taken)?);
        }
        if let Some(task) = &planned.backup {
            groups.push(group(service.label.span, &names::backup(name), None, &task.variables, &taken)?);
        }
        if let Some(task) = &planned.offsite {
            groups.push(group(service.label.span, &names::offsite(name), None, &task.variables, &taken)?);
        }
    }
    groups.retain(|group| !group.lines.is_empty());
    Ok(groups)
}

fn group(
    place: Span,
    name: &str,
    doc: Option<&str>,
    variables: &[Variable],
    taken: &IndexSet<String>,
) -> Result<Group, Unwritable> {
    let doc = doc.and_then(|doc| doc.lines().next()).map(|line| format!(": {line}")).unwrap_or_default();
    let lines: Result<Vec<Line>, Unwritable> =
        variables.iter().map(|variable| line(variable, taken)).collect();
    Ok(Group { place: Some(place), heading: format!("{name}{doc}"), lines: lines? })
}

/// Puts what the program expects above each variable, and names those that it reads and nobody sets.
fn describe(group: &mut Group, service: &Service) {
    for line in &mut group.lines {
        if let Line::Variable(assignment) = line
            && let Some(reads) = service.reads.get(assignment.name.as_str())
        {
            assignment.comment = sentence(reads);
        }
    }
    let unset = service
        .reads
        .iter()
        .filter(|(name, reads)| reads.phase == Phase::Run && !service.env.contains_key(*name));
    group.lines.extend(unset.map(|(name, reads)| {
        let fact = match in_image(service, name) {
            Some(value) => format!("is {value} in the image"),
            None => "is not set here".to_owned(),
        };
        Line::Comment(format!("{name} {fact}. {}", sentence(reads)))
    }));
}

/// What the image itself says, if the stack builds it.
pub(super) fn in_image<'a>(service: &'a Service, name: &str) -> Option<&'a str> {
    let build = service.build.as_ref()?;
    let mut stages = stage_chain(build, final_stage(build, false)?).into_iter();
    stages.find_map(|stage| stage.env.get(name)).map(|value| &*value.value)
}

/// `A port from 1 to 65535.`
pub(super) fn sentence(reads: &Reads) -> String {
    let text = reads.expected().replace('`', "");
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", characters.as_str())
}

/// A variable with its value, or where that comes from.
pub(super) fn line(variable: &Variable, taken: &IndexSet<String>) -> Result<Line, Unwritable> {
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
