//! The health check as a command that the image can run. Must not decide when a target asks.
//!
//! A command is taken as it is written. A service of a known image that asks for nothing in particular gets the
//! image's own check. Requests and connections need a client: the first of the catalogue's clients that the image
//! has. In an unknown image the clients that nearly every image with a shell has are assumed, with a warning; a known
//! image without a client is an error, because the check would fail for ever.

use crate::catalogue::{Catalogue, Client, ImageFacts};
use crate::diagnostic::{Diagnostic, codes};
use crate::model::{Health, Probe, Service};
use crate::schema::ImageRef;

use super::ports;

/// What came out for one service.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The command.
    pub(super) command: Option<Vec<String>>,
    /// Why there is none, or why it may be wrong.
    pub(super) problem: Option<Diagnostic>,
}

/// Finds the command for a service that runs on this image; `own` when the image is the service's own and not one
/// that a build starts from.
pub(super) fn command(
    service: &Service,
    image: Option<&ImageRef>,
    own: bool,
    catalogue: &Catalogue,
) -> Found {
    let Some(health) = &service.health else {
        return Found::default();
    };
    if let Probe::Command(words) = health.probe() {
        let command = Some(words.iter().map(|word| word.0.to_string()).collect());
        return Found { command, problem: None };
    }
    let facts = image.and_then(|image| catalogue.image(image));
    let tag = image.and_then(|image| image.tag.as_deref());
    let asks_nothing = health.probe() == Probe::Tcp && !health.tcp;
    if let (true, true, Some(facts)) = (asks_nothing, own, facts)
        && let Some(command) = image_check(service, facts, tag)
    {
        return Found { command: Some(command), problem: None };
    }
    match ports::resolve(service, health.port.as_deref(), health.origins.block) {
        // An unknown name is reported with the other ports, once.
        Err(_) if health.port.is_some() => Found::default(),
        Err(problem) => Found { command: None, problem: Some(*problem) },
        Ok(port) => ask(service, health, port, image, facts, catalogue),
    }
}

fn ask(
    service: &Service,
    health: &Health,
    port: u16,
    image: Option<&ImageRef>,
    facts: Option<&ImageFacts>,
    catalogue: &Catalogue,
) -> Found {
    let tools = facts.map(|facts| facts.tools(image.and_then(|image| image.tag.as_deref())));
    let has = |client: &&Client| match &tools {
        Some(tools) => tools.contains(&&*client.program),
        None => client.assumed,
    };
    let clients = catalogue.clients().iter().filter(has);
    let mut commands = clients.filter_map(|client| words(client, &health.probe(), port));
    let command = commands.next();
    let name = image.map_or_else(|| "its base image".to_owned(), |image| format!("`{image}`"));
    let problem = match (&command, &tools) {
        (None, Some(tools)) => Some(no_client(service, health, &name, tools)),
        (Some(command), None) => Some(unknown_image(health, &name, command)),
        (Some(_), Some(_)) | (None, None) => None,
    };
    Found { command, problem }
}

fn words(client: &Client, probe: &Probe<'_>, port: u16) -> Option<Vec<String>> {
    let (template, path) = match probe {
        Probe::Http(path) => (&client.http, &***path),
        Probe::Tcp => (&client.tcp, ""),
        Probe::Command(_) => return None,
    };
    if template.is_empty() {
        return None;
    }
    let fill = |word: &String| match word.as_str() {
        "{url}" => format!("http://127.0.0.1:{port}{path}"),
        "{port}" => port.to_string(),
        "{path}" => path.to_owned(),
        word => word.to_owned(),
    };
    Some(template.iter().map(fill).collect())
}

/// The image's own check, its variables filled in; `None` where one of them is secret or unknown.
fn image_check(service: &Service, facts: &ImageFacts, tag: Option<&str>) -> Option<Vec<String>> {
    let words = facts.health(tag);
    if words.is_empty() {
        return None;
    }
    words.iter().map(|word| fill_variables(word, service, facts, MAX_DEPTH)).collect()
}

/// Defaults of variables mention others; this deep at most.
const MAX_DEPTH: u8 = 4;

