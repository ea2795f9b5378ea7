//! Configuration files of services: their text, and where each target keeps them. Must not know a program's format.

use super::HEADER;
use super::names;
use super::spell::{Spelling, dns, marker};
use crate::model::{Config, Service};
use crate::plan::{EnvironmentPlan, Plan};
use crate::schema::Text;

/// The whole text of a file: who wrote it, its text, a line for each setting.
pub(super) fn text(config: &Config) -> String {
    let spell = |text: &Text| Spelling { literal: &str::to_owned, secret: &marker }.text(text);
    let mut lines = Vec::new();
    if !config.comment.is_empty() {
        lines.push(format!("{} {HEADER}", &*config.comment));
    }
    if let Some(text) = &config.text {
        lines.push(spell(text).trim_end_matches('\n').to_owned());
    }
    let quote = config.quote.as_deref().unwrap_or_default();
    lines.extend(config.settings.iter().map(|(key, value)| {
        let value = spell(&value.value);
        format!("{key}{}{quote}{value}{quote}", &*config.between).trim_end().to_owned()
    }));
    lines.join("\n") + "\n"
}

/// The file of the output that a container of this environment mounts, below the environment's folder.
pub(super) fn beside(service: &Service, path: &str) -> String {
    format!("config/{}{path}", dns(&service.label.value))
}

/// The same from the project's root.
pub(super) fn artifact(plan: &Plan, environment: &EnvironmentPlan, service: &Service, path: &str) -> String {
    format!("{}/{}", names::folder(plan, environment), beside(service, path))
}

/// The keys of the files where all of a service stand in one object without folders, with their paths; told apart
/// by a number where two paths lead to one key.
pub(super) fn keys(service: &Service) -> Vec<(String, &str)> {
    let mut keys: Vec<(String, &str)> = Vec::new();
    for path in service.config.keys() {
        let plain = path.trim_start_matches('/').replace('/', "-");
        let mut key = plain.clone();
        let mut number = 2;
        while keys.iter().any(|(known, _)| *known == key) {
            key = format!("{plain}.{number}");
            number += 1;
        }
        keys.push((key, path));
    }
    keys
}
