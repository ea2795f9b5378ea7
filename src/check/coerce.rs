//! Values against types: the only place that says whether a value fits. Must not evaluate expressions.

use super::want::{Want, describe};
use super::world::World;
use crate::diagnostic::{Code, Diagnostic, Edit, codes};
use crate::schema::{
    Cpu, Cron, FilePath, Host, ImageRef, Part, Reference, Sourced, Text, Ty, UrlPath, UserId, Value,
};
use crate::source::Span;

impl<'a> World<'a> {
    /// The value as the type asks for it; `Value::Error` after a problem, which fits everything.
    pub(super) fn coerce(&self, value: Value, want: &Want<'a>, span: Span) -> Value {
        match (want, value) {
            (_, Value::Error) => Value::Error,
            (Want::Any, value) => value,
            (Want::Optional(_), Value::None) => Value::None,
            (Want::Optional(inner), value) => self.coerce(value, inner, span),
            (Want::Narrowed(inner, definition, module), value) => {
                let value = self.coerce(value, inner, span);
                self.narrow(value, definition, *module, span)
            }
            (Want::List(item), Value::List(values)) => Value::List(
                values
                    .into_iter()
                    .map(|value| {
                        let at = value.origin;
                        Sourced { value: self.coerce(value.value, item, at.span), origin: at }
                    })
                    .collect(),
            ),
            (Want::Literals(words), Value::Text(text))
                if text.as_literal().is_some_and(|text| words.contains(&text)) =>
            {
                Value::Text(text)
            }
            (Want::Ty(ty), value) => self.coerce_ty(value, ty, span),
            (Want::Literals(_) | Want::List(_), value) => self.mismatch(&value, want, span),
        }
    }

    fn coerce_ty(&self, value: Value, ty: &Ty, span: Span) -> Value {
        let want = Want::Ty(*ty);
        match (ty, value) {
            (Ty::Bool, value @ Value::Bool(_))
            | (Ty::Size, value @ Value::Size(_))
            | (Ty::Duration, value @ Value::Duration(_))
            | (Ty::Ratio, value @ Value::Ratio(_))
            | (Ty::Rate, value @ Value::Rate(_))
            | (Ty::Trigger, value @ Value::Trigger(_))
            | (Ty::Map(_), value @ Value::Map(_))
            | (Ty::Service, value @ Value::Reference(Reference::Service { .. }))
            | (Ty::Secret, value @ Value::Reference(Reference::Secret(_)))
            | (Ty::Environment, value @ Value::Reference(Reference::Environment(_)))
            | (Ty::Job, value @ Value::Reference(Reference::Job(_))) => value,
            (Ty::Int(low, high), Value::Int(number)) if (*low..=*high).contains(&number) => {
                Value::Int(number)
            }
            (Ty::Port, Value::Int(number)) if (1..=65535).contains(&number) => Value::Int(number),
            (Ty::Cpu, value @ (Value::Milli(0..) | Value::Int(0..))) => self.processors(value, span),
            (Ty::Choice(words), Value::Choice(word)) => match words.iter().find(|known| **known == word) {
                Some(word) => Value::Choice(word),
                None => self.unknown_word(word, words, span),
            },
            (Ty::Int(low, _), Value::Int(number)) if number < *low => {
                self.invalid(span, format!("expected at least {low}, found {number}"))
            }
            (Ty::Int(_, high), Value::Int(number)) => {
                self.invalid(span, format!("expected at most {high}, found {number}"))
            }
            (Ty::Port, Value::Int(number)) => {
                self.invalid(span, format!("expected a port from 1 to 65535, found {number}"))
            }
            (Ty::Secret, Value::Text(text)) if text.as_literal().is_some() => self.secret_literal(span),
            (Ty::Secret, Value::Text(text)) if text.as_secret().is_some() => text
                .as_secret()
                .map_or(Value::Error, |name| Value::Reference(Reference::Secret(name.clone()))),
            (Ty::List(item), Value::List(values)) => {
                let item = Want::Ty(**item);
                self.coerce(Value::List(values), &Want::List(Box::new(item)), span)
            }
            (Ty::List(item), value) if !matches!(value, Value::None) => self.coerce_ty(value, item, span),
            (Ty::SecretText, value) => self.text_of(value, &want, span, true),
            (Ty::Text, value) => self.text_of(value, &want, span, false),
            (Ty::Plain | Ty::Word, value) => match self.text_of(value, &want, span, false) {
                Value::Text(text) if text.as_literal().is_none() => {
                    self.mismatch_as("a reference to a service", &want, span)
                }
                value => value,
            },
            (ty, Value::Text(text)) => self.parsed(ty, text, span),
            (_, value) => self.mismatch(&value, &want, span),
        }
    }

    fn processors(&self, value: Value, span: Span) -> Value {
        let whole = match &value {
            Value::Int(whole) => *whole,
            Value::Milli(milli) => milli / 1000,
            _ => 0,
        };
        if whole <= Cpu::MAX_WHOLE {
            return value;
        }
        self.invalid(span, format!("expected at most {} processors, found {whole}", Cpu::MAX_WHOLE))
    }

    /// Numbers and switches become strings where a string is wanted: variables are text in every target.
    fn text_of(&self, value: Value, want: &Want<'a>, span: Span, secret: bool) -> Value {
        let value = match value {
            Value::Reference(Reference::Secret(name)) => Value::Text(Text(vec![Part::Secret(name)])),
            value => value,
        };
        match value {
            Value::Text(text) if text.is_secret() && !secret => {
                self.leak(span, &text);
                Value::Error
            }
            Value::Text(text) => Value::Text(text),
            Value::Int(number) => Value::Text(Text::literal(&number.to_string())),
            Value::Milli(milli) => Value::Text(Text::literal(&decimal(milli))),
            Value::Bool(flag) => Value::Text(Text::literal(if flag { "true" } else { "false" })),
            Value::Choice(word) => Value::Text(Text::literal(word)),
            value => self.mismatch(&value, want, span),
        }
    }

