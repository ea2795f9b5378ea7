//! Strings of workflow files, in which `${{ … }}` is an expression. Must not be used inside `run`, where an expression
//! would be pasted into a script: values go through `env`.

use std::fmt;

use serde::{Serialize, Serializer};

use super::Unwritable;

/// Where a value of an expression comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Context {
    /// `github`: the event and the repository.
    Github,
    /// `env`: variables of the workflow.
    Env,
    /// `vars`: configuration variables.
    Vars,
    /// `secrets`.
    Secrets,
    /// `steps`: outputs of earlier steps.
    Steps,
    /// `needs`: outputs of earlier jobs.
    Needs,
    /// `matrix`.
    Matrix,
    /// `inputs`.
    Inputs,
    /// `runner`.
    Runner,
}

impl Context {
    fn name(self) -> &'static str {
        match self {
            Self::Github => "github",
            Self::Env => "env",
            Self::Vars => "vars",
            Self::Secrets => "secrets",
            Self::Steps => "steps",
            Self::Needs => "needs",
            Self::Matrix => "matrix",
            Self::Inputs => "inputs",
            Self::Runner => "runner",
        }
    }
}

/// What stands between `${{` and `}}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expression(String);

impl Expression {
    /// A value of a context: `steps.build.outputs.digest`.
    pub fn new(context: Context, path: &[&str]) -> Result<Self, Unwritable> {
        let mut text = context.name().to_owned();
        for &name in path {
            let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
            if !starts_well || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
            {
                return Err(Unwritable::Name {
                    sink: "a name of a workflow expression",
                    name: name.to_owned(),
                });
            }
            text.push('.');
            text.push_str(name);
        }
        Ok(Self(text))
    }

    /// An expression of the compiler's own, without any text of the user: `always() && !cancelled()`.
    pub fn fixed(expression: &'static str) -> Self {
        Self(expression.to_owned())
    }

    /// The expression without `${{ }}`, for `if`.
    pub fn as_condition(&self) -> &str {
        &self.0
    }
}

/// A workflow string: literal pieces, and expressions that are meant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkflowText(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Expression(Expression),
}

impl WorkflowText {
    /// Text that a job gets as it is.
    pub fn literal(text: &str) -> Self {
        Self(vec![Piece::Literal(text.to_owned())])
    }

    /// The value of an expression.
    pub fn expression(expression: Expression) -> Self {
        Self(vec![Piece::Expression(expression)])
    }

    /// Appends another text. Neighbouring literals become one before they are encoded: `$` and `{{` make no expression.
    pub fn push(&mut self, next: Self) {
        for piece in next.0 {
            match (self.0.last_mut(), piece) {
                (Some(Piece::Literal(last)), Piece::Literal(text)) => last.push_str(&text),
                (_, piece) => self.0.push(piece),
            }
        }
    }
}

impl fmt::Display for WorkflowText {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in &self.0 {
            match piece {
                Piece::Literal(text) => out.write_str(&text.replace("${{", "${{ '${{' }}"))?,
                Piece::Expression(expression) => write!(out, "${{{{ {} }}}}", expression.0)?,
            }
        }
        Ok(())
    }
}

impl Serialize for WorkflowText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_not_expressions() {
        assert_eq!(WorkflowText::literal("$x ${y} {{ z }}").to_string(), "$x ${y} {{ z }}");
        assert_eq!(WorkflowText::literal("${{ a }}").to_string(), "${{ '${{' }} a }}");
        let mut text = WorkflowText::literal("$");
        text.push(WorkflowText::literal("{{ secrets.A }}"));
        assert_eq!(text.to_string(), "${{ '${{' }} secrets.A }}");
    }

    #[test]
    fn expressions_are_asked_for() {
        let digest = Expression::new(Context::Steps, &["build", "outputs", "digest"]).unwrap();
        let mut image = WorkflowText::literal("app@");
        image.push(WorkflowText::expression(digest));
        assert_eq!(image.to_string(), "app@${{ steps.build.outputs.digest }}");
        assert!(Expression::new(Context::Secrets, &["A }} ${{ github.token"]).is_err());
        assert!(Expression::new(Context::Needs, &[""]).is_err());
        assert_eq!(Expression::fixed("always()").as_condition(), "always()");
    }
}
