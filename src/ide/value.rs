//! Values as people would write them. Must not show more of a secret than its name: there is nothing more.

use crate::schema::{Layer, Part, Reference, Text, Trigger, Value};

/// A value in the spelling of the language, as far as it has one.
pub fn written(value: &Value) -> String {
    match value {
        Value::None => "none".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Milli(value) => crate::schema::Cpu(u32::try_from(*value).unwrap_or_default()).to_string(),
        Value::Size(value) => value.to_string(),
        Value::Duration(value) => value.to_string(),
        Value::Ratio(value) => value.to_string(),
        Value::Rate(value) => value.to_string(),
        Value::Text(value) => format!("\"{}\"", text(value)),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(|item| written(&item.value)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(entries) => {
            let entries: Vec<String> =
                entries.iter().map(|(key, entry)| format!("{key} = {}", written(&entry.value))).collect();
            if entries.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", entries.join(", ")) }
        }
        Value::Choice(word) => (*word).to_owned(),
        Value::Reference(reference) => name(reference),
        Value::Trigger(trigger) => started_by(trigger),
        Value::Error => "not known".to_owned(),
    }
}

fn text(text: &Text) -> String {
    let part = |part: &Part| match part {
        Part::Literal(text) => text.escape_debug().to_string(),
        Part::Host { service, .. } => format!("${{{service}.host}}"),
        Part::Port { number, .. } => number.to_string(),
        Part::Secret(name) => format!("${{secret.{name}}}"),
        Part::SecretPath(name) => format!("${{path(secret.{name})}}"),
    };
    text.0.iter().map(part).collect()
}

fn name(reference: &Reference) -> String {
    match reference {
        Reference::Service { name, port: Some(port) } => format!("{name}.ports.{port}"),
        Reference::Service { name, port: None } | Reference::Environment(name) | Reference::Job(name) => {
            name.to_string()
        }
        Reference::Secret(name) => format!("secret.{name}"),
    }
}

fn started_by(trigger: &Trigger) -> String {
    let call = |name: &str, arguments: &[std::sync::Arc<str>]| {
        let arguments: Vec<String> = arguments.iter().map(|argument| format!("\"{argument}\"")).collect();
        format!("{name}({})", arguments.join(", "))
    };
    match trigger {
        Trigger::Push(branches) => call("push", branches),
        Trigger::Tag(tags) => call("tag", tags),
        Trigger::PullRequest(branches) if branches.is_empty() => "pull_request".to_owned(),
        Trigger::PullRequest(branches) => call("pull_request", branches),
        Trigger::Schedule(cron) => format!("schedule(\"{cron}\")"),
        Trigger::Manual => "manual".to_owned(),
    }
}

/// A layer in the words of the book.
pub fn layer(layer: Layer) -> &'static str {
    match layer {
        Layer::Default => "default",
        Layer::Preset => "template",
        Layer::Base => "declaration",
        Layer::Environment(_) => "environment",
    }
}
