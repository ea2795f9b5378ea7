//! The built-in functions. There are no others: evaluation ends and touches nothing but files of the project.

use std::sync::Arc;

use super::budget::text_weight;
use super::eval::{MAX_TEXT, sourced};
use super::node::ScopeId;
use super::operate;
use super::problem;
use super::want::Want;
use super::world::World;
use crate::diagnostic::codes;
use crate::schema::{Cron, FilePath, Part, Reference, Text, Trigger, Ty, Value};
use crate::source::Span;
use crate::syntax::ast::{Expr, Path};

/// The names of all built-in functions.
pub const NAMES: &[&str] = &[
    "contains",
    "count",
    "ends_with",
    "exists",
    "file",
    "join",
    "keys",
    "late",
    "length",
    "path",
    "pull_request",
    "push",
    "schedule",
    "starts_with",
    "tag",
];

/// A file that `file` reads may have so many bytes.
const MAX_FILE: usize = 1024 * 1024;

impl<'a> World<'a> {
    /// The value of a call.
    pub(super) fn call(
        &self,
        callee: &'a Path,
        arguments: &'a [Expr],
        scope: ScopeId,
        want: &Want<'a>,
        span: Span,
    ) -> Value {
        let name = self.text(callee.span());
        let value = |index: usize, want: &Want<'a>| match arguments.get(index) {
            Some(expr) => {
                let value = self.expr(expr, scope, want);
                self.coerce(value, want, expr.span)
            }
            None => Value::Error,
        };
        let expected = match name {
            "contains" | "count" | "ends_with" | "join" | "starts_with" => 2..=2,
            "push" | "tag" => 1..=16,
            "pull_request" => 0..=16,
            "exists" | "file" | "keys" | "late" | "length" | "path" | "schedule" => 1..=1,
            _ => {
                let message = format!("there is no function `{name}`");
                self.report(problem::unknown(codes::UNKNOWN_NAME, message, callee.span(), name, NAMES));
                return Value::Error;
            }
        };
        if !expected.contains(&arguments.len()) {
            let message = format!("`{name}` takes {} arguments, found {}", expected.start(), arguments.len());
            return self.fail(codes::TYPE_MISMATCH, message, span, "this call");
        }
        match name {
            "late" => match value(0, want) {
                Value::Text(text) => Value::Text(late(text)),
                value => value,
            },
            "path" => match value(0, &Want::Ty(Ty::Secret)) {
                Value::Reference(Reference::Secret(name)) => Value::Text(Text(vec![Part::SecretPath(name)])),
                _ => Value::Error,
            },
            "file" => self.file(&value(0, &Want::Ty(Ty::Plain)), span),
            "exists" => match self.find(&value(0, &Want::Ty(Ty::Plain)), span) {
                Search::Found(_) => Value::Bool(true),
                Search::Nothing => Value::Bool(false),
                Search::Failed => Value::Error,
            },
            "push" | "tag" | "pull_request" | "schedule" => self.trigger(name, arguments, scope, span),
            _ => self.computed(name, &value(0, &Want::Any), &value(1, &Want::Any), span),
        }
    }

    /// What follows from the values alone.
    fn computed(&self, name: &str, first: &Value, second: &Value, span: Span) -> Value {
        let found = match name {
            "contains" => operate::contains(first, second).map(Value::Bool),
            "count" => operate::count(first, second).map(Value::Int),
            "join" => return self.joined(operate::join(first, second), span),
            "keys" => operate::keys(first).map(|keys| {
                Value::List(keys.into_iter().map(|key| sourced(Value::Text(key), span)).collect())
            }),
            "length" => operate::length(first).map(Value::Int),
            _ => operate::borders(name == "starts_with", first, second).map(Value::Bool),
        };
        self.answer(found, span)
    }

    /// A string that grew out of others.
    fn joined(&self, text: Result<Text, String>, span: Span) -> Value {
        let weight = text.as_ref().map_or(0, text_weight);
        if weight > MAX_TEXT / 8 {
            let message = format!("the string has more than {MAX_TEXT} bytes");
            return self.fail(codes::BUDGET_EXCEEDED, message, span, "grows too large");
        }
        if self.spend(weight, span) { self.answer(text.map(Value::Text), span) } else { Value::Error }
    }

    fn answer(&self, found: Result<Value, String>, span: Span) -> Value {
        match found {
            Ok(value) => value,
            Err(message) if message.is_empty() => Value::Error,
            Err(message) => self.fail(codes::TYPE_MISMATCH, message, span, "this call"),
        }
    }

    fn trigger(&self, name: &str, arguments: &'a [Expr], scope: ScopeId, span: Span) -> Value {
        let plain = Want::Ty(Ty::Plain);
        let mut names: Vec<Arc<str>> = Vec::new();
        for argument in arguments {
            let value = self.expr(argument, scope, &plain);
            match self.coerce(value, &plain, argument.span) {
                Value::Text(text) => names.extend(text.as_literal().map(Arc::from)),
                _ => return Value::Error,
            }
        }
        Value::Trigger(match name {
            "push" => Trigger::Push(names),
            "tag" => Trigger::Tag(names),
            "pull_request" => Trigger::PullRequest(names),
            _ => {
                let cron = names.pop().unwrap_or_else(|| "".into());
                if let Err(problem) = Cron::parse(&cron) {
                    return self.fail(codes::INVALID_VALUE, problem, span, "this schedule");
                }
                Trigger::Schedule(cron)
            }
        })
    }

    /// The path of an existing file; its last component may be a pattern with one `*`.
    fn find(&self, value: &Value, span: Span) -> Search {
        let Value::Text(text) = value else { return Search::Failed };
        let path = match text.as_literal().map(FilePath::parse) {
            Some(Ok(path)) => path,
            Some(Err(problem)) => {
                self.fail(codes::INVALID_VALUE, problem, span, "this path");
                return Search::Failed;
            }
            None => return Search::Failed,
        };
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
        let Some((start, end)) = name.split_once('*') else {
            return if self.files().exists(&path) {
                Search::Found(path.to_string())
            } else {
                Search::Nothing
            };
        };
        let fits = |name: &&String| {
            name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end)
        };
        match self.files().list(folder).iter().find(fits) {
            Some(name) if folder.is_empty() => Search::Found(name.clone()),
            Some(name) => Search::Found(format!("{folder}/{name}")),
            None => Search::Nothing,
        }
    }

    fn file(&self, value: &Value, span: Span) -> Value {
        let path = match self.find(value, span) {
            Search::Found(path) => path,
            Search::Failed => return Value::Error,
            Search::Nothing => {
                let name = match value {
                    Value::Text(text) => text.as_literal().unwrap_or_default(),
                    _ => "",
                };
                let message = format!("there is no file `{name}`");
                return self.fail(codes::UNREADABLE_FILE, message, span, "read here");
            }
        };
        match self.files().read(&path) {
            Ok(bytes) if bytes.len() <= MAX_FILE => match String::from_utf8(bytes) {
                Ok(text) => Value::Text(Text::literal(&text)),
                Err(_) => {
                    self.fail(codes::NOT_TEXT, format!("`{path}` is not UTF-8 text"), span, "read here")
                }
            },
            Ok(_) => self.fail(
                codes::TOO_LARGE,
                format!("`{path}` has more than {MAX_FILE} bytes"),
                span,
                "read here",
            ),
            Err(_) => {
                self.fail(codes::UNREADABLE_FILE, format!("`{path}` cannot be read"), span, "read here")
            }
        }
    }
}

/// What a search for a file gives.
enum Search {
    /// Its path.
    Found(String),
    /// There is none.
    Nothing,
    /// The question was wrong, which is reported.
    Failed,
}

/// The same address without the start-up dependency.
fn late(text: Text) -> Text {
    let parts = text.0.into_iter().map(|part| match part {
        Part::Host { service, .. } => Part::Host { service, late: true },
        Part::Port { service, number, .. } => Part::Port { service, number, late: true },
        part => part,
    });
    Text(parts.collect())
}
