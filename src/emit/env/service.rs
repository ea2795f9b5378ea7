//! The file of a service and an environment: what the contract names, with the values of the environment, for a process
//! without a container. Must not hold the value of a secret.

use indexmap::IndexSet;

use super::variables::{in_image, line, sentence};
use crate::emit::HEADER;
use crate::model::{Phase, Reads, Service};
use crate::plan::{EnvironmentPlan, ServicePlan};
use crate::print::dotenv::{EnvFile, Group, Line, Variable};
use crate::text::{DotenvValue, Unwritable, VariableName};

/// The file; a service without a contract has none.
pub(super) fn file(
    environment: &EnvironmentPlan,
    service: &Service,
    planned: &ServicePlan,
) -> Option<Result<EnvFile, Unwritable>> {
    let header = format!(
        "{HEADER}\nWhat `{}` reads in the environment `{}`: for a process without a container, whose secrets come \
         from elsewhere. Containers do not read it.",
        service.label.value,
        environment.name()
    );
    let by_phase = |phase: Phase| service.reads.values().filter(move |reads| reads.phase == phase);
    let run: Result<Vec<Line>, Unwritable> =
        by_phase(Phase::Run).map(|reads| at_run(reads, service, planned)).collect();
    let build: Result<Vec<Line>, Unwritable> =
        by_phase(Phase::Build).map(|reads| at_build(reads, service)).collect();
    (!service.reads.is_empty()).then(|| {
        let place = Some(service.label.span);
        let mut groups = vec![Group { place, heading: String::new(), lines: run? }];
        groups.push(Group { place, heading: "Baked in when it is built".to_owned(), lines: build? });
        groups.retain(|group| !group.lines.is_empty());
        Ok(EnvFile { header, groups })
    })
}

fn at_run(reads: &Reads, service: &Service, planned: &ServicePlan) -> Result<Line, Unwritable> {
    let name = &*reads.label.value;
    match planned.variables.iter().find(|variable| &*variable.name == name) {
        Some(variable) => Ok(match line(variable, &IndexSet::new())? {
            Line::Variable(found) => Line::Variable(Variable { comment: sentence(reads), ..found }),
            Line::Comment(fact) => Line::Comment(format!("{fact} {}", sentence(reads))),
        }),
        None => value(reads, in_image(service, name).or(reads.default.as_deref())),
    }
}

fn at_build(reads: &Reads, service: &Service) -> Result<Line, Unwritable> {
    let args = service.build.as_ref().map(|build| &build.args);
    let set = args.and_then(|args| args.get(&*reads.label.value)).map(|value| &*value.value);
    value(reads, set.or(reads.default.as_deref()))
}

fn value(reads: &Reads, value: Option<&str>) -> Result<Line, Unwritable> {
    let name = &*reads.label.value;
    match value {
        Some(value) => {
            let (name, value) = (VariableName::new(name)?, DotenvValue::new(value)?);
            Ok(Line::Variable(Variable { comment: sentence(reads), name, value }))
        }
        None => Ok(Line::Comment(format!("{name} is not set. {}", sentence(reads)))),
    }
}
