//! Port names and numbers: every name that is used must listen, every number must be free. Must not know edges.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Edit, codes, suggest};
use crate::model::{Environment, Service};
use crate::source::Span;

/// The number behind a port name, or of the first listener when none is named.
pub(super) fn resolve(service: &Service, port: Option<&str>, span: Span) -> Result<u16, Box<Diagnostic>> {
    let listeners = service.listeners();
    let name = &service.label.value;
    match (port, listeners.first()) {
        (None, Some((_, number))) => Ok(*number),
        (_, None) => Err(Box::new(listens_nowhere(service, span))),
        (Some(port), Some(_)) => listeners
            .iter()
            .find(|(known, _)| *known == port)
            .map(|(_, number)| *number)
            .ok_or_else(|| Box::new(unknown_port(name, port, &listeners, span))),
    }
}

fn listens_nowhere(service: &Service, span: Span) -> Diagnostic {
    let name = &service.label.value;
    Diagnostic::error(codes::PORT_NOT_LISTENING, format!("`{name}` does not listen on any port"))
        .at(span, "needs a port")
        .also(service.label.span, "has neither `port` nor `ports`")
        .help(format!("add `port = …` to `{name}`"))
}

fn unknown_port(service: &str, port: &str, listeners: &[(&str, u16)], span: Span) -> Diagnostic {
    let known: Vec<String> = listeners.iter().map(|(name, number)| format!("`{name}` ({number})")).collect();
    Diagnostic::error(
        codes::PORT_NOT_LISTENING,
        format!("`{service}` does not listen on a port named `{port}`"),
    )
    .at(span, "no such port")
    .help(format!("use one of its ports: {}", known.join(", ")))
}

/// The listener whose name is nearest to what was written; the only one when there is no other.
fn nearest<'a>(service: &'a Service, port: &str) -> Option<&'a str> {
    let listeners = service.listeners();
    if let [(only, _)] = listeners.as_slice() {
        return Some(only);
    }
    suggest::closest(port, listeners.iter().map(|(name, _)| *name))
}

/// Adds a repair to an unknown port name: the nearest name, written by `spell`.
pub(super) fn with_fix(
    diagnostic: Diagnostic,
    service: &Service,
    port: Option<&str>,
    spell: impl Fn(&str) -> String,
) -> Diagnostic {
    let span = diagnostic.primary.as_ref().map(|label| label.span);
    match (port.and_then(|port| nearest(service, port)), span) {
        (Some(name), Some(span)) if !service.listeners().is_empty() => {
            let text = spell(name);
            let edit = Edit { span, text: text.clone() };
            diagnostic.maybe_fix(format!("replace with `{text}`"), vec![edit])
        }
        _ => diagnostic,
    }
}

/// The mistakes with ports in an environment, except those of references.
pub(super) fn check(environment: &Environment) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for service in environment.services.values() {
        problems.extend(shared_numbers(service));
        problems.extend(unknown_names(service));
    }
    problems.extend(taken_on_host(environment));
    problems
}

fn shared_numbers(service: &Service) -> Vec<Diagnostic> {
    let first = service.port.iter().map(|port| {
        let span = service.origins.field("port").span;
        ("http", port.0, span)
    });
    let named = service.ports.iter().map(|(name, port)| (&**name, port.0, port.origin.span));
    let all: Vec<(&str, u16, Span)> = first.chain(named).collect();
    let mut problems = Vec::new();
    for (index, (name, number, span)) in all.iter().enumerate() {
        let mut earlier = all.iter().take(index);
        let Some((other, _, before)) = earlier.find(|(other, port, _)| port == number || other == name)
        else {
            continue;
        };
        let message = if other == name {
            format!("`{}` has two ports named `{name}`: `port` is the port `http`", service.label.value)
        } else {
            format!("`{}` listens on {number} twice: as `{other}` and as `{name}`", service.label.value)
        };
        problems.push(
            Diagnostic::error(codes::PORT_TAKEN, message)
                .at(*span, "second use")
                .also(*before, "first use")
                .help("remove one of them"),
        );
    }
    problems
}

fn unknown_names(service: &Service) -> Vec<Diagnostic> {
    let quoted = |name: &str| format!("\"{name}\"");
    let mut problems = Vec::new();
    let mut look_up = |port: &str, span: Span, in_value: bool| {
        if let Err(problem) = resolve(service, Some(port), span) {
            problems.push(if in_value { with_fix(*problem, service, Some(port), quoted) } else { *problem });
        }
    };
    if let Some(health) = &service.health
        && let Some(port) = &health.port
    {
        look_up(port, health.origins.field("port").span, true);
    }
    if let Some(metrics) = &service.metrics
        && let Some(port) = &metrics.port
    {
        look_up(port, metrics.origins.field("port").span, true);
    }
    for (port, host) in &service.publish {
        look_up(port, host.origin.span, false);
    }
    if let Some(metrics) = &service.metrics
        && metrics.port.is_none()
        && let Err(problem) = resolve(service, None, metrics.origins.block)
    {
        problems.push(*problem);
    }
    problems
}

