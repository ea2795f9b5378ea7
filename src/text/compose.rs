//! Strings of Compose files, which interpolates `$` everywhere in values. Must not quote: that is the YAML printer's.

use serde::Serialize;

use super::{Unwritable, VariableName, encoded};

/// A Compose string: literal pieces with `$$` for `$`, and interpolations that are meant.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct ComposeText(String);

encoded!(ComposeText);

impl ComposeText {
    /// Text that Compose reads back as it is.
    pub fn literal(text: &str) -> Self {
        Self(text.replace('$', "$$"))
    }

    /// The value of a variable, or nothing: `${NAME:-}`.
    pub fn optional(name: &VariableName) -> Self {
        Self(format!("${{{name}:-}}"))
    }

    /// The value of a variable, or `default` when it is unset or empty: `${NAME:-default}`.
    pub fn with_default(name: &VariableName, default: &str) -> Result<Self, Unwritable> {
        check_operand("a default inside `${…}`", default)?;
        Ok(Self(format!("${{{name}:-{default}}}")))
    }

    /// The value of a variable; Compose stops with `message` when it is unset or empty: `${NAME:?message}`.
    pub fn required(name: &VariableName, message: &str) -> Result<Self, Unwritable> {
        check_operand("a message inside `${…}`", message)?;
        Ok(Self(format!("${{{name}:?{message}}}")))
    }

    /// Appends another piece.
    pub fn push(&mut self, next: &Self) {
        self.0.push_str(&next.0);
    }
}

/// Braces and `$` inside an interpolation would end or nest it.
fn check_operand(sink: &'static str, text: &str) -> Result<(), Unwritable> {
    Unwritable::check(sink, text, |c| matches!(c, '$' | '{' | '}') || c.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_not_interpolated() {
        assert_eq!(ComposeText::literal("$A ${B} $$").as_str(), "$$A $${B} $$$$");
    }

    #[test]
    fn interpolations_are_asked_for() {
        let name = VariableName::new("TAG").unwrap();
        let mut image = ComposeText::literal("app:");
        image.push(&ComposeText::required(&name, "set TAG").unwrap());
        assert_eq!(image.as_str(), "app:${TAG:?set TAG}");
        assert_eq!(ComposeText::with_default(&name, "1").unwrap().as_str(), "${TAG:-1}");
        assert_eq!(ComposeText::optional(&name).as_str(), "${TAG:-}");
        assert!(ComposeText::required(&name, "a}b").is_err());
        assert!(ComposeText::with_default(&name, "$x").is_err());
    }
}
