//! `check … else …`: conditions that people state about their own stack. Must not know any condition itself.

use super::node::ScopeId;
use super::want::Want;
use super::world::World;
use crate::diagnostic::{Diagnostic, codes};
use crate::schema::{Part, Text, Ty, Value};
use crate::syntax::ast::Check;

/// Elements that a message about all of them names at most.
const MAX_WITNESSES: usize = 5;

impl<'a> World<'a> {
    /// Reports a condition that does not hold.
    pub(super) fn verify(&self, check: &'a Check, scope: ScopeId) {
        let want = Want::Ty(Ty::Bool);
        self.witnesses.borrow_mut().clear();
        let value = self.expr(&check.condition, scope, &want);
        if !matches!(self.coerce(value, &want, check.condition.span), Value::Bool(false)) {
            return;
        }
        let message = check.message.as_ref().map(|message| self.expr(message, scope, &Want::Ty(Ty::Text)));
        let message = match message {
            Some(Value::Text(text)) => printable(&text),
            _ => "a condition of the stack does not hold".to_owned(),
        };
        let mut problem =
            Diagnostic::error(codes::CHECK_FAILED, message).at(check.condition.span, "this does not hold");
        let owner = self.scope(scope).and_then(|scope| scope.owner.as_ref());
        if let Some(node) = owner.and_then(|(kind, name)| self.entity(kind, name)) {
            if node.label.span.source != check.condition.span.source {
                problem = problem.also(node.label.span, "checked for this block");
            }
        }
        for (name, span) in self.witnesses.borrow().iter().take(MAX_WITNESSES) {
            problem = problem.also(*span, format!("not for `{name}`"));
        }
        self.report(problem);
    }
}

/// A message without values that the compiler does not know.
fn printable(text: &Text) -> String {
    let parts = text.0.iter().map(|part| match part {
        Part::Literal(text) => text.to_string(),
        Part::Host { service, .. } => service.to_string(),
        Part::Port { number, .. } => number.to_string(),
        Part::Secret(name) => format!("«secret {name}»"),
        Part::SecretPath(name) => format!("/run/secrets/{name}"),
    });
    parts.collect()
}
