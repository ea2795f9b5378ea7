//! Names that files and templates bind to values: parameters and `let`s, each computed once. Must not look into values.

use super::budget;
use super::budget::NAMED_DEPTH;
use super::declare::Binding;
use super::node::ScopeId;
use super::path::cycle;
use super::want::{self, Want};
use super::world::{Memo, World};
use crate::diagnostic::{Diagnostic, codes};
use crate::schema::{Layer, Origin, Sourced, Value};
use crate::source::Span;
use crate::syntax::ast::{Expr, Type};

impl<'a> World<'a> {
    /// A parameter, a `let` or the value of an imported module.
    pub(super) fn named(&self, name: &'a str, span: Span, scope: ScopeId) -> Option<Value> {
        let here = self.scope(scope)?;
        if let Some(param) = here.params.get(name) {
            let wanted = self.type_of(param.declaration.ty.as_deref(), here.module);
            return Some(match (param.value, &param.declaration.default) {
                (Some(value), _) => self.memo(scope, name, span, || self.value(&value, &wanted)),
                (None, Some(default)) => self.memo(scope, name, span, || self.typed(default, scope, &wanted)),
                (None, None) => Value::Error,
            });
        }
        if let Some(item) = here.lets.get(name).copied() {
            let wanted = self.type_of(item.ty.as_deref(), here.module);
            return Some(self.memo(scope, name, span, || self.typed(&item.value, scope, &wanted)));
        }
        if let Some(below) = self.declaring(name, here.below) {
            return self.named(name, span, below);
        }
        let module = here.module;
        match self.declared.lookup(module, name)? {
            (_, Binding::Module(_)) => None,
            (home, binding) => self.bound(home, binding, span),
        }
    }

    /// The nearest template from `scope` on that has the parameter.
    fn declaring(&self, name: &str, scope: Option<ScopeId>) -> Option<ScopeId> {
        std::iter::successors(scope, |scope| self.scope(*scope)?.below)
            .find(|scope| self.scope(*scope).is_some_and(|scope| scope.params.contains_key(name)))
    }

    pub(super) fn bound(&self, home: usize, binding: Binding<'a>, span: Span) -> Option<Value> {
        let scope = Self::file_scope(home);
        match binding {
            Binding::Let(item) => {
                let wanted = self.type_of(item.ty.as_deref(), home);
                let name = self.text(item.name.span);
                Some(self.memo(scope, name, span, || self.typed(&item.value, scope, &wanted)))
            }
            Binding::Param(param) => {
                let wanted = self.type_of(param.ty.as_deref(), home);
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

    pub(super) fn unset_parameter(&self, name: &str, span: Span) -> Value {
        let message = format!("the environment `{}` does not set `{name}`", self.name);
        let problem = Diagnostic::error(codes::MISSING_FIELD, message).at(span, "required here");
        self.report(problem.help(format!("write `{name} = …` in `environment {}`", self.name)));
        Value::Error
    }

    pub(super) fn type_of(&self, ty: Option<&'a Type>, module: usize) -> Want<'a> {
        ty.map_or(Want::Any, |ty| want::of_type(self, module, ty))
    }

    pub(super) fn typed(&self, expr: &'a Expr, scope: ScopeId, wanted: &Want<'a>) -> Sourced<Value> {
        let value = self.expr(expr, scope, wanted);
        let origin = Origin { span: expr.span, layer: Layer::Base };
        let value = Sourced { value: self.coerce(value, wanted, expr.span), origin };
        self.trace(&value);
        value
    }

    /// A named value, computed once; meeting it while it is computed is a cycle.
    pub(super) fn memo(
        &self,
        scope: ScopeId,
        name: &'a str,
        span: Span,
        compute: impl FnOnce() -> Sourced<Value>,
    ) -> Value {
        let key = (scope, name);
        let error = Sourced { value: Value::Error, origin: Origin { span, layer: Layer::Base } };
        let state = match self.memo.borrow().get(&key) {
            Some(Memo::Done(_, weight, looked)) => {
                self.recall.again(looked);
                Some(Ok(*weight))
            }
            Some(Memo::Running(first)) => Some(Err(*first)),
            None => None,
        };
        match state {
            // Paid before it is copied: values that double would fill the memory.
            Some(Ok(weight)) if !self.spend(weight, span) => return Value::Error,
            Some(Ok(_)) => {
                let memo = self.memo.borrow();
                return match memo.get(&key) {
                    Some(Memo::Done(value, ..)) => value.value.clone(),
                    Some(Memo::Running(_)) | None => Value::Error,
                };
            }
            Some(Err(first)) => return self.value_cycle(name, first, span),
            None => {}
        }
        self.memo.borrow_mut().insert(key, Memo::Running(span));
        let (value, looked) =
            self.recall.while_named(|| self.nested(NAMED_DEPTH, span, error.clone(), compute));
        let weight = budget::weight(&value.value);
        let value = if self.spend(weight, span) { value } else { error };
        self.memo.borrow_mut().insert(key, Memo::Done(value.clone(), weight, looked));
        value.value
    }

    pub(super) fn value_cycle(&self, name: &str, first: Span, span: Span) -> Value {
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
}
