//! What a path of names means where it stands. Must not check types: `coerce` does.

use std::sync::Arc;

use super::declare::Binding;
use super::import;
use super::node::ScopeId;
use super::problem;
use super::spanning::is_spanning;
use super::want::{self, Want};
use super::world::World;
use crate::diagnostic::{Diagnostic, codes};
use crate::schema::{Reference, Text, Trigger, Ty, Value};
use crate::source::Span;
use crate::syntax::ast::{Name, Path};

impl<'a> World<'a> {
    /// The value of a path.
    pub(super) fn path(&self, path: &'a Path, scope: ScopeId, want: &Want<'a>) -> Value {
        if path.incomplete.is_some() {
            return Value::Error;
        }
        let first = self.text(path.first.span);
        if let Some(value) = self.bound_value(path, want) {
            return value;
        }
        if path.rest.is_empty() {
            if let Some(value) = word(first, want) {
                return value;
            }
        }
        if let Some(value) = self.named(first, path.first.span, scope) {
            return self.members(value, first, &path.rest, want);
        }
        if path.rest.is_empty() && matches!(wanted(want), Some(Ty::Word)) {
            return Value::Text(Text::literal(first));
        }
        if let Some(value) = self.whole_value(first, path.first.span) {
            return self.members(value, first, &path.rest, want);
        }
        match first {
            "self" => self.own(path, scope, want),
            "secret" => self.secret(path, scope),
            "environment" => self.about_environment(path, want),
            _ => self.declared(path, first, scope, want),
        }
    }

    /// `environments`, `images`, `ports`: nothing while there is one environment only, and the condition is asked again.
    fn whole_value(&self, name: &str, span: Span) -> Option<Value> {
        if !is_spanning(name) || self.entity("service", name).is_some() {
            return None;
        }
        if !self.is_of_file.get() {
            let message = format!("`{name}` spans all environments, and this belongs to one of them");
            let problem = Diagnostic::error(codes::UNKNOWN_NAME, message).at(span, "not known here");
            self.report(problem.help("write the condition as a `check` at the top of a file"));
            return Some(Value::Error);
        }
        self.asks_whole.set(true);
        Some(self.whole.as_ref().and_then(|whole| whole.get(name)).cloned().unwrap_or(Value::Error))
    }

    /// `.a.b` of a value that has a name.
    pub(super) fn members(&self, value: Value, owner: &str, rest: &[Name], want: &Want<'a>) -> Value {
        let Some((name, rest)) = rest.split_first() else {
            return value;
        };
        let member = self.text(name.span);
        match value {
            Value::Map(map) => match map.get(member) {
                Some(value) => self.members(value.value.clone(), member, rest, want),
                None => {
                    let known: Vec<&str> = map.keys().map(|key| &**key).collect();
                    let message = format!("`{owner}` has no `{member}`");
                    self.report(problem::unknown(codes::UNKNOWN_NAME, message, name.span, member, &known));
                    Value::Error
                }
            },
            Value::Reference(Reference::Service { name: service, .. }) => {
                let names: Vec<Name> = std::iter::once(*name).chain(rest.iter().copied()).collect();
                self.service_member(&service, &names, want)
            }
            Value::Error => Value::Error,
            value => {
                let message = format!("{} has no parts", super::coerce::found(&value));
                self.fail(codes::TYPE_MISMATCH, message, name.span, "nothing to look into")
            }
        }
    }

    /// `self`, the block that the expression stands in, or the value of a condition.
    fn own(&self, path: &'a Path, scope: ScopeId, want: &Want<'a>) -> Value {
        let value = self.selves.borrow().last().cloned();
        if let Some(value) = value {
            return self.members(value, "self", &path.rest, want);
        }
        let owner = self.scope(scope).and_then(|scope| scope.owner.clone());
        match owner {
            Some(("service", name)) if path.rest.is_empty() => {
                Value::Reference(Reference::Service { name, port: None })
            }
            Some(("service", name)) => self.service_member(&name, &path.rest, want),
            Some((kind, name)) => self.entity_field(kind, &name, &path.rest, want),
            None if self.in_environment.get() => self.about_environment(path, want),
            None => self.fail(
                codes::UNKNOWN_NAME,
                "`self` means nothing here",
                path.first.span,
                "not inside a block",
            ),
        }
    }

