//! Expressions to values: total, pure, bounded. Names are resolved in `path`; must not know block kinds.

use std::sync::Arc;

use indexmap::IndexMap;

use super::declare::slice;
use super::node::{Assignment, ScopeId};
use super::operate;
use super::want::Want;
use super::world::World;
use crate::diagnostic::{Diagnostic, Edit, codes};
use crate::schema::{Duration, Part, Per, Rate, Ratio, Reference, Size, Sourced, Text, Ty, Value};
use crate::source::Span;
use crate::syntax::ast::{BinaryOperator, Expr, ExprKind, MapKey, StringPart, TypeDefinition};
use crate::syntax::literal;

/// Bytes that one string may reach.
pub(super) const MAX_TEXT: u64 = 64 * 1024;

impl<'a> World<'a> {
    /// The value of an assignment, of the type that its place expects.
    pub(super) fn value(&self, assignment: &Assignment<'a>, want: &Want<'a>) -> Sourced<Value> {
        let value = self.expr(assignment.expr, assignment.scope, want);
        let value = self.coerce(value, want, assignment.expr.span);
        let value = Sourced { value, origin: assignment.origin() };
        self.trace(&value);
        value
    }

    /// The value of an expression; `want` chooses between readings and does not yet check.
    pub(super) fn expr(&self, expr: &'a Expr, scope: ScopeId, want: &Want<'a>) -> Value {
        if !self.spend(1, expr.span) {
            return Value::Error;
        }
        self.nested(1, expr.span, Value::Error, || self.expr_kind(expr, scope, want))
    }

    fn expr_kind(&self, expr: &'a Expr, scope: ScopeId, want: &Want<'a>) -> Value {
        let source = self.text(expr.span);
        match &expr.kind {
            ExprKind::Missing => Value::Error,
            ExprKind::None => Value::None,
            ExprKind::Bool(value) => Value::Bool(*value),
            ExprKind::Int => match literal::int(source) {
                Ok(number) => Value::Int(number),
                Err(_) => {
                    self.fail(codes::INVALID_VALUE, "the number is too large", expr.span, "at most 2^63 - 1")
                }
            },
            ExprKind::Float => match scaled(source, 1000).map(i64::try_from) {
                Ok(Ok(milli)) => Value::Milli(milli),
                Ok(Err(_)) | Err(Unscaled::TooLarge) => {
                    self.fail(codes::INVALID_VALUE, "the number is too large", expr.span, "this number")
                }
                Err(Unscaled::Inexact) => self.fail(
                    codes::INVALID_VALUE,
                    "expected at most three digits after the dot",
                    expr.span,
                    "this number",
                ),
            },
            ExprKind::Quantity => self.quantity(source, want, expr.span),
            ExprKind::Rate => self.rate(source, expr.span),
            ExprKind::Plain => Value::Text(Text::literal(literal::plain(source))),
            ExprKind::Raw => Value::Text(Text::literal(&literal::raw(source))),
            ExprKind::Interpolated(parts) => self.interpolated(parts, scope, expr.span),
            ExprKind::Path(path) => self.path(path, scope, want),
            ExprKind::Call(callee, arguments) => self.call(callee, arguments, scope, want, expr.span),
            ExprKind::List(items) => self.list(items, scope, want),
            ExprKind::Map(entries) => {
                let mut map = IndexMap::new();
                for entry in entries {
                    let key: Arc<str> = match &entry.key {
                        MapKey::Path(path) => self.text(path.span()).into(),
                        MapKey::String(expr) => literal::plain(self.text(expr.span)).into(),
                    };
                    let value = self.expr(&entry.value, scope, &Want::Any);
                    map.insert(key, sourced(value, entry.value.span));
                }
                Value::Map(map)
            }
            ExprKind::Not(inner) => match self.expr(inner, scope, &Want::Ty(Ty::Bool)) {
                Value::Bool(value) => Value::Bool(!value),
                value => self.coerce(value, &Want::Ty(Ty::Bool), inner.span),
            },
            ExprKind::Binary(operator, sides) => self.binary(*operator, &sides.0, &sides.1, scope, want),
            ExprKind::Quantified(quantified) => self.quantified(quantified, scope),
            ExprKind::If(parts) => {
                let (condition, yes, no) = &**parts;
                let choice = self.expr(condition, scope, &Want::Ty(Ty::Bool));
                match self.coerce(choice, &Want::Ty(Ty::Bool), condition.span) {
                    Value::Bool(true) => self.coerce(self.expr(yes, scope, want), want, yes.span),
                    Value::Bool(false) => self.coerce(self.expr(no, scope, want), want, no.span),
                    _ => Value::Error,
                }
            }
        }
    }

