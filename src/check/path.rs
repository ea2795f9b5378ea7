//! What a path of names means where it stands. Must not check types: `coerce` does.

use std::sync::Arc;

use super::budget;
use super::declare::Binding;
use super::node::{MapItem, Node, NodeSlot, ScopeId};
use super::problem;
use super::want::{self, Want};
use super::world::{Memo, World};
use crate::diagnostic::{Diagnostic, codes};
use crate::schema::{Layer, Origin, Part, Reference, Sourced, Text, Trigger, Ty, Value};
use crate::source::Span;
use crate::syntax::ast::{Expr, Name, Path, Type};

/// What a named value costs of the depth of evaluation: many calls lie between it and the next.
const NAMED_DEPTH: u32 = 4;

impl<'a> World<'a> {
    /// The value of a path.
    pub(super) fn path(&self, path: &'a Path, scope: ScopeId, want: &Want<'a>) -> Value {
        if path.incomplete.is_some() {
            return Value::Error;
        }
        let first = self.text(path.first.span);
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
        match first {
            "self" => self.own(path, scope, want),
            "secret" => self.secret(path, scope),
            "environment" => self.about_environment(path, want),
            _ => self.declared(path, first, scope, want),
        }
    }

    /// A parameter, a `let` or the value of an imported module.
    fn named(&self, name: &'a str, span: Span, scope: ScopeId) -> Option<Value> {
        let here = self.scope(scope)?;
        if let Some(param) = here.params.get(name) {
            let wanted = self.type_of(param.declaration.ty.as_ref(), here.module);
            return Some(match (param.value, &param.declaration.default) {
                (Some(value), _) => self.memo(scope, name, span, || self.value(&value, &wanted)),
                (None, Some(default)) => self.memo(scope, name, span, || self.typed(default, scope, &wanted)),
                (None, None) => Value::Error,
            });
        }
        if let Some(item) = here.lets.get(name).copied() {
            let wanted = self.type_of(item.ty.as_ref(), here.module);
            return Some(self.memo(scope, name, span, || self.typed(&item.value, scope, &wanted)));
        }
        let module = here.module;
        match self.declared.lookup(module, name)? {
            (_, Binding::Module(_)) => None,
            (home, binding) => self.bound(home, binding, span),
        }
    }

    fn bound(&self, home: usize, binding: Binding<'a>, span: Span) -> Option<Value> {
        let scope = Self::file_scope(home);
        match binding {
            Binding::Let(item) => {
                let wanted = self.type_of(item.ty.as_ref(), home);
                let name = self.text(item.name.span);
                Some(self.memo(scope, name, span, || self.typed(&item.value, scope, &wanted)))
            }
            Binding::Param(param) => {
                let wanted = self.type_of(param.ty.as_ref(), home);
                let name = self.text(param.name.span);
                Some(match (self.params.get(name), &param.default) {
                    (Some(value), _) => self.memo(scope, name, span, || self.value(value, &wanted)),
                    (None, Some(default)) => {
                        self.memo(scope, name, span, || self.typed(default, scope, &wanted))
                    }
                    (None, None) => self.unset_parameter(name, param.name.span),
                })
            }
            // Templates, types and modules have names of their own kind: a service may be called like its preset.
            Binding::Module(_) | Binding::Type(_) | Binding::Template(_) => None,
        }
    }

    fn unset_parameter(&self, name: &str, span: Span) -> Value {
        let message = format!("the environment `{}` does not set `{name}`", self.name);
        let problem = Diagnostic::error(codes::MISSING_FIELD, message).at(span, "required here");
        self.report(problem.help(format!("write `{name} = …` in `environment {}`", self.name)));
        Value::Error
    }

