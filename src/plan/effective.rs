//! What really runs in an environment: `dev` blocks applied, built-in web servers given their ports. Must not
//! judge: mistakes are found afterwards, on the result.

use std::sync::Arc;

use crate::model::{Environment, Mode, Service};
use crate::schema::{Origin, Part, Plain, Port, Sourced};

use super::texts::texts_mut;

/// A port that moved: what others know as `from` listens on `to`.
struct Moved {
    service: Arc<str>,
    from: u16,
    to: u16,
}

/// Applies what depends on the environment's mode.
pub(super) fn apply(environment: &mut Environment) {
    for service in environment.services.values_mut() {
        listen_as_web_server(service);
    }
    if environment.block.mode != Mode::Development {
        return;
    }
    let mut moved = Vec::new();
    for (name, service) in &mut environment.services {
        moved.extend(develop(service).map(|(from, to)| Moved { service: name.clone(), from, to }));
    }
    for service in environment.services.values_mut() {
        follow(service, &moved);
    }
}

/// The built-in web servers know their own ports; whoever declares ports keeps them.
pub(super) fn listen_as_web_server(service: &mut Service) {
    if !service.listeners().is_empty() {
        return;
    }
    if let Some(site) = &service.static_site {
        service.port = Some(site.port);
    } else if let Some(proxy) = &service.proxy {
        let origin = Origin { span: proxy.origins.block, ..Origin::default() };
        for (name, value) in [("http", proxy.http), ("https", proxy.https)] {
            service.ports.insert(name.into(), Sourced { value, origin });
        }
    }
}

/// Puts the `dev` block in place of what it replaces; says which port number became which.
fn develop(service: &mut Service) -> Option<(u16, u16)> {
    let dev = *service.dev.clone()?;
    if !dev.command.is_empty() {
        service.command = dev.command;
        // The signal was chosen for another program; every program knows the usual one.
        if let Some(stop) = &mut service.stop {
            stop.signal = Plain("SIGTERM".into());
        }
    }
    service.env.extend(dev.env);
    service.health = dev.health.or(service.health.take());
    service.user = dev.user.unwrap_or(service.user);
    service.memory = dev.memory.unwrap_or(service.memory);
    service.read_only = dev.read_only;
    dev.port.and_then(|port| move_first_port(service, port))
}

fn move_first_port(service: &mut Service, to: Port) -> Option<(u16, u16)> {
    let first = match (&mut service.port, service.ports.first_mut()) {
        (Some(port), _) => port,
        (None, Some((_, port))) => &mut port.value,
        (None, None) => {
            service.port = Some(to);
            return None;
        }
    };
    let from = std::mem::replace(first, to);
    (from != to).then_some((from.0, to.0))
}

/// Texts hold port numbers: they follow ports that moved.
fn follow(service: &mut Service, moved: &[Moved]) {
    for part in texts_mut(service).into_iter().flat_map(|text| &mut text.0) {
        if let Part::Port { service, number, .. } = part
            && let Some(hit) = moved.iter().find(|hit| hit.service == *service && hit.from == *number)
        {
            *number = hit.to;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::fixture::{environment, int, read, service, service_with, text};
    use crate::schema::{Text, Value};

    fn developed() -> Environment {
        let dev = service_with("dev", "", &[("port", int(5173)), ("command", text("vite"))]);
        let mut web = service("web", &[("port", int(3000)), ("command", text("serve"))]);
        web.stop = read(service_with("stop", "", &[]));
        web.stop.as_mut().unwrap().signal = Plain("SIGQUIT".into());
        web.dev = read(dev);
        let mut api = service("api", &[]);
        let port = Part::Port { service: "web".into(), number: 3000, late: false };
        let entry = Sourced { value: Text(vec![port]), ..Sourced::default() };
        api.env.insert("WEB_PORT".into(), entry);
        environment([web, api])
    }

    #[test]
    fn development_uses_the_dev_block_and_mentions_follow_its_port() {
        let mut environment = developed();
        environment.block.mode = Mode::Development;
        apply(&mut environment);
        let web = &environment.services["web"];
        assert_eq!(web.listeners(), [("http", 5173)]);
        assert_eq!(web.command[0].as_literal(), Some("vite"));
        assert!(!web.read_only);
        assert_eq!(&*web.stop.as_ref().unwrap().signal, "SIGTERM", "the signal was the other program's");
        let mention = &environment.services["api"].env["WEB_PORT"].value.0[0];
        assert!(matches!(mention, Part::Port { number: 5173, .. }));
    }

    #[test]
    fn production_ignores_the_dev_block() {
        let mut environment = developed();
        apply(&mut environment);
        let web = &environment.services["web"];
        assert_eq!(web.listeners(), [("http", 3000)]);
        assert!(web.read_only);
    }

    #[test]
    fn a_static_site_listens_on_its_own_port_unless_another_is_declared() {
        let version = || ("version", text("1.29"));
        let site = service_with("static_site", "", &[version(), ("root", text("/srv")), ("port", int(8081))]);
        let mut web = service("web", &[]);
        web.static_site = read(site.clone());
        listen_as_web_server(&mut web);
        assert_eq!(web.listeners(), [("http", 8081)]);
        let mut web = service("web", &[("port", Value::Int(80))]);
        web.static_site = read(site);
        listen_as_web_server(&mut web);
        assert_eq!(web.listeners(), [("http", 80)]);
    }
}