    fn list(&self, items: &'a [Expr], scope: ScopeId, want: &Want<'a>) -> Value {
        let inner = element(want);
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            let value = self.expr(item, scope, &inner);
            values.push(sourced(value, item.span));
        }
        Value::List(values)
    }

    fn interpolated(&self, parts: &'a [StringPart], scope: ScopeId, span: Span) -> Value {
        let mut text = Text::default();
        let mut size = 0;
        for part in parts {
            match part {
                StringPart::Text(span) => text.push(Part::Literal(self.text(*span).into())),
                StringPart::Escape(span) => {
                    text.push(Part::Literal(literal::escape(self.text(*span)).into()));
                }
                StringPart::Value(expr) => {
                    let value = self.expr(expr, scope, &Want::Ty(Ty::SecretText));
                    let Value::Text(inner) = self.in_string(value, expr.span) else {
                        return Value::Error;
                    };
                    size += super::budget::text_weight(&inner);
                    inner.0.into_iter().for_each(|part| text.push(part));
                }
            }
            if size > MAX_TEXT / 8 {
                let message = format!("the string has more than {MAX_TEXT} bytes");
                return self.fail(codes::BUDGET_EXCEEDED, message, span, "grows too large");
            }
        }
        if !self.spend(super::budget::text_weight(&text), span) {
            return Value::Error;
        }
        Value::Text(text)
    }

    /// A value inside a string.
    fn in_string(&self, value: Value, span: Span) -> Value {
        match value {
            Value::Reference(Reference::Secret(name)) => Value::Text(Text(vec![Part::Secret(name)])),
            Value::Reference(Reference::Service { name, .. }) => {
                let message = format!("`{name}` is a service; a string needs one of its values");
                let problem = Diagnostic::error(codes::TYPE_MISMATCH, message).at(span, "this is a service");
                let edit = Edit { span: span.end_point(), text: ".url".to_owned() };
                self.report(
                    problem
                        .help(format!("write `{name}.url` or `{name}.host`"))
                        .maybe_fix("append `.url`", vec![edit]),
                );
                Value::Error
            }
            value => self.coerce(value, &Want::Ty(Ty::SecretText), span),
        }
    }

    fn quantity(&self, source: &str, want: &Want<'a>, span: Span) -> Value {
        let (number, unit) = literal::quantity(source);
        let time = |factor| scaled(number, factor).map(|n| Value::Duration(Duration(n)));
        let size = |factor| scaled(number, factor).map(|n| Value::Size(Size(n)));
        let (value, smallest) = match unit {
            "ms" => (time(1), "milliseconds"),
            "s" => (time(1000), "milliseconds"),
            "min" => (time(60_000), "milliseconds"),
            "h" => (time(3_600_000), "milliseconds"),
            "d" => (time(86_400_000), "milliseconds"),
            "%" => (share(number), "hundredths of a percent"),
            "B" => (size(1), "bytes"),
            "KB" => (size(1000), "bytes"),
            "MB" => (size(1_000_000), "bytes"),
            "GB" => (size(1_000_000_000), "bytes"),
            "TB" => (size(1_000_000_000_000), "bytes"),
            "KiB" => (size(1 << 10), "bytes"),
            "MiB" => (size(1 << 20), "bytes"),
            "GiB" => (size(1 << 30), "bytes"),
            "TiB" => (size(1 << 40), "bytes"),
            unit => return self.unknown_unit(number, unit, want, span),
        };
        match value {
            Ok(value) => value,
            Err(Unscaled::Inexact) => {
                let message = format!("`{source}` is no whole number of {smallest}");
                self.fail(codes::INVALID_VALUE, message, span, "has too many digits after the dot")
            }
            Err(Unscaled::TooLarge) => {
                let message = format!("`{source}` is too large");
                self.fail(codes::INVALID_VALUE, message, span, "cannot be counted")
            }
        }
    }

    fn unknown_unit(&self, number: &str, unit: &str, want: &Want<'a>, span: Span) -> Value {
        let want = super::path::wanted(want);
        let units = match want {
            Some(Ty::Duration) => "`ms`, `s`, `min`, `h` or `d`",
            Some(Ty::Size) => "`B`, `KiB`, `MiB`, `GiB`, `TiB`, or `KB`, `MB`, `GB`, `TB`",
            Some(Ty::Ratio) => "`%`",
            Some(Ty::Cpu | Ty::Int(..) | Ty::Port) => "a number without a unit",
            _ => "`ms s min h d` for time, `B KiB MiB GiB TiB` for sizes, `%` for shares",
        };
        let meant = match (want, unit) {
            (Some(Ty::Size), "m" | "M" | "Mi" | "mb" | "Mb" | "mib") => Some(format!("{number}MiB")),
            (Some(Ty::Size), "g" | "G" | "Gi" | "gb" | "Gb") => Some(format!("{number}GiB")),
            (Some(Ty::Size), "k" | "K" | "Ki" | "kb") => Some(format!("{number}KiB")),
            (Some(Ty::Duration), "m" | "mins" | "minutes") => Some(format!("{number}min")),
            (Some(Ty::Duration), "sec" | "secs" | "seconds") => Some(format!("{number}s")),
            (Some(Ty::Cpu), "m") => number.parse().ok().map(super::coerce::decimal),
            _ => None,
        };
        let problem = Diagnostic::error(codes::UNKNOWN_UNIT, format!("`{unit}` is not a unit here"));
        let problem = problem.at(span, format!("expected {units}"));
        self.report(match meant {
            Some(meant) => problem
                .help(format!("did you mean `{meant}`?"))
                .maybe_fix(format!("replace with `{meant}`"), vec![Edit { span, text: meant }]),
            None => problem,
        });
        Value::Error
    }

    fn rate(&self, source: &str, span: Span) -> Value {
        let (count, unit) = source.split_once('/').unwrap_or((source, ""));
        let per = match unit {
            "s" => Per::Second,
            "min" => Per::Minute,
            "h" => Per::Hour,
            "d" => Per::Day,
            unit => {
                let message = format!("`{unit}` is not a unit of time here");
                return self.fail(codes::UNKNOWN_UNIT, message, span, "expected `/s`, `/min`, `/h` or `/d`");
            }
        };
        match literal::int(count).ok().and_then(|count| u32::try_from(count).ok()) {
            Some(count) => Value::Rate(Rate { count, per }),
            None => self.fail(codes::INVALID_VALUE, "the number is too large", span, "this rate"),
        }
    }

    fn binary(
        &self,
        operator: BinaryOperator,
        left: &'a Expr,
        right: &'a Expr,
        scope: ScopeId,
        want: &Want<'a>,
    ) -> Value {
        let truth = Want::Ty(Ty::Bool);
        match operator {
            BinaryOperator::And | BinaryOperator::Or => {
                let short = operator == BinaryOperator::Or;
                match self.coerce(self.expr(left, scope, &truth), &truth, left.span) {
                    Value::Bool(value) if value == short => Value::Bool(short),
                    Value::Bool(_) => self.coerce(self.expr(right, scope, &truth), &truth, right.span),
                    _ => Value::Error,
                }
            }
            BinaryOperator::Coalesce => match self.expr(left, scope, want) {
                Value::None => self.expr(right, scope, want),
                value => value,
            },
            BinaryOperator::Range => self.fail(
                codes::TYPE_MISMATCH,
                "a range stands only after `in`",
                left.span.to(right.span),
                "this range",
            ),
            BinaryOperator::In => {
                let value = self.expr(left, scope, &Want::Any);
                let found = match &right.kind {
                    ExprKind::Binary(BinaryOperator::Range, ends) => {
                        let low = self.expr(&ends.0, scope, &Want::Any);
                        let high = self.expr(&ends.1, scope, &Want::Any);
                        operate::between(&value, &low, &high)
                    }
                    _ => operate::contains(&self.expr(right, scope, &Want::Any), &value),
                };
                self.verdict(found, left, right)
            }
            _ => {
                let (first, second) =
                    (self.expr(left, scope, &Want::Any), self.expr(right, scope, &Want::Any));
                self.verdict(operate::compare(operator, &first, &second), left, right)
            }
        }
    }

    fn verdict(&self, found: Result<bool, String>, left: &Expr, right: &Expr) -> Value {
        match found {
            Ok(value) => Value::Bool(value),
            Err(message) if message.is_empty() => Value::Error,
            Err(message) => {
                self.fail(codes::TYPE_MISMATCH, message, left.span.to(right.span), "this comparison")
            }
        }
    }

    /// Checks the condition of a user's type.
    pub(super) fn narrow(
        &self,
        value: Value,
        definition: &'a TypeDefinition,
        module: usize,
        span: Span,
    ) -> Value {
        let Some(condition) = &definition.constraint else {
            return value;
        };
        if matches!(value, Value::Error | Value::None) {
            return value;
        }
        let name = slice(self.program, definition.name.span);
        self.selves.borrow_mut().push(value.clone());
        let verdict = self.expr(condition, Self::file_scope(module), &Want::Ty(Ty::Bool));
        self.selves.borrow_mut().pop();
        match self.coerce(verdict, &Want::Ty(Ty::Bool), condition.span) {
            Value::Bool(true) => value,
            Value::Bool(false) => {
                let written = self.text(span);
                let short = written.len() <= 40 && !written.contains('\n');
                let shown = if short { format!("`{written}`") } else { super::coerce::found(&value) };
                let message = format!("{shown} is no `{name}`");
                let problem = Diagnostic::error(codes::CONSTRAINT_FAILED, message).at(span, "this value");
                self.report(problem.also(condition.span, "does not satisfy this"));
                Value::Error
            }
            _ => Value::Error,
        }
    }
}