/// Two services cannot have the same port of one machine.
fn taken_on_host(environment: &Environment) -> Vec<Diagnostic> {
    if environment.compose().is_none() {
        return Vec::new();
    }
    let mut users: BTreeMap<u16, (String, Span)> = ingress_ports(environment);
    let mut problems: Vec<Diagnostic> = second_door(environment).into_iter().collect();
    for (name, service) in &environment.services {
        problems.extend(taken_by_itself(environment, service));
        for (port, host) in &service.publish {
            let user = format!("`{name}` (port `{port}`)");
            let span = host.origin.span;
            if let Some((other, before)) = users.get(&host.value.0) {
                problems.push(
                    Diagnostic::error(
                        codes::PORT_TAKEN,
                        format!("{user} and {other} are both published on port {} of the host", host.value),
                    )
                    .at(span, "second use")
                    .also(*before, "first use")
                    .help("publish one of them on another port, or not at all"),
                );
            } else {
                users.insert(host.value.0, (user, span));
            }
        }
    }
    problems
}

/// The ports for the world lead to one web server of the stack.
fn second_door(environment: &Environment) -> Option<Diagnostic> {
    let mut doors = environment.ingresses.values().filter_map(|ingress| ingress.through.as_ref());
    let first = doors.next()?;
    let other = doors.find(|door| door.value.name != first.value.name)?;
    let message = format!(
        "`{}` and `{}` cannot both have the ports of the host for the world",
        first.value.name, other.value.name
    );
    Some(
        Diagnostic::error(codes::PORT_TAKEN, message)
            .at(other.origin.span, "the second web server")
            .also(first.origin.span, "the first one")
            .help(format!(
                "write `through = {}` here too: one web server carries many hosts",
                first.value.name
            )),
    )
}

/// Containers of one service cannot have the same port of one machine either.
fn taken_by_itself(environment: &Environment, service: &Service) -> Option<Diagnostic> {
    let (host, place) = match service.publish.first() {
        Some((_, host)) => (host.value, host.origin.span),
        None => (environment.compose()?.http, service.proxy.as_ref()?.origins.block),
    };
    let instances = service.instances();
    let field = service.scaled_by();
    let message = format!(
        "{instances} containers of `{}` cannot all have port {host} of the host",
        service.label.value
    );
    let problem = Diagnostic::error(codes::PORT_TAKEN, message)
        .at(place, "one port")
        .also(service.origins.field(field).span, "as many containers")
        .help(if service.proxy.is_some() {
            "run one web server on a machine: its processes share the work"
        } else {
            "lead to it by an ingress instead: its web server finds each of them"
        });
    (instances > 1).then_some(problem)
}

/// The host ports of the ingress, where the stack's own web server carries one.
fn ingress_ports(environment: &Environment) -> BTreeMap<u16, (String, Span)> {
    let mut ports = BTreeMap::new();
    let Some(compose) = environment.compose() else {
        return ports;
    };
    let carried = || environment.ingresses.values().filter(|ingress| ingress.through.is_some());
    let origin = |field: &str, ingress: Span| compose.origins.written(field).unwrap_or(ingress);
    if let Some(ingress) = carried().next() {
        let span = origin("http", ingress.label.span);
        ports.insert(compose.http.0, ("the ingress (plain HTTP)".to_owned(), span));
    }
    if let Some(ingress) = carried().find(|ingress| ingress.ends_encryption()) {
        let span = origin("https", ingress.label.span);
        ports.insert(compose.https.0, ("the ingress (HTTPS)".to_owned(), span));
    }
    ports
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::fixture::{at, int, service, service_with, text};
    use crate::schema::Port;

    #[test]
    fn a_port_is_found_by_name_and_a_typo_is_repaired() {
        let mut api = service("api", &[("port", int(3000))]);
        api.ports.insert("metrics".into(), at(Port(9090), 9));
        assert_eq!(resolve(&api, None, Span::default()), Ok(3000));
        assert_eq!(resolve(&api, Some("metrics"), Span::default()), Ok(9090));
        let problem = resolve(&api, Some("metric"), Span::default()).unwrap_err();
        assert_eq!(problem.message, "`api` does not listen on a port named `metric`");
        assert!(problem.help.as_ref().unwrap().contains("`http` (3000), `metrics` (9090)"));
        let fixed = with_fix(*problem, &api, Some("metric"), |name| format!("api.ports.{name}"));
        assert_eq!(fixed.fixes[0].edits[0].text, "api.ports.metrics");
    }

    #[test]
    fn unknown_and_repeated_ports_are_found_where_they_were_written() {
        let mut api = service("api", &[("port", int(3000))]);
        api.ports.insert("admin".into(), at(Port(3000), 40));
        api.publish.insert("ws".into(), at(Port(8080), 50));
        api.health = crate::plan::fixture::read(service_with("health", "", &[("port", text("htp"))]));
        let environment = crate::plan::fixture::environment([api]);
        let problems = check(&environment);
        let messages: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
        assert_eq!(
            messages,
            [
                "`api` listens on 3000 twice: as `http` and as `admin`",
                "`api` does not listen on a port named `htp`",
                "`api` does not listen on a port named `ws`",
            ]
        );
        assert_eq!(problems[1].fixes[0].edits[0].text, "\"http\"");
        assert_eq!(problems[2].primary.as_ref().unwrap().span.start, 50);
    }

    #[test]
    fn two_services_cannot_publish_the_same_host_port() {
        let mut api = service("api", &[("port", int(3000))]);
        api.publish.insert("http".into(), at(Port(8080), 10));
        let mut web = service("web", &[("port", int(80))]);
        web.publish.insert("http".into(), at(Port(8080), 20));
        let mut environment = crate::plan::fixture::environment([api, web]);
        assert_eq!(check(&environment), []);
        environment.block.target.compose = crate::plan::fixture::read(service_with("compose", "", &[]));
        let problems = check(&environment);
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].code, codes::PORT_TAKEN);
        assert_eq!(problems[0].primary.as_ref().unwrap().span.start, 20);
    }
}
