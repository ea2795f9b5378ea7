//! The type that a place expects: a schema type, or one that the user wrote. Must not look at values.

use super::declare::{Binding, slice};
use super::problem;
use super::world::World;
use crate::diagnostic::{Diagnostic, codes};
use crate::schema::Ty;
use crate::syntax::ast::{Type, TypeDefinition, TypeKind};
use crate::syntax::literal;

/// What a place expects.
#[derive(Debug, Clone)]
pub(super) enum Want<'a> {
    /// Anything.
    Any,
    /// A type of the schema.
    Ty(Ty),
    /// One of these strings.
    Literals(Vec<&'a str>),
    /// A list of such values.
    List(Box<Want<'a>>),
    /// `none` is fine too.
    Optional(Box<Want<'a>>),
    /// A type with a condition, and the module that defines it.
    Narrowed(Box<Want<'a>>, &'a TypeDefinition, usize),
}

/// The names of types that people write, and what they mean.
const NAMES: &[(&str, Ty)] = &[
    ("Bool", Ty::Bool),
    ("Int", Ty::Int(i64::MIN, i64::MAX)),
    ("Cpu", Ty::Cpu),
    ("Size", Ty::Size),
    ("Duration", Ty::Duration),
    ("Ratio", Ty::Ratio),
    ("Rate", Ty::Rate),
    ("Text", Ty::SecretText),
    ("String", Ty::Plain),
    ("Port", Ty::Port),
    ("Path", Ty::FilePath),
    ("UrlPath", Ty::UrlPath),
    ("Url", Ty::Text),
    ("Host", Ty::Host),
    ("Cron", Ty::Cron),
    ("Image", Ty::Image),
    ("Service", Ty::Service),
    ("Secret", Ty::Secret),
];

/// Names of types without a fixed shape.
const OPEN_NAMES: &[&str] = &["Any", "Map"];

/// All names of types, for suggestions and docs.
pub fn type_names() -> impl Iterator<Item = &'static str> {
    NAMES.iter().map(|(name, _)| *name).chain(OPEN_NAMES.iter().copied())
}

/// Types may be made of types this deep.
const MAX_TYPE_DEPTH: usize = 32;

/// What a written type expects; `Any` after a problem, so that nothing follows from it.
pub(super) fn of_type<'a>(world: &World<'a>, module: usize, ty: &'a Type) -> Want<'a> {
    written(world, module, ty, &mut Vec::new())
}

/// `open` are the definitions that are being read: meeting one again is a cycle.
fn written<'a>(
    world: &World<'a>,
    module: usize,
    ty: &'a Type,
    open: &mut Vec<&'a TypeDefinition>,
) -> Want<'a> {
    let inner = match &ty.kind {
        TypeKind::Error => Want::Any,
        TypeKind::List(item) => Want::List(Box::new(written(world, module, item, open))),
        TypeKind::Literals(words) => {
            Want::Literals(words.iter().map(|word| literal::plain(slice(world.program, word.span))).collect())
        }
        TypeKind::Name { path, secret } => {
            let name = world.text(path.span());
            if *secret { Want::Ty(Ty::SecretText) } else { named(world, module, name, ty, open) }
        }
    };
    if ty.optional { Want::Optional(Box::new(inner)) } else { inner }
}

fn named<'a>(
    world: &World<'a>,
    module: usize,
    name: &'a str,
    ty: &'a Type,
    open: &mut Vec<&'a TypeDefinition>,
) -> Want<'a> {
    if let Some((_, ty)) = NAMES.iter().find(|(known, _)| *known == name) {
        return Want::Ty(*ty);
    }
    if OPEN_NAMES.contains(&name) {
        return Want::Any;
    }
    if let Some((home, Binding::Type(definition))) = world.declared.lookup(module, name) {
        if open.len() >= MAX_TYPE_DEPTH || open.iter().any(|known| std::ptr::eq(*known, definition)) {
            return circular(world, definition, open);
        }
        open.push(definition);
        let base = written(world, home, &definition.ty, open);
        open.pop();
        return Want::Narrowed(Box::new(base), definition, home);
    }
    if super::import::is_lost(world.program, module, name) {
        return Want::Any;
    }
    let own = world.declared.visible(module);
    let own = own
        .into_iter()
        .filter(|name| matches!(world.declared.lookup(module, name), Some((_, Binding::Type(_)))));
    let mut known: Vec<&str> = type_names().collect();
    known.extend(own);
    let message = format!("there is no type `{name}`");
    world.report(problem::unknown(codes::UNKNOWN_NAME, message, ty.span, name, &known));
    Want::Any
}

