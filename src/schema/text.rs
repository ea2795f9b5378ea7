//! Strings that may mention services and secrets. They stay symbolic until a target writes them; must not offer
//! a way to print them whole: a secret part has no text.

use std::sync::Arc;

/// A string as parts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text(pub Vec<Part>);

/// A piece of a [`Text`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Characters as they are.
    Literal(Arc<str>),
    /// The DNS name under which a service is reached; each target has its own.
    Host {
        /// The service.
        service: Arc<str>,
        /// From `late(…)`: an address without a start-up dependency.
        late: bool,
    },
    /// A port number of a service; kept as a part because it is an edge too.
    Port {
        /// The service.
        service: Arc<str>,
        /// The number that it listens on.
        number: u16,
        /// From `late(…)`.
        late: bool,
    },
    /// The value of a secret, which the compiler never knows.
    Secret(Arc<str>),
    /// The path of the file that holds a secret inside the container; not itself secret.
    SecretPath(Arc<str>),
}

impl Text {
    /// A string without references.
    pub fn literal(text: &str) -> Self {
        Self(vec![Part::Literal(text.into())])
    }

    /// The characters, when it mentions neither a service nor a secret.
    pub fn as_literal(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Part::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// The names of the secrets whose value it contains.
    pub fn secrets(&self) -> impl Iterator<Item = &Arc<str>> {
        self.0.iter().filter_map(|part| if let Part::Secret(name) = part { Some(name) } else { None })
    }

    /// Whether it contains the value of a secret.
    pub fn is_secret(&self) -> bool {
        self.secrets().next().is_some()
    }

    /// The secret, when the text is nothing but its value.
    pub fn as_secret(&self) -> Option<&Arc<str>> {
        if let [Part::Secret(name)] = self.0.as_slice() { Some(name) } else { None }
    }

    /// The secrets that must be mounted for it: values and paths.
    pub fn mounted_secrets(&self) -> impl Iterator<Item = &Arc<str>> {
        self.0.iter().filter_map(|part| match part {
            Part::Secret(name) | Part::SecretPath(name) => Some(name),
            Part::Literal(_) | Part::Host { .. } | Part::Port { .. } => None,
        })
    }

    /// Appends a part; neighbouring literals become one.
    pub fn push(&mut self, part: Part) {
        if let (Some(Part::Literal(last)), Part::Literal(next)) = (self.0.last_mut(), &part) {
            *last = format!("{last}{next}").into();
            return;
        }
        self.0.push(part);
    }
}

/// A string that mentions neither a service nor a secret: the type of every field that no secret may reach.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Plain(pub Arc<str>);

impl std::ops::Deref for Plain {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Plain {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// A bare word or a string: `deps`, `"node:22-alpine"`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Word(pub Arc<str>);

impl std::ops::Deref for Word {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// A string that may mention services, never secrets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PublicText(pub Text);

impl std::ops::Deref for PublicText {
    type Target = Text;

    fn deref(&self) -> &Text {
        &self.0
    }
}
