//! A port that the process is told to listen on and that the service does not declare: the probe, the published port and
//! the route would all ask the declared one. Must not look at ports of other services.

use crate::diagnostic::{Edit, Level, codes};
use crate::source::Span;

use crate::lint::{
    Family, Findings, Rule, Scene,
    place::{Place, Written},
    told::is_developed,
};

pub(super) const RULE: Rule =
    Rule { code: codes::PORT_DIFFERS, family: Family::Ports, level: Level::Error, check };

/// Variables that tell a process its own port.
const VARIABLES: &[&str] = &["PORT", "HTTP_PORT", "LISTEN_PORT", "SERVER_PORT"];

/// Flags whose value is the process's own port.
const FLAGS: &[&str] = &["port", "http-port", "listen-port", "server-port"];

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        let listeners = place.service.listeners();
        let Some((first, _)) = listeners.first() else { continue };
        let declared = place.listener_span(first);
        for (told, span, by) in told(place) {
            if listeners.iter().any(|(_, number)| *number == told) {
                continue;
            }
            let known: Vec<String> = listeners.iter().map(|(_, number)| number.to_string()).collect();
            let message = format!(
                "`{}` is told to listen on {told}, but declares port {}",
                place.name,
                known.join(", ")
            );
            let mut problem = findings
                .problem(message)
                .at(span, format!("{by} says {told}"))
                .also(declared, "everybody else uses this number")
                .help("name the port once: `self.port` stands for the declared number");
            if by.starts_with('`') {
                let edit = Edit { span, text: "self.port".to_owned() };
                problem = problem.safe_fix("replace with `self.port`", vec![edit]);
            }
            findings.add(place.subject(), problem);
        }
        if let Some((number, span)) = of_sources(scene, place) {
            let known = listeners.iter().map(|(_, number)| number.to_string()).collect::<Vec<_>>().join(", ");
            let name = place.name;
            let problem = findings
                .problem(format!("the sources of `{name}` mention port {number}, but it declares {known}"))
                .at(span, "the sources mention it nowhere")
                .help("declare the port on which the program listens");
            findings.add(place.subject(), problem);
        }
    }
}

/// The port that the sources mention, where they do not mention the declared one and the two differ by one digit; and
/// where the declared one stands.
fn of_sources(scene: &Scene<'_>, place: Place<'_>) -> Option<(u16, Span)> {
    let listeners = place.service.listeners();
    let [(label, number)] = listeners[..] else { return None };
    let own = number.to_string();
    let says = |text: &str| text.split(|c: char| !c.is_ascii_digit()).any(|digits| digits == own);
    let defaults = place.service.reads.values().filter_map(|reads| reads.default.as_deref());
    let is_told = place.texts().any(|written| written.text.as_literal().is_none_or(says));
    let is_built_in = place.service.static_site.is_some() && !is_developed(place);
    if is_told || is_built_in || defaults.into_iter().any(says) {
        return None;
    }
    let mentions = scene.sources.of_image(scene.plan, place)?;
    if mentions.iter().any(|mentions| mentions.has(&own)) {
        return None;
    }
    let mut ports = mentions.iter().flat_map(|mentions| mentions.ports());
    let near = ports.find(|port| strsim::osa_distance(&port.to_string(), &own) == 1)?;
    Some((near, place.listener_span(label)))
}

/// The numbers that the process is told, where, and by what.
fn told(place: Place<'_>) -> Vec<(u16, Span, String)> {
    let own = format!("{}_PORT", place.name.to_ascii_uppercase().replace('-', "_"));
    let mut found = Vec::new();
    let mut flag = false;
    for Written { variable, text, span } in place.texts() {
        let literal = text.as_literal();
        match (variable, literal) {
            (Some(name), Some(value)) if VARIABLES.contains(&&**name) || **name == *own => {
                found.extend(value.parse().ok().map(|port| (port, span, format!("`{name}`"))));
            }
            (None, Some(word)) => {
                let value = if flag { Some(word) } else { flag_value(word) };
                let port = value.and_then(|value| value.rsplit(':').next()?.parse().ok());
                found.extend(port.map(|port| (port, span, "the command".to_owned())));
                flag = is_flag(word);
            }
            _ => flag = false,
        }
    }
    found
}

/// The value of `--port=8080`, where the flag is about the process's own address.
fn flag_value(word: &str) -> Option<&str> {
    let (flag, value) = word.split_once('=')?;
    is_flag(flag).then_some(value)
}

fn is_flag(word: &str) -> bool {
    word.strip_prefix("--").is_some_and(|flag| {
        FLAGS.contains(&flag) || ((flag.contains("listen") || flag.contains("bind")) && !flag.contains('='))
    })
}
