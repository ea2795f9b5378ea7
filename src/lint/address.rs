//! Addresses inside texts: `scheme://user@host:port/path`. Must not know which of them are right.

use std::sync::Arc;

use crate::schema::{Part, Text};

/// Stands for a part of a text that is no literal.
const HOLE: char = '\u{0}';

/// An address in a text of which the host or a password was written out; the host is empty where it is a reference.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) scheme: String,
    pub(super) host: String,
    pub(super) port: Option<u16>,
    /// What follows the host and port, up to a question mark; empty where it holds a reference.
    pub(super) path: String,
    /// Whether a password was written out before the host.
    pub(super) has_password: bool,
}

impl Address {
    /// Whether it leads to the machine that asks.
    pub(super) fn is_loopback(&self) -> bool {
        is_loopback(&self.host)
    }
}

/// Whether a host is the machine that asks.
pub(super) fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.ends_with(".localhost") || host.starts_with("127.") || host == "[::1]"
}

/// Whether a host is a number, not a name.
pub(super) fn is_number(host: &str) -> bool {
    host.starts_with('[') || host.split('.').all(|part| part.parse::<u8>().is_ok())
}

/// The addresses in a text. Those that are made of references only are right by themselves and left out.
pub(super) fn addresses(text: &Text) -> Vec<Address> {
    let has_scheme = |part: &Part| matches!(part, Part::Literal(text) if text.contains("://"));
    if !text.0.iter().any(has_scheme) {
        return Vec::new();
    }
    let flat = flat(&text.0);
    let mut found = Vec::new();
    let mut rest = flat.as_str();
    while let Some((before, after)) = rest.split_once("://") {
        found.extend(address(scheme(before), after));
        rest = after;
    }
    found
}

fn address(scheme: &str, after: &str) -> Option<Address> {
    let ends = |c: char| "/?#\"'`,;) ".contains(c) || c.is_whitespace();
    let authority = after.split(ends).next()?;
    let place = authority.rsplit('@').next()?;
    let (host, port) = match place.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, port.parse().ok()),
        _ => (place, None),
    };
    let legal = |c: char| c.is_ascii_alphanumeric() || ".-_[]:".contains(c);
    let password =
        authority.rsplit_once('@').and_then(|(user, _)| user.split_once(':')).map(|(_, word)| word);
    let has_password = password.is_some_and(|word| !word.is_empty() && !word.contains(HOLE));
    // A host that is a reference has a hole in it; it counts only for the password beside it.
    let host = if has_password && host.contains(HOLE) { "" } else { host };
    let is_host = !scheme.is_empty() && (has_password || !host.is_empty()) && host.chars().all(legal);
    let rest = after.get(authority.len()..).unwrap_or_default();
    let path = rest.split(|c: char| "?#\"'`,;) ".contains(c) || c.is_whitespace()).next().unwrap_or_default();
    is_host.then(|| Address {
        scheme: scheme.to_owned(),
        host: host.to_ascii_lowercase(),
        port,
        path: if path.contains(HOLE) { String::new() } else { path.to_owned() },
        has_password,
    })
}

/// A service whose host a text refers to, and what was written out around the reference.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Connection {
    pub(super) service: Arc<str>,
    /// Empty where the host stands without one.
    pub(super) scheme: String,
    pub(super) user: Option<String>,
    pub(super) port: Option<u16>,
    /// The service whose port stands behind the host, where that is a reference.
    pub(super) port_of: Option<Arc<str>>,
    /// The secret before the host: its password.
    pub(super) secret: Option<Arc<str>>,
    /// The first part of the path.
    pub(super) path: Option<String>,
}

