//! Values of patches as targets hold them. Must not let a secret through.

use crate::diagnostic::{Diagnostic, codes};
use crate::emit::spell::{Spelling, dns};
use crate::print::yaml::Node;
use crate::schema::{Reference, Sourced, Text, Value};
use crate::source::Span;

/// The value as a tree.
pub(super) fn node(value: &Sourced<Value>) -> Result<Node, Box<Diagnostic>> {
    let span = value.origin.span;
    Ok(match &value.value {
        Value::None => Node::Null,
        Value::Bool(value) => Node::Bool(*value),
        Value::Int(value) => Node::Int(*value),
        Value::Milli(thousandths) => Node::Float(decimal(*thousandths)),
        Value::Text(text) => Node::Text(spelled(text, span)?),
        Value::Choice(word) => Node::Text((*word).to_owned()),
        Value::Reference(Reference::Service { name, port: None }) => Node::Text(dns(name)),
        Value::List(items) => Node::List(items.iter().map(node).collect::<Result<_, _>>()?),
        Value::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| Ok((key.to_string(), node(value)?)));
            Node::Map(entries.collect::<Result<_, Box<Diagnostic>>>()?)
        }
        Value::Reference(Reference::Secret(name)) => return Err(leak(&format!("`{name}`"), span)),
        Value::Size(value) => return Err(unit("size", &value.to_string(), span)),
        Value::Duration(value) => return Err(unit("duration", &value.to_string(), span)),
        Value::Ratio(value) => return Err(unit("percentage", &value.to_string(), span)),
        Value::Rate(value) => return Err(unit("rate", &value.to_string(), span)),
        Value::Reference(_) | Value::Trigger(_) | Value::Error => {
            let message = "expected a value that a document can hold";
            let problem = Diagnostic::error(codes::TYPE_MISMATCH, message).at(span, "this has no text");
            let help = "write a string, a number, `true`, `false`, `none`, a list, a map or a service";
            return Err(Box::new(problem.help(help)));
        }
    })
}

#[expect(
    clippy::cast_precision_loss,
    reason = "thousandths below 2^53 are exact, and printed as they were written"
)]
fn decimal(thousandths: i64) -> f64 {
    thousandths as f64 / 1000.0
}

fn spelled(text: &Text, span: Span) -> Result<String, Box<Diagnostic>> {
    if text.is_secret() {
        let names: Vec<String> = text.secrets().map(|name| format!("`{name}`")).collect();
        return Err(leak(&names.join(", "), span));
    }
    // No secret is left to be spelled.
    let spelling = Spelling { literal: &str::to_owned, secret: &|_| String::new() };
    Ok(spelling.text(text))
}

fn leak(names: &str, span: Span) -> Box<Diagnostic> {
    let problem = Diagnostic::error(codes::SECRET_LEAK, format!("the secret {names} would be readable here"))
        .at(span, "this value goes into a file that is committed");
    Box::new(problem.help(
        "secrets flow only into `env`, `secrets` and other marked places; `stackc explain E0501` lists them",
    ))
}

/// Every target has units of its own.
fn unit(what: &str, written: &str, span: Span) -> Box<Diagnostic> {
    let problem =
        Diagnostic::error(codes::TYPE_MISMATCH, format!("a patch cannot hold the {what} `{written}`"))
            .at(span, "the target has its own spelling");
    Box::new(problem.help("write the value as the target spells it, as a number or in quotes"))
}
