//! Variables: plain values in a `ConfigMap`, paths of secret files as they are, and secrets by reference where the
//! service insists on variables. Must not put the content of a secret anywhere.

use super::objects::{EnvSource, EnvVar, KeyRef, Strings};
use super::scope::Unit;
use crate::emit::spell::{self, Spelling};
use crate::plan::{Delivered, Variable};
use crate::schema::{Part, Text};
use crate::text::KubeText;

/// Folder of secret files in every container.
pub(super) const SECRETS: &str = "/run/secrets";

/// The variables of a service and the content of its `ConfigMap`.
#[derive(Debug, Default)]
pub(super) struct Variables {
    /// Content of the `ConfigMap`; no secret in it.
    pub data: Strings,
    /// Entries of the container.
    pub env: Vec<EnvVar>,
}

impl Variables {
    /// What the plan delivers to this service.
    pub(super) fn of(unit: &Unit<'_>) -> Self {
        let mut variables = Self::default();
        for variable in &unit.plan.variables {
            variables.add(unit, variable);
        }
        variables
    }

    fn add(&mut self, unit: &Unit<'_>, variable: &Variable) {
        match &variable.value {
            Delivered::Plain(text) | Delivered::Expand(text) => {
                self.data.insert(variable.name.to_string(), raw(text));
                let key = key_ref(unit.named("config"), &variable.name);
                self.env.push(from(&variable.name, EnvSource::ConfigMapKeyRef(key)));
            }
            Delivered::File(_) | Delivered::Variable(_) => self.env.extend(inline(unit, variable, &[])),
        }
    }
}

/// The entries of one variable without a `ConfigMap`. `taken` are the names that helpers must not use besides the
/// service's own.
pub(super) fn inline(unit: &Unit<'_>, variable: &Variable, taken: &[&str]) -> Vec<EnvVar> {
    match &variable.value {
        Delivered::Plain(text) | Delivered::Expand(text) => vec![value(&variable.name, escape(&raw(text)))],
        Delivered::File(secret) => vec![value(&variable.name, escape(&spell::secret_path(secret)))],
        Delivered::Variable(text) => composed(unit, &variable.name, text, taken),
    }
}

/// A text with secrets as `{file:NAME}`, hosts as DNS names and ports as numbers.
pub(super) fn raw(text: &Text) -> String {
    let spelling = Spelling { literal: &str::to_owned, secret: &spell::marker };
    spelling.text(text)
}

/// A word of a command or an inline value, in which the API would replace `$(NAME)`.
pub(super) fn escape(text: &str) -> String {
    KubeText::literal(text).as_str().to_owned()
}

/// A secret alone is a reference; a text around secrets needs a helper variable for each.
fn composed(unit: &Unit<'_>, name: &str, text: &Text, taken: &[&str]) -> Vec<EnvVar> {
    let object = unit.named("secrets");
    if let Some(secret) = text.as_secret() {
        return vec![from(name, EnvSource::SecretKeyRef(key_ref(object, secret)))];
    }
    let mut entries: Vec<EnvVar> = Vec::new();
    let mut whole = String::new();
    for part in &text.0 {
        let Part::Secret(secret) = part else {
            whole.push_str(&escape(&raw(&Text(vec![part.clone()]))));
            continue;
        };
        let helper = helper_name(unit, secret, taken);
        whole.extend(["$(", &helper, ")"]);
        if entries.iter().all(|entry| entry.name != helper) {
            let key = key_ref(object.clone(), secret);
            entries.push(from(&helper, EnvSource::SecretKeyRef(key)));
        }
    }
    entries.push(value(name, whole));
    entries
}

/// `SECRET_<NAME>`, with more underscores while the service has a variable of that name.
fn helper_name(unit: &Unit<'_>, secret: &str, taken: &[&str]) -> String {
    let upper = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    let mut name = format!("SECRET_{}", secret.chars().map(upper).collect::<String>());
    let is_taken = |name: &str| {
        taken.contains(&name) || unit.plan.variables.iter().any(|variable| &*variable.name == name)
    };
    while is_taken(&name) {
        name.push('_');
    }
    name
}

/// An entry with a value, already escaped.
pub(super) fn value(name: &str, value: String) -> EnvVar {
    EnvVar { name: name.to_owned(), value: Some(value), value_from: None }
}

fn from(name: &str, source: EnvSource) -> EnvVar {
    EnvVar { name: name.to_owned(), value: None, value_from: Some(source) }
}

fn key_ref(name: String, key: &str) -> KeyRef {
    KeyRef { name, key: key.to_owned() }
}