    /// `secret.name`: of the service that the expression stands in, then of the stack.
    fn secret(&self, path: &'a Path, scope: ScopeId) -> Value {
        let Some(name) = path.rest.first() else {
            return self.fail(
                codes::UNKNOWN_NAME,
                "expected the name of a secret",
                path.first.span,
                "write `secret.name`",
            );
        };
        let text = self.text(name.span);
        let owner = self.scope(scope).and_then(|scope| scope.owner.clone());
        if let Some(("service", owner)) = &owner {
            let node = self.entity("service", owner);
            if node.is_some_and(|node| node.labelled("secret", text).is_some()) {
                return self.read_secret(own_secret(owner, text));
            }
        }
        if self.has("secret", text) {
            return self.read_secret(text.into());
        }
        let known = self.names("secret");
        let message = format!("no secret is called `{text}`");
        let problem = problem::unknown(codes::UNKNOWN_NAME, message, name.span, text, &known);
        self.report(match problem.help {
            Some(_) => problem,
            None => problem.help(format!("declare it: `secret {text}`")),
        });
        Value::Error
    }

    /// A secret that exists; what is never asked for here is used by nobody.
    fn read_secret(&self, name: Arc<str>) -> Value {
        self.read_secrets.borrow_mut().insert(name.clone());
        Value::Reference(Reference::Secret(name))
    }

    /// `environment.name`, `environment.mode`
    fn about_environment(&self, path: &'a Path, want: &Want<'a>) -> Value {
        match path.rest.split_first() {
            Some((name, [])) if self.text(name.span) == "name" => Value::Text(Text::literal(&self.name)),
            Some((name, rest)) => self.field(&self.environment, self.text(name.span), name.span, rest, want),
            None => self.fail(
                codes::UNKNOWN_NAME,
                "expected a part of the environment",
                path.first.span,
                "write `environment.name`",
            ),
        }
    }

    /// A block of the stack, or nothing.
    fn declared(&self, path: &'a Path, first: &'a str, scope: ScopeId, want: &Want<'a>) -> Value {
        let is_job = || path.rest.is_empty() && self.jobs.borrow().iter().any(|job| &**job == first);
        if matches!(wanted(want), Some(Ty::Job)) && is_job() {
            return Value::Reference(Reference::Job(first.into()));
        }
        if self.has("service", first) {
            let name: Arc<str> = first.into();
            return match path.rest.as_slice() {
                [] => Value::Reference(Reference::Service { name, port: None }),
                rest => self.service_member(&name, rest, want),
            };
        }
        if path.rest.is_empty() {
            if self.declared.environments.contains_key(first) {
                return Value::Reference(Reference::Environment(first.into()));
            }
            if is_job() {
                return Value::Reference(Reference::Job(first.into()));
            }
        }
        for kind in ["ingress", "alert", "pipeline"] {
            if self.has(kind, first) && !path.rest.is_empty() {
                return self.entity_field(kind, first, &path.rest, want);
            }
        }
        if let Some(Binding::Module(module)) = self
            .scope(scope)
            .and_then(|scope| self.declared.lookup(scope.module, first))
            .map(|(_, binding)| binding)
        {
            return self.module_member(module, path, first, want);
        }
        self.unknown(path, first, scope, want)
    }

    /// `alias.name`
    fn module_member(&self, module: usize, path: &'a Path, alias: &str, want: &Want<'a>) -> Value {
        let Some((name, rest)) = path.rest.split_first() else {
            let message = format!("`{alias}` is an imported file, not a value");
            return self.fail(codes::TYPE_MISMATCH, message, path.first.span, "expected a name after it");
        };
        let text = self.text(name.span);
        let Some((home, binding)) = self.declared.lookup_in(module, text) else {
            let known = self.declared.visible(module);
            let message = format!("`{alias}` has no `{text}`");
            self.report(problem::unknown(codes::UNKNOWN_NAME, message, name.span, text, &known));
            return Value::Error;
        };
        let value = self.bound(home, binding, name.span).unwrap_or(Value::Error);
        self.members(value, text, rest, want)
    }

