//! Secrets where no secret may be: the message with the way that the secret took. Must not decide what a sink is.

use super::declare::Binding;
use super::world::{Memo, World};
use crate::diagnostic::{Diagnostic, codes};
use crate::schema::{Reference, Text, Value};
use crate::source::Span;

impl World<'_> {
    /// Reports that the text at `span` carries a secret into a place that others can read.
    pub(super) fn leak(&self, span: Span, text: &Text) {
        let names: Vec<String> = text.secrets().map(|name| format!("`{name}`")).collect();
        let message = format!("the secret {} would be readable here", names.join(", "));
        let mut problem = Diagnostic::error(codes::SECRET_LEAK, message)
            .at(span, "this value holds the secret")
            .help("secrets flow only into `env`, `secrets` and other marked places; `stackc explain E0501` lists them");
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
        words.filter(|word| !word.is_empty()).find_map(|word| match self.declared.lookup(module, word) {
            Some((home, Binding::Let(item))) if self.is_secret(home, item.name.span) => Some(item.value.span),
            _ => None,
        })
    }

    /// Whether a `let` that was evaluated holds a secret.
    fn is_secret(&self, module: usize, name: Span) -> bool {
        let key = (World::file_scope(module), self.text(name));
        match self.memo.borrow().get(&key) {
            Some(Memo::Done(value, _)) => match &value.value {
                Value::Text(text) => text.is_secret(),
                Value::Reference(Reference::Secret(_)) => true,
                _ => false,
            },
            Some(Memo::Running(_)) | None => false,
        }
    }
}