    /// Strings whose content must have a form.
    fn parsed(&self, ty: &Ty, text: Text, span: Span) -> Value {
        if text.is_secret() {
            self.leak(span, &text);
            return Value::Error;
        }
        let Some(literal) = text.as_literal() else {
            return self.mismatch(&Value::Text(text), &Want::Ty(*ty), span);
        };
        let problem = match ty {
            Ty::FilePath => FilePath::parse(literal).err(),
            Ty::UrlPath => UrlPath::parse(literal).err(),
            Ty::Host => Host::parse(literal).err(),
            Ty::Cron => Cron::parse(literal).err(),
            Ty::User => UserId::parse(literal).err(),
            Ty::Image => ImageRef::parse(literal).err().map(|error| error.0),
            Ty::Choice(words) => match words.iter().find(|word| **word == literal) {
                Some(word) => return Value::Choice(word),
                None => return self.unknown_word(literal, words, span),
            },
            _ => return self.mismatch(&Value::Text(text), &Want::Ty(*ty), span),
        };
        match problem {
            None => Value::Text(text),
            Some(problem) => self.invalid(span, problem),
        }
    }

    fn unknown_word(&self, word: &str, words: &[&str], span: Span) -> Value {
        let message = format!("`{word}` is none of the words that are known here");
        self.report(super::problem::unknown(codes::INVALID_VALUE, message, span, word, words));
        Value::Error
    }

    fn invalid(&self, span: Span, problem: String) -> Value {
        self.report(Diagnostic::error(codes::INVALID_VALUE, problem).at(span, "this value"));
        Value::Error
    }

    /// A written value where a secret is named; the message must not repeat it.
    fn secret_literal(&self, span: Span) -> Value {
        let problem = Diagnostic::error(codes::SECRET_LITERAL, "expected a secret, found a written value");
        let problem = problem.at(span, "expected `secret.name`");
        self.report(
            problem.help("declare `secret name` and refer to it; its value is set outside of the source"),
        );
        Value::Error
    }

    fn mismatch(&self, value: &Value, want: &Want<'a>, span: Span) -> Value {
        if let Some(unit) = missing_unit(value, want) {
            let written = self.text(span);
            let message = format!("expected {}, found a number without a unit", describe(want));
            let problem = Diagnostic::error(codes::MISSING_UNIT, message).at(span, "needs a unit");
            if !written.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'_')) {
                self.report(problem);
                return Value::Error;
            }
            let problem = problem.help(format!("did you mean `{written}{unit}`?")).maybe_fix(
                format!("replace with `{written}{unit}`"),
                vec![Edit { span, text: format!("{written}{unit}") }],
            );
            self.report(problem);
            return Value::Error;
        }
        self.mismatch_as(&found(value), want, span)
    }

    fn mismatch_as(&self, found: &str, want: &Want<'a>, span: Span) -> Value {
        let message = format!("expected {}, found {found}", describe(want));
        self.report(Diagnostic::error(codes::TYPE_MISMATCH, message).at(span, format!("this is {found}")));
        Value::Error
    }

    /// A problem with a code of its own at this place.
    pub(super) fn fail(
        &self,
        code: &'static Code,
        message: impl Into<String>,
        span: Span,
        label: &str,
    ) -> Value {
        self.report(Diagnostic::error(code, message).at(span, label));
        Value::Error
    }
}

/// The unit that a bare number most likely lacks.
fn missing_unit(value: &Value, want: &Want<'_>) -> Option<&'static str> {
    let ty = match want {
        Want::Ty(ty) => ty,
        Want::Optional(inner) | Want::Narrowed(inner, ..) => return missing_unit(value, inner),
        _ => return None,
    };
    if !matches!(value, Value::Int(_) | Value::Milli(_)) {
        return None;
    }
    match ty {
        Ty::Size => Some("MiB"),
        Ty::Duration => Some("s"),
        Ty::Ratio => Some("%"),
        Ty::Rate => Some("/s"),
        _ => None,
    }
}

/// How a value reads in a message.
pub(super) fn found(value: &Value) -> String {
    let text = match value {
        Value::None => "`none`",
        Value::Bool(_) => "a switch",
        Value::Int(number) => return format!("the number {number}"),
        Value::Milli(_) => "a number",
        Value::Size(_) => "a size",
        Value::Duration(_) => "a duration",
        Value::Ratio(_) => "a share",
        Value::Rate(_) => "a rate",
        Value::Text(text) => match text.as_literal() {
            Some(text) => return format!("the string `{text:?}`"),
            None => "a string with references",
        },
        Value::List(_) => "a list",
        Value::Map(_) => "a map",
        Value::Choice(word) => return format!("the word `{word}`"),
        Value::Reference(Reference::Service { .. }) => "a service",
        Value::Reference(Reference::Environment(_)) => "an environment",
        Value::Reference(Reference::Job(_)) => "a job",
        Value::Reference(Reference::Secret(_)) => "a secret",
        Value::Trigger(_) => "a trigger",
        Value::Error => "an error",
    };
    text.to_owned()
}

/// Thousandths as a decimal number.
pub(super) fn decimal(milli: i64) -> String {
    let (sign, rest) = if milli < 0 { ("-", milli.unsigned_abs()) } else { ("", milli.unsigned_abs()) };
    let digits = format!("{:03}", rest % 1000);
    match digits.trim_end_matches('0') {
        "" => format!("{sign}{}", rest / 1000),
        digits => format!("{sign}{}.{digits}", rest / 1000),
    }
}