    /// Evaluates the values of a file that nothing uses: what is wrong in them is wrong.
    pub(super) fn verify_values(&self, module: usize) {
        for (_, binding) in self.declared.values(module) {
            match binding {
                Binding::Let(item) => drop(self.bound(module, binding, item.name.span)),
                Binding::Param(item) => drop(self.bound(module, binding, item.name.span)),
                Binding::Type(item) => drop(want::of_type(self, module, &item.ty)),
                Binding::Module(_) | Binding::Template(_) => {}
            }
        }
    }

    fn unknown(&self, path: &'a Path, first: &str, scope: ScopeId, want: &Want<'a>) -> Value {
        if self.scope(scope).is_some_and(|scope| import::is_lost(self.program, scope.module, first)) {
            return Value::Error;
        }
        let mut known = self.names("service");
        let message = match wanted(want) {
            Some(Ty::Service) => format!("no service is called `{first}`"),
            Some(Ty::Environment) => {
                known = self.declared.environments.keys().copied().collect();
                format!("no environment is called `{first}`")
            }
            Some(Ty::Job) => {
                let jobs = self.jobs.borrow();
                let known: Vec<&str> = jobs.iter().map(|job| &**job).collect();
                let message = format!("no job is called `{first}`");
                self.report(problem::unknown(codes::UNKNOWN_NAME, message, path.first.span, first, &known));
                return Value::Error;
            }
            Some(Ty::Choice(words)) => {
                let message = format!("`{first}` is none of the words that are known here");
                self.report(problem::unknown(codes::INVALID_VALUE, message, path.first.span, first, words));
                return Value::Error;
            }
            Some(Ty::Secret) => {
                let message = format!("`{first}` is no secret");
                let problem = Diagnostic::error(codes::UNKNOWN_NAME, message)
                    .at(path.first.span, "expected `secret.name`");
                self.report(problem);
                return Value::Error;
            }
            _ if !path.rest.is_empty() => format!("no service is called `{first}`"),
            _ => {
                let here = self.scope(scope);
                known.extend(here.iter().flat_map(|scope| scope.params.keys().copied()));
                known.extend(here.map(|scope| self.declared.visible(scope.module)).unwrap_or_default());
                format!("nothing is called `{first}`")
            }
        };
        let problem = problem::unknown(codes::UNKNOWN_NAME, message, path.first.span, first, &known);
        let near = problem.fixes.first().and_then(|fix| fix.edits.first()).map(|edit| edit.text.clone());
        let place = near.and_then(|near| self.entity("service", &near)).map(|node| node.label.span);
        self.report(match place {
            Some(span) => problem.also(span, "this one is close"),
            None => problem,
        });
        Value::Error
    }
}

/// Values that need each other.
pub(super) fn cycle(path: &[&str], first: Span, span: Span) -> Diagnostic {
    let message = format!("these values need each other: {}", problem::circle(path));
    let problem = Diagnostic::error(codes::VALUE_CYCLE, message).at(span, "needed here while it is computed");
    if first == span { problem } else { problem.also(first, "its value starts here") }
}

/// The global name of a service's own secret.
pub(super) fn own_secret(service: &str, name: &str) -> Arc<str> {
    format!("{service}_{name}").into()
}

/// The schema type that a place expects, through the types that wrap it.
pub(super) fn wanted(want: &Want<'_>) -> Option<Ty> {
    match want {
        Want::Ty(Ty::List(item)) => Some(**item),
        Want::Ty(ty) => Some(*ty),
        Want::Optional(inner) | Want::Narrowed(inner, ..) | Want::List(inner) => wanted(inner),
        Want::Any | Want::Literals(_) => None,
    }
}

/// A bare word that a type gives a meaning to.
fn word(name: &str, want: &Want<'_>) -> Option<Value> {
    match wanted(want)? {
        Ty::Choice(words) => words.iter().find(|word| **word == name).map(|word| Value::Choice(word)),
        Ty::Trigger if name == "pull_request" => Some(Value::Trigger(Trigger::PullRequest(Vec::new()))),
        Ty::Trigger if name == "manual" => Some(Value::Trigger(Trigger::Manual)),
        _ => None,
    }
}