    fn type_of(&self, ty: Option<&'a Type>, module: usize) -> Want<'a> {
        ty.map_or(Want::Any, |ty| want::of_type(self, module, ty))
    }

    fn typed(&self, expr: &'a Expr, scope: ScopeId, wanted: &Want<'a>) -> Sourced<Value> {
        let value = self.expr(expr, scope, wanted);
        let origin = Origin { span: expr.span, layer: Layer::Base };
        Sourced { value: self.coerce(value, wanted, expr.span), origin }
    }

    /// A named value, computed once; meeting it while it is computed is a cycle.
    fn memo(
        &self,
        scope: ScopeId,
        name: &'a str,
        span: Span,
        compute: impl FnOnce() -> Sourced<Value>,
    ) -> Value {
        let key = (scope, name);
        let error = Sourced { value: Value::Error, origin: Origin { span, layer: Layer::Base } };
        let state = match self.memo.borrow().get(&key) {
            Some(Memo::Done(_, weight)) => Some(Ok(*weight)),
            Some(Memo::Running(first)) => Some(Err(*first)),
            None => None,
        };
        match state {
            // Paid before it is copied: values that double would fill the memory.
            Some(Ok(weight)) if !self.spend(weight, span) => return Value::Error,
            Some(Ok(_)) => {
                let memo = self.memo.borrow();
                return match memo.get(&key) {
                    Some(Memo::Done(value, _)) => value.value.clone(),
                    Some(Memo::Running(_)) | None => Value::Error,
                };
            }
            Some(Err(first)) => return self.value_cycle(name, first, span),
            None => {}
        }
        self.memo.borrow_mut().insert(key, Memo::Running(span));
        let mut value = self.nested(NAMED_DEPTH, span, error.clone(), compute);
        let weight = budget::weight(&value.value);
        if !self.spend(weight, span) {
            value = error;
        }
        self.memo.borrow_mut().insert(key, Memo::Done(value.clone(), weight));
        value.value
    }

    fn value_cycle(&self, name: &str, first: Span, span: Span) -> Value {
        let memo = self.memo.borrow();
        let running: Vec<&str> = memo
            .iter()
            .filter(|(_, state)| matches!(state, Memo::Running(_)))
            .map(|((_, name), _)| *name)
            .collect();
        let from = running.iter().position(|known| *known == name).unwrap_or(0);
        let problem = cycle(running.get(from..).unwrap_or_default(), first, span);
        drop(memo);
        self.report_first(problem);
        Value::Error
    }

    /// `.a.b` of a value that has a name.
    fn members(&self, value: Value, owner: &str, rest: &[Name], want: &Want<'a>) -> Value {
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
                return Value::Reference(Reference::Secret(own_secret(owner, text)));
            }
        }
        if self.entity("secret", text).is_some() {
            return Value::Reference(Reference::Secret(text.into()));
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
        if self.entity("service", first).is_some() {
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
            if self.jobs.borrow().iter().any(|job| &**job == first) {
                return Value::Reference(Reference::Job(first.into()));
            }
        }
        for kind in ["ingress", "alert", "pipeline"] {
            if self.entity(kind, first).is_some() && !path.rest.is_empty() {
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

    /// `db.url`, `api.ports.ws`, `api.scale.min`
    fn service_member(&self, service: &Arc<str>, rest: &[Name], want: &Want<'a>) -> Value {
        let Some((name, deeper)) = rest.split_first() else {
            return Value::Reference(Reference::Service { name: service.clone(), port: None });
        };
        let member = self.text(name.span);
        let Some(node) = self.entity("service", service) else {
            return Value::Error;
        };
        if deeper.is_empty() {
            if let Some(value) = self.exported(node, service, member, name.span) {
                return value;
            }
        }
        match (member, deeper) {
            ("name", []) => Value::Text(Text::literal(service)),
            ("host", []) => Value::Text(Text(vec![Part::Host { service: service.clone(), late: false }])),
            ("port", []) => self.port(node, service, None, name.span, want),
            ("ports", [port]) => self.port(node, service, Some(self.text(port.span)), port.span, want),
            ("url", []) => {
                let mut text = Text::literal("http://");
                text.push(Part::Host { service: service.clone(), late: false });
                text.push(Part::Literal(":".into()));
                match self.port(node, service, None, name.span, &Want::Ty(Ty::SecretText)) {
                    Value::Text(port) => port.0.into_iter().for_each(|part| text.push(part)),
                    _ => return Value::Error,
                }
                Value::Text(text)
            }
            ("secret", [label]) if node.labelled("secret", self.text(label.span)).is_some() => {
                Value::Reference(Reference::Secret(own_secret(service, self.text(label.span))))
            }
            _ => self.field(node, member, name.span, deeper, want),
        }
    }

    /// What the service's `export` block says about a name.
    fn exported(&self, node: &Node<'a>, service: &Arc<str>, member: &str, span: Span) -> Option<Value> {
        let NodeSlot::Map(items) = node.slot("export")? else {
            return None;
        };
        let assignment = items.iter().find_map(|item| match item {
            MapItem::Entry(key, assignment) if &**key == member => Some(*assignment),
            MapItem::Entry(..) | MapItem::Spread(_) => None,
        })?;
        Some(self.guarded(service, member, span, || self.value(&assignment, &Want::Ty(Ty::SecretText)).value))
    }

    /// Runs an evaluation of a service's part unless that part is being evaluated already.
    fn guarded(&self, service: &str, member: &str, span: Span, compute: impl FnOnce() -> Value) -> Value {
        let key: Arc<str> = format!("{service}.{member}").into();
        let first = self.running.borrow().iter().find(|(known, _)| *known == key).map(|(_, span)| *span);
        if let Some(first) = first {
            let running = self.running.borrow();
            let from = running.iter().position(|(known, _)| *known == key).unwrap_or(0);
            let path: Vec<&str> = running.iter().skip(from).map(|(name, _)| &**name).collect();
            self.report_first(cycle(&path, first, span));
            return Value::Error;
        }
        self.running.borrow_mut().push((key, span));
        let value = self.nested(NAMED_DEPTH, span, Value::Error, compute);
        self.running.borrow_mut().pop();
        value
    }

    /// A port of a service: a number where one is wanted, a port of a service elsewhere.
    fn port(
        &self,
        node: &Node<'a>,
        service: &Arc<str>,
        name: Option<&str>,
        span: Span,
        want: &Want<'a>,
    ) -> Value {
        let ports = self.guarded(service, "ports", span, || self.ports(node));
        let Value::Map(ports) = ports else {
            return Value::Error;
        };
        let found = match name {
            Some(name) => ports.get(name).map(|port| (name, port)),
            None => ports
                .get("http")
                .map(|port| ("http", port))
                .or_else(|| ports.first().map(|(name, port)| (&**name, port))),
        };
        let Some((name, port)) = found else {
            let known: Vec<&str> = ports.keys().map(|name| &**name).collect();
            let problem = match name {
                Some(name) => {
                    let message = format!("`{service}` has no port called `{name}`");
                    problem::unknown(codes::PORT_NOT_LISTENING, message, span, name, &known)
                }
                None => {
                    let message = format!("`{service}` does not listen on any port");
                    Diagnostic::error(codes::PORT_NOT_LISTENING, message)
                        .at(span, "needs a port")
                        .help(format!("add `port = …` to `{service}`"))
                }
            };
            self.report(problem.also(node.label.span, "declared here"));
            return Value::Error;
        };
        match (wanted(want), &port.value) {
            (_, Value::Error) => Value::Error,
            (Some(Ty::Service), _) => {
                Value::Reference(Reference::Service { name: service.clone(), port: Some(name.into()) })
            }
            (Some(Ty::Text | Ty::SecretText), Value::Int(number)) => {
                let number = u16::try_from(*number).unwrap_or_default();
                Value::Text(Text(vec![Part::Port { service: service.clone(), number, late: false }]))
            }
            (_, value) => value.clone(),
        }
    }

    /// All ports of a service by name; `port` counts as `http`.
    fn ports(&self, node: &Node<'a>) -> Value {
        let mut map = indexmap::IndexMap::new();
        let port = Want::Ty(Ty::Port);
        if let Some(NodeSlot::Value(values)) = node.slot("port") {
            if let Some(assignment) = values.last() {
                map.insert(Arc::from("http"), self.value(assignment, &port));
            }
        }
        if let Some(NodeSlot::Map(items)) = node.slot("ports") {
            for item in items {
                if let MapItem::Entry(name, assignment) = item {
                    map.insert(name.clone(), self.value(assignment, &port));
                }
            }
        }
        Value::Map(map)
    }

    fn entity_field(&self, kind: &str, name: &str, rest: &[Name], want: &Want<'a>) -> Value {
        match (self.entity(kind, name), rest.split_first()) {
            (Some(node), Some((field, rest))) => {
                self.field(node, self.text(field.span), field.span, rest, want)
            }
            _ => Value::Error,
        }
    }

    /// A field of a merged block, evaluated: for conditions.
    fn field(&self, node: &Node<'a>, name: &str, span: Span, rest: &[Name], want: &Want<'a>) -> Value {
        let Some((index, field)) = node.schema.field(name) else {
            let mut known: Vec<&str> = node.schema.fields.iter().map(|field| field.name).collect();
            if node.schema.keyword == "service" {
                known.extend(["host", "url"]);
            }
            let message = format!("`{}` has no value `{name}`", node.schema.keyword);
            self.report(problem::unknown(codes::UNKNOWN_NAME, message, span, name, &known));
            return Value::Error;
        };
        match (node.slots.get(index), rest.split_first()) {
            (Some(NodeSlot::Block(child)), Some((next, rest))) => {
                self.field(child, self.text(next.span), next.span, rest, want)
            }
            (Some(NodeSlot::Blocks(children)), Some((next, rest))) => {
                let label = self.text(next.span);
                match (children.get(label), rest.split_first()) {
                    (Some(child), Some((field, rest))) => {
                        self.field(child, self.text(field.span), field.span, rest, want)
                    }
                    _ => Value::None,
                }
            }
            (Some(NodeSlot::Absent) | None, _) => match field.default {
                Some(default) => super::defaults::read(&default(), field.ty),
                None => Value::None,
            },
            (Some(_), rest) => {
                let owner = match node.schema.keyword {
                    "service" => node.label.value.to_string(),
                    keyword => format!("{keyword} {}", node.label.value),
                };
                let value = self.guarded(&owner, name, span, || self.slot_value(node, index, field));
                match rest {
                    None => value,
                    Some(_) => {
                        let names: Vec<Name> = rest
                            .iter()
                            .flat_map(|(first, rest)| std::iter::once(**first).chain(rest.iter().copied()))
                            .collect();
                        self.members(value, name, &names, want)
                    }
                }
            }
        }
    }
}

/// Values that need each other.
fn cycle(path: &[&str], first: Span, span: Span) -> Diagnostic {
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
