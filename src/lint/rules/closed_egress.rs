//! A host outside that a service calls in production and that nothing lets it reach: without an `egress`, no network of the
//! service leads out. Must not judge addresses that are handed to browsers.

use crate::diagnostic::{Level, codes};
use crate::schema::Host;
use crate::source::Span;
use std::sync::Arc;

use crate::lint::{
    Family, Findings, Rule, Scene,
    address::{Address, addresses, is_loopback, is_number},
    place::Place,
};

pub(super) const RULE: Rule =
    Rule { code: codes::CLOSED_EGRESS, family: Family::Network, level: Level::Warning, check };

/// Words of variables whose addresses browsers use, not the service.
const FOR_BROWSERS: &[&str] = &[
    "ORIGIN", "ORIGINS", "CORS", "REDIRECT", "CALLBACK", "PUBLIC", "FRONTEND", "SITE", "ALLOWED", "ISSUER",
    "WEBSITE",
];

/// Last words of variables that hold a bare host.
const OF_HOSTS: &[&str] = &["HOST", "HOSTNAME", "SERVER", "ENDPOINT"];

/// A host that a service calls.
struct Call {
    host: String,
    port: Option<u16>,
    span: Span,
}

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.production() {
        for call in calls(place) {
            if is_own(place, &call.host) {
                continue;
            }
            let egress = place.service.egress.iter().find(|(host, _)| covers(host, &call.host));
            let (name, host) = (place.name, &call.host);
            let problem = match (egress, call.port) {
                (None, port) => findings
                    .problem(format!("`{name}` calls `{host}`, but no network of it leads out"))
                    .at(call.span, "cannot be reached")
                    .help(format!("add `egress \"{host}\" {{ port = {} }}`", port.unwrap_or(443))),
                (Some((_, egress)), Some(port)) if egress.port.0 != port => findings
                    .problem(format!(
                        "`{name}` calls `{host}` on port {port}, but only port {} is open",
                        egress.port
                    ))
                    .at(call.span, "cannot be reached")
                    .also(egress.origins.field("port").span, "what is open")
                    .help(format!("use one port in both places: `port = {port}`")),
                (Some(_), _) => continue,
            };
            findings.add(place.subject(), problem);
        }
    }
}

fn calls(place: Place<'_>) -> Vec<Call> {
    let mut found = Vec::new();
    for written in place.texts() {
        let name = written.variable.map_or("", |name| &**name);
        if name.split('_').any(|word| FOR_BROWSERS.contains(&word)) {
            continue;
        }
        let is_remote = |host: &str| host.contains('.') && !is_number(host) && !host.ends_with('.');
        let calls = |address: &Address| is_remote(&address.host) || is_far(&address.host);
        for address in addresses(written.text).into_iter().filter(calls) {
            let port = address.port.or(match &*address.scheme {
                "https" | "wss" => Some(443),
                "http" | "ws" => Some(80),
                _ => None,
            });
            found.push(Call { host: address.host, port, span: written.span });
        }
        let bare = written.text.as_literal().filter(|text| Host::parse(text).is_ok() && is_remote(text));
        let ends = name.rsplit('_').next().is_some_and(|last| OF_HOSTS.contains(&last));
        if let (Some(host), true) = (bare, ends) {
            found.push(Call { host: host.to_owned(), port: port_beside(place, name), span: written.span });
        }
        let several =
            written.text.as_literal().filter(|_| !name.is_empty()).and_then(pairs).unwrap_or_default();
        for (host, port) in several.into_iter().filter(|(host, _)| is_remote(host)) {
            found.push(Call { host, port: Some(port), span: written.span });
        }
    }
    found
}

/// Whether a number is an address of another machine.
fn is_far(host: &str) -> bool {
    is_number(host) && host.contains('.') && !is_loopback(host) && !host.starts_with("0.")
}

/// `one.example.com:9092,two.example.com:9092`: where a list of addresses is asked for.
fn pairs(text: &str) -> Option<Vec<(String, u16)>> {
    let pair = |item: &str| {
        let (host, port) = item.trim().split_once(':')?;
        Host::parse(host).ok()?;
        Some((host.to_owned(), port.parse().ok()?))
    };
    text.split(',').map(pair).collect()
}

/// The number in `SMTP_PORT` beside `SMTP_HOST`.
fn port_beside(place: Place<'_>, name: &str) -> Option<u16> {
    let (prefix, _) = name.rsplit_once('_')?;
    let name: Arc<str> = format!("{prefix}_PORT").into();
    place.service.env.get(&name)?.value.as_literal()?.parse().ok()
}

/// Whether the stack itself serves the host; hosts beside it are judged by another rule.
fn is_own(place: Place<'_>, host: &str) -> bool {
    let serves = |own: &Host| &**own == host;
    let mut ingresses = place.environment.model.ingresses.values();
    ingresses.any(|ingress| serves(&ingress.host) || ingress.aliases.iter().any(serves))
}

fn covers(egress: &str, host: &str) -> bool {
    match egress.strip_prefix("*.") {
        Some(parent) => host.strip_suffix(parent).is_some_and(|rest| rest.ends_with('.')),
        None => egress == host,
    }
}
