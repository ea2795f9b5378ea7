//! Secrets where no secret may be: the message with the way that the secret took. Must not decide what a sink is.

use super::declare::Binding;
use super::node::ScopeId;
use super::world::{Memo, World};
use crate::diagnostic::{Diagnostic, codes};
use crate::schema::{Reference, Text, Value};
use crate::source::Span;

impl World<'_> {
    /// Reports that the text at `span` carries a secret into a place that others can read.
    pub(super) fn leak(&self, span: Span, text: &Text) {
        let names: Vec<String> = text.secrets().map(|name| format!("`{name}`")).collect();
        let place = match self.sink.get() {
            Some((kind, field)) => format!("in `{field}` of `{kind}`"),
            None => "here".to_owned(),
        };
        let message = format!("the secret {} would be readable {place}", names.join(", "));
        let help = match self.sink.get() {
            Some(("build" | "stage", _)) => {
                "whoever can pull the image can read this; mount it for one stage: `secrets = [secret.name]`"
            }
            _ => {
                "hand it over in `env`, where it is a reference; `stackc explain E0501` lists the other places"
            }
        };
        let mut problem =
            Diagnostic::error(codes::SECRET_LEAK, message).at(span, "this value holds the secret").help(help);
        for (hop, place) in self.hops(span).into_iter().enumerate() {
            problem = problem.also(place, format!("{}. it comes from here", hop + 1));
        }
        self.report(problem);
    }

    /// The `let`s that a value at `span` passes through, from the sink to the secret.
    fn hops(&self, span: Span) -> Vec<Span> {
        let mut hops = Vec::new();
        let mut place = span;
        while let Some(next) = self.next_hop(place) {
            if hops.contains(&next) || hops.len() >= 8 {
                break;
            }
            hops.push(next);
            place = next;
        }
        hops
    }

    /// The value of the first name inside `span` that is bound by a `let` and mentions a secret or another name.
    fn next_hop(&self, span: Span) -> Option<Span> {
        let module = self.program.modules.iter().position(|module| module.file.source == span.source)?;
        let words =
            self.text(span).split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-' && c != '.');
        words.filter(|word| !word.is_empty()).find_map(|word| {
            self.local_hop(module, word).or_else(|| match self.declared.lookup(module, word) {
                Some((home, Binding::Let(item))) => {
                    let scope = World::file_scope(home);
                    self.is_secret(scope, item.name.span).then_some(item.value.span)
                }
                _ => None,
            })
        })
    }

    /// The value of a `let` or a parameter of a body in this file, where one of this name holds a secret.
    fn local_hop(&self, module: usize, word: &str) -> Option<Span> {
        let mut here = self.scopes.iter().enumerate().filter(|(_, scope)| scope.module == module);
        here.find_map(|(index, scope)| {
            let (name, value) = match (scope.lets.get(word), scope.params.get(word)) {
                (Some(item), _) => (item.name.span, item.value.span),
                (None, Some(param)) => (param.declaration.name.span, param.value?.expr.span),
                (None, None) => return None,
            };
            self.is_secret(ScopeId(index as u32), name).then_some(value)
        })
    }

    /// Whether a `let` that was evaluated holds a secret.
    fn is_secret(&self, scope: ScopeId, name: Span) -> bool {
        let key = (scope, self.text(name));
        match self.memo.borrow().get(&key) {
            Some(Memo::Done(value, ..)) => match &value.value {
                Value::Text(text) => text.is_secret(),
                Value::Reference(Reference::Secret(_)) => true,
                _ => false,
            },
            Some(Memo::Running(_)) | None => false,
        }
    }
}