/// The references to hosts in a text. What is itself a reference is left out of them.
pub(super) fn connections(text: &Text) -> Vec<Connection> {
    let parts = &text.0;
    let found = parts.iter().enumerate().filter_map(|(index, part)| match part {
        Part::Host { service, .. } => {
            let before = flat(parts.get(..index).unwrap_or_default());
            let after = flat(parts.get(index + 1..).unwrap_or_default());
            let behind = match (parts.get(index + 1), parts.get(index + 2)) {
                (Some(Part::Literal(sign)), Some(Part::Port { service, .. })) if &**sign == ":" => {
                    Some(service.clone())
                }
                _ => None,
            };
            let secret = parts.get(..index).unwrap_or_default().iter().rev().find_map(|part| match part {
                Part::Secret(name) => Some(name.clone()),
                _ => None,
            });
            Some(Connection { secret, port_of: behind, ..connection(service, &before, &after) })
        }
        _ => None,
    });
    found.collect()
}

fn connection(service: &Arc<str>, before: &str, after: &str) -> Connection {
    let written = |word: &str| (!word.is_empty() && !word.contains(HOLE)).then(|| word.to_owned());
    let (scheme, login) = match before.rsplit_once("://") {
        Some((head, login)) if !login.contains(['/', ' ', ',']) => (scheme(head), login),
        _ => ("", ""),
    };
    let user = login.split([':', '@']).next().and_then(written);
    let (authority, rest) = after.split_once('/').map_or((after, ""), |(authority, rest)| (authority, rest));
    let digits = authority.strip_prefix(':').map(|port| port.split(|c: char| !c.is_ascii_digit()).next());
    let port = digits.flatten().and_then(|digits| digits.parse().ok());
    let is_path = authority.chars().all(|c| c == ':' || c == HOLE || c.is_ascii_digit());
    let path = rest.split(['/', '?', '#', ' ', ',']).next().filter(|_| is_path && !scheme.is_empty());
    Connection {
        secret: None,
        port_of: None,
        service: service.clone(),
        scheme: scheme.to_owned(),
        user,
        port,
        path: path.and_then(written),
    }
}

/// The scheme at the end of what stands before `://`.
fn scheme(before: &str) -> &str {
    before.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '+').next().unwrap_or_default()
}

/// A text whose references are holes.
fn flat(parts: &[Part]) -> String {
    let word = |part: &Part| match part {
        Part::Literal(text) => text.to_string(),
        Part::Host { .. } | Part::Port { .. } | Part::Secret(_) | Part::SecretPath(_) => HOLE.to_string(),
    };
    parts.iter().map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(text: &Text) -> Vec<(String, Option<u16>)> {
        addresses(text).into_iter().map(|address| (address.host, address.port)).collect()
    }

    #[test]
    fn hosts_are_found_between_user_and_path() {
        let text = Text::literal("see http://api:3000/x, redis://u:p@cache/0 and https://[::1]:80");
        let found = [("api", Some(3000)), ("cache", None), ("[::1]", Some(80))];
        assert_eq!(hosts(&text), found.map(|(host, port)| (host.to_owned(), port)));
        assert_eq!(hosts(&Text::literal("no address: //x, ://y")), []);
    }

    #[test]
    fn references_are_left_out() {
        let host = Part::Host { service: "db".into(), late: false };
        let text = Text(vec![
            Part::Literal("sql://u:".into()),
            Part::Secret("pw".into()),
            Part::Literal("@".into()),
            host,
            Part::Literal(":1/x".into()),
        ]);
        assert_eq!(hosts(&text), []);
        let secret = Text(vec![
            Part::Literal("sql://u:".into()),
            Part::Secret("pw".into()),
            Part::Literal("@db:1/x".into()),
        ]);
        assert_eq!(hosts(&secret), [("db".to_owned(), Some(1))]);
    }
    #[test]
    fn what_stands_around_a_reference_is_read() {
        let host = Part::Host { service: "db".into(), late: false };
        let around = |before: &str, after: &str| {
            let text = Text(vec![Part::Literal(before.into()), host.clone(), Part::Literal(after.into())]);
            let found = connections(&text).remove(0);
            (found.scheme, found.user, found.port, found.path)
        };
        let own = |text: &str| Some(text.to_owned());
        assert_eq!(around("sql://app@", ":1/x?y"), ("sql".into(), own("app"), Some(1), own("x")));
        assert_eq!(around("--host=", ""), (String::new(), None, None, None));
        assert_eq!(around("http://", "/a/b"), ("http".into(), None, None, own("a")));
    }
}
