//! Texts as one target spells them. Every emitter says how it escapes characters and names secrets; must not
//! choose for them.

pub(super) use crate::plan::{dns, secret_path};
use crate::schema::{Part, Text};

/// How a target writes the parts of a text.
pub(super) struct Spelling<'a> {
    /// Characters as they are: escapes what the target would expand.
    pub(super) literal: &'a dyn Fn(&str) -> String,
    /// The value of a secret.
    pub(super) secret: &'a dyn Fn(&str) -> String,
}

/// The marker that the entry script of built images replaces by the content of `/run/secrets/NAME`. The word is
/// `file`, because scanners take `secret:` for a value.
pub(super) fn marker(secret: &str) -> String {
    format!("{{file:{secret}}}")
}

impl Spelling<'_> {
    /// The text as this target writes it.
    pub(super) fn text(&self, text: &Text) -> String {
        let mut out = String::new();
        for part in &text.0 {
            match part {
                Part::Literal(literal) => out.push_str(&(self.literal)(literal)),
                Part::Host { service, .. } => out.push_str(&dns(service)),
                Part::Port { number, .. } => out.push_str(&number.to_string()),
                Part::Secret(name) => out.push_str(&(self.secret)(name)),
                Part::SecretPath(name) => out.push_str(&secret_path(name)),
            }
        }
        out
    }
}