fn fill_variables(word: &str, service: &Service, facts: &ImageFacts, depth: u8) -> Option<String> {
    let Some((before, rest)) = word.split_once("${") else {
        return Some(word.to_owned());
    };
    let (name, after) = rest.split_once('}')?;
    let value = if let Some(entry) = service.env.get(name) {
        entry.value.as_literal()?.to_owned()
    } else {
        let default = facts.variable(name)?.default.as_deref()?;
        fill_variables(default, service, facts, depth.checked_sub(1)?)?
    };
    Some(format!("{before}{value}{}", fill_variables(after, service, facts, depth)?))
}

fn what(health: &Health) -> (&'static str, &'static str) {
    match health.probe() {
        Probe::Http(_) => ("http", "make a request"),
        Probe::Tcp | Probe::Command(_) => ("tcp", "open a connection"),
    }
}

fn no_client(service: &Service, health: &Health, image: &str, tools: &[&str]) -> Diagnostic {
    let (field, doing) = what(health);
    let name = &service.label.value;
    let has = if tools.is_empty() {
        "it has no programs at all".to_owned()
    } else {
        let tools: Vec<String> = tools.iter().map(|tool| format!("`{tool}`")).collect();
        format!("it has {}", tools.join(", "))
    };
    let message = format!("{image} has no program that can {doing} for the health check of `{name}`");
    Diagnostic::error(codes::NO_HEALTH_CLIENT, message)
        .at(health.origins.field(field).span, "needs a program inside the container")
        .help(format!("write `command = [\"…\"]` with a program of the image instead: {has}"))
}

fn unknown_image(health: &Health, image: &str, command: &[String]) -> Diagnostic {
    let (field, _) = what(health);
    let program = command.first().map_or("", String::as_str);
    let message =
        format!("nothing is known about the programs in {image}: the health check assumes `{program}`");
    Diagnostic::warning(codes::UNKNOWN_IMAGE, message)
        .at(health.origins.field(field).span, "needs a program inside the container")
        .help("write `command = [\"…\"]` with a program that the image surely has")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::fixture::{at, int, read, service, service_with, text};
    use crate::schema::{Text, Value};

    const DB: &str = r#"
        repository = "db"
        health = ["ready", "-U", "${DB_USER}", "-d", "${DB_NAME}"]
        variables = [{ name = "DB_USER", default = "admin" }, { name = "DB_NAME", default = "${DB_USER}" }]
        variants = { big = { tools = ["sh", "python3", "ask"] }, tiny = { tools = [] } }
    "#;
    const CLIENTS: &str = r#"
        client = [
            { program = "ask", http = ["ask", "{url}"], assumed = true },
            { program = "python3", http = ["python3", "{url}"], tcp = ["python3", "{port}"] },
        ]
    "#;

    fn found(image: &str, own: bool, health: &[(&str, Value)]) -> Found {
        let mut db = service("db", &[("port", int(5432))]);
        db.health = read(service_with("health", "", health));
        db.env.insert("DB_NAME".into(), at(Text::literal("shop"), 7));
        let catalogue = Catalogue::new([("db", DB)], CLIENTS);
        command(&db, Some(&ImageRef::parse(image).unwrap()), own, &catalogue)
    }

    #[test]
    fn the_first_client_that_the_image_has_is_used() {
        let http = [("http", text("/healthz"))];
        let words = found("db:1-big", true, &http).command.unwrap();
        assert_eq!(words, ["ask", "http://127.0.0.1:5432/healthz"]);
        let words = found("db:1-big", true, &[("tcp", Value::Bool(true))]).command.unwrap();
        assert_eq!(words, ["python3", "5432"]);
    }

    #[test]
    fn the_check_of_the_image_itself_is_used_when_nothing_else_is_said() {
        let words = found("db:1-big", true, &[]).command.unwrap();
        assert_eq!(words, ["ready", "-U", "admin", "-d", "shop"]);
        let base = found("db:1-big", false, &[]).command.unwrap();
        assert_eq!(base, ["python3", "5432"]);
    }

    #[test]
    fn an_image_without_client_is_an_error_and_an_unknown_one_a_warning() {
        let http = [("http", text("/"))];
        let tiny = found("db:1-tiny", true, &http);
        assert_eq!(tiny.command, None);
        assert_eq!(tiny.problem.unwrap().code, codes::NO_HEALTH_CLIENT);
        let unknown = found("elsewhere:1", true, &http);
        assert_eq!(unknown.command.unwrap()[0], "ask");
        assert!(!unknown.problem.unwrap().is_error());
    }
}