/// A type that is made of itself, or of too many others.
fn circular<'a>(world: &World<'a>, definition: &'a TypeDefinition, open: &[&'a TypeDefinition]) -> Want<'a> {
    let from = open.iter().position(|known| std::ptr::eq(*known, definition));
    let problem = match from {
        Some(from) => {
            let names: Vec<&str> =
                open.iter().skip(from).map(|known| slice(world.program, known.name.span)).collect();
            let message = format!("these types are made of each other: {}", problem::circle(&names));
            Diagnostic::error(codes::VALUE_CYCLE, message)
        }
        None => {
            let message = format!("types are made of each other more than {MAX_TYPE_DEPTH} deep");
            Diagnostic::error(codes::BUDGET_EXCEEDED, message)
        }
    };
    match from {
        Some(_) => world.report_first(problem.at(definition.ty.span, "leads back here")),
        None => world.report_first(problem.at(definition.ty.span, "one step too many")),
    }
    Want::Any
}

/// How a type reads in a message: "a size", "one of `a`, `b`".
pub(super) fn describe(want: &Want<'_>) -> String {
    match want {
        Want::Any => "a value".to_owned(),
        Want::Ty(ty) => describe_ty(ty),
        Want::Literals(words) => format!("one of `\"{}\"`", words.join("\"`, `\"")),
        Want::List(item) => format!("a list of {}", describe(item)),
        Want::Optional(inner) => format!("{} or `none`", describe(inner)),
        Want::Narrowed(inner, ..) => describe(inner),
    }
}

/// How a schema type reads in a message.
pub fn describe_ty(ty: &Ty) -> String {
    let text = match ty {
        Ty::Bool => "`true` or `false`",
        Ty::Int(0, high) if *high == i64::from(u32::MAX) => "a whole number, not negative",
        Ty::Int(..) => "a whole number",
        Ty::Cpu => "processor time, such as `0.5`",
        Ty::Size => "a size, such as `512MiB`",
        Ty::Duration => "a duration, such as `10s`",
        Ty::Ratio => "a share, such as `70%`",
        Ty::Rate => "a rate, such as `20/s`",
        Ty::Text | Ty::SecretText => "a string",
        Ty::Plain => "a string without references",
        Ty::Word => "a name or a string",
        Ty::Port => "a port from 1 to 65535",
        Ty::FilePath => "a path inside the project",
        Ty::UrlPath => "a path that starts with `/`",
        Ty::Host => "a host name",
        Ty::Cron => "a cron expression, such as `\"0 2 * * *\"`",
        Ty::Image => "an image reference, such as `\"registry.example/api:1.0\"`",
        Ty::User => "a numeric user and group, such as `\"10001:10001\"`",
        Ty::Choice(words) => return format!("one of `{}`", words.join("`, `")),
        Ty::Service => "a service",
        Ty::Secret => "a secret, such as `secret.name`",
        Ty::Environment => "an environment",
        Ty::Job => "a job of this pipeline",
        Ty::Trigger => "a trigger, such as `push(\"main\")`",
        Ty::List(item) => return format!("a list of {}", describe_ty(item)),
        Ty::Map(item) => return format!("a map to {}", describe_ty(item)),
        Ty::Block(_) | Ty::Blocks(_) | Ty::Variants(_) => "a block",
    };
    text.to_owned()
}
