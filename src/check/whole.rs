//! All environments as values: what conditions about the whole stack see. Must not evaluate anything, and must not hold a
//! value of a secret.

use std::sync::Arc;

use indexmap::IndexMap;

use super::declare::slice;
use super::eval::sourced;
use super::spanning::is_spanning;
use crate::load::Program;
use crate::model::{Environment, Mode, Service};
use crate::schema::{ImageRef, Size, Sourced, Text, Value};
use crate::source::Span;
use crate::syntax::ast::StatementKind;

/// Whether a condition or a named value of the project may be about all environments: one of the names stands in it.
pub(super) fn is_mentioned(program: &Program) -> bool {
    let own = program.modules.iter().filter(|module| !module.is_std());
    let mut values = own.flat_map(|module| &module.file.statements).filter(|statement| {
        matches!(statement.kind, StatementKind::Check(_) | StatementKind::Let(_) | StatementKind::Param(_))
    });
    values.any(|statement| {
        let text = slice(program, statement.span);
        // What follows a dot is a field of something else, such as `api.ports`.
        let names = text.split(|c: char| !c.is_ascii_alphanumeric() && !"_-.".contains(c));
        names.map(|name| name.split('.').next().unwrap_or_default()).any(is_spanning)
    })
}

/// A value of [`super::SPANNING`]; `None` for another name.
pub(super) fn whole<'e>(name: &str, environments: impl Iterator<Item = &'e Environment>) -> Option<Value> {
    let items: Vec<Sourced<Value>> = match name {
        "environments" => environments.map(environment).collect(),
        "images" => environments.flat_map(|environment| of_services(environment, images)).collect(),
        "ports" => environments.flat_map(|environment| of_services(environment, ports)).collect(),
        _ => return None,
    };
    Some(Value::List(items))
}

fn of_services(
    environment: &Environment,
    of: fn(&Environment, &Service) -> Vec<Sourced<Value>>,
) -> Vec<Sourced<Value>> {
    environment.services.values().flat_map(|service| of(environment, service)).collect()
}

fn environment(environment: &Environment) -> Sourced<Value> {
    let block = &environment.block;
    let targets =
        [("compose", environment.compose().is_some()), ("kubernetes", environment.kubernetes().is_some())];
    let targets =
        targets.into_iter().filter(|(_, is_there)| *is_there).map(|(name, _)| text(name, block.label.span));
    let services = environment.services.values().map(|one| service(environment, one)).collect();
    let hosts =
        environment.ingresses.values().map(|ingress| text(&ingress.host, ingress.label.span)).collect();
    let mode = if block.mode == Mode::Production { "production" } else { "development" };
    record(
        block.label.span,
        [
            ("name", plain(&environment.name)),
            ("mode", plain(mode)),
            ("release", plain(&block.release)),
            ("targets", Value::List(targets.collect())),
            ("services", Value::List(services)),
            ("hosts", Value::List(hosts)),
        ],
    )
}

fn service(environment: &Environment, service: &Service) -> Sourced<Value> {
    let image = service.image.as_ref().map_or(Value::None, |image| plain(&image.to_string()));
    let variables = service.env.iter().map(|(name, entry)| text(name, entry.origin.span)).collect();
    record(
        service.label.span,
        [
            ("name", plain(&service.label.value)),
            ("environment", plain(&environment.name)),
            ("image", image),
            ("built", Value::Bool(service.build.is_some())),
            ("replicas", Value::Int(service.instances().into())),
            ("memory", Value::Size(service.memory)),
            ("storage", Value::Size(Size(service.volume.values().map(|volume| volume.size.0).sum()))),
            ("stateful", Value::Bool(service.is_stateful())),
            ("saved", Value::Bool(service.backup.as_ref().is_some_and(|backup| backup.enabled))),
            ("variables", Value::List(variables)),
        ],
    )
}

/// What runs, what stages start from, and what backups use.
fn images(environment: &Environment, service: &Service) -> Vec<Sourced<Value>> {
    let mut found = Vec::new();
    let mut add = |image: &ImageRef, span: Span| found.push(image_value(environment, service, image, span));
    if let Some(image) = &service.image {
        add(image, service.origins.field("image").span);
    }
    let build = service.build.as_ref();
    for stage in build.into_iter().flat_map(|build| build.stage.values()) {
        let is_stage = build.is_some_and(|build| build.stage.contains_key(&*stage.from));
        if let Some(image) = ImageRef::parse(&stage.from).ok().filter(|_| !is_stage) {
            add(&image, stage.origins.field("from").span);
        }
    }
    for backup in service.backup.iter().filter(|backup| backup.enabled) {
        for (field, image) in [("image", &backup.image), ("offsite_image", &backup.offsite_image)] {
            if let Some(image) = image {
                add(image, backup.origins.field(field).span);
            }
        }
    }
    found
}

fn image_value(environment: &Environment, service: &Service, image: &ImageRef, span: Span) -> Sourced<Value> {
    let optional = |part: &Option<Arc<str>>| part.as_ref().map_or(Value::None, |part| plain(part));
    record(
        span,
        [
            ("reference", plain(&image.to_string())),
            ("registry", optional(&image.registry)),
            ("repository", plain(&image.repository)),
            ("tag", optional(&image.tag)),
            ("digest", optional(&image.digest)),
            ("service", plain(&service.label.value)),
            ("environment", plain(&environment.name)),
        ],
    )
}

/// The ports of the machine, those of the web server that carries ingresses included.
fn ports(environment: &Environment, service: &Service) -> Vec<Sourced<Value>> {
    let Some(compose) = environment.compose() else { return Vec::new() };
    let port = |number: u16, address: &str, span: Span| {
        record(
            span,
            [
                ("number", Value::Int(i64::from(number))),
                ("address", plain(address)),
                ("service", plain(&service.label.value)),
                ("environment", plain(&environment.name)),
            ],
        )
    };
    let published = service.publish.values().map(|host| port(host.value.0, &compose.bind, host.origin.span));
    let carries = |ingress: &&crate::model::Ingress| {
        ingress.through.as_ref().is_some_and(|through| through.value.name == service.label.value)
    };
    let span = service.label.span;
    let doors = environment.ingresses.values().find(carries).map(|ingress| {
        let plain = std::iter::once(port(compose.http.0, &compose.public, span));
        plain.chain(ingress.ends_encryption().then(|| port(compose.https.0, &compose.public, span)))
    });
    published.chain(doors.into_iter().flatten()).collect()
}

fn plain(text: &str) -> Value {
    Value::Text(Text::literal(text))
}

fn text(text: &str, span: Span) -> Sourced<Value> {
    sourced(plain(text), span)
}

fn record<const N: usize>(span: Span, fields: [(&str, Value); N]) -> Sourced<Value> {
    let fields: IndexMap<Arc<str>, Sourced<Value>> =
        fields.into_iter().map(|(name, value)| (name.into(), sourced(value, span))).collect();
    sourced(Value::Map(fields), span)
}