/// A value inside a list or a map.
pub(super) fn sourced(value: Value, span: Span) -> Sourced<Value> {
    Sourced { value, origin: crate::schema::Origin { span, layer: crate::schema::Layer::Base } }
}

/// What the elements of a list expect.
fn element<'a>(want: &Want<'a>) -> Want<'a> {
    match want {
        Want::Ty(Ty::List(item)) => Want::Ty(**item),
        Want::List(item) => (**item).clone(),
        Want::Optional(inner) | Want::Narrowed(inner, ..) => element(inner),
        Want::Any | Want::Ty(_) | Want::Literals(_) => Want::Any,
    }
}

/// Why a number cannot be counted in the smallest unit.
#[derive(Debug, PartialEq, Eq)]
enum Unscaled {
    /// It has a fraction of the smallest unit.
    Inexact,
    /// It is out of range.
    TooLarge,
}

fn share(number: &str) -> Result<Value, Unscaled> {
    let points = u32::try_from(scaled(number, 100)?).map_err(|_| Unscaled::TooLarge)?;
    Ok(Value::Ratio(Ratio(points)))
}

/// A decimal number times a whole factor, when that is exact.
fn scaled(number: &str, factor: u64) -> Result<u64, Unscaled> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let whole: u64 = whole.replace('_', "").parse().map_err(|_| Unscaled::TooLarge)?;
    let value = whole.checked_mul(factor).ok_or(Unscaled::TooLarge)?;
    let fraction = fraction.replace('_', "");
    let part = below_one(fraction.trim_end_matches('0'), factor).ok_or(Unscaled::Inexact)?;
    value.checked_add(part).ok_or(Unscaled::TooLarge)
}

/// The digits after the dot times a whole factor, when that is exact.
fn below_one(digits: &str, factor: u64) -> Option<u64> {
    if digits.is_empty() {
        return Some(0);
    }
    let unit = 10u64.checked_pow(u32::try_from(digits.len()).ok()?)?;
    let part = digits.parse::<u64>().ok()?.checked_mul(factor)?;
    (part % unit == 0).then_some(part / unit)
}

#[cfg(test)]
mod tests {
    use super::{Unscaled, scaled};

    #[test]
    fn decimals_scale_exactly_or_not_at_all() {
        assert_eq!(scaled("0.5", 1000), Ok(500));
        assert_eq!(scaled("1_000", 2), Ok(2000));
        assert_eq!(scaled("1.5", 1 << 30), Ok(1_610_612_736));
        assert_eq!(scaled("0.0001", 1000), Err(Unscaled::Inexact));
        assert_eq!(scaled("99999999999999999999", 1), Err(Unscaled::TooLarge));
    }
}
