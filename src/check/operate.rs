//! Comparison, counting and joining of values. Pure; an empty error means that an operand was already reported.

use std::cmp::Ordering;

use super::coerce::found;
use crate::schema::{Text, Value};
use crate::syntax::ast::BinaryOperator;

/// `left operator right`
pub(super) fn compare(operator: BinaryOperator, left: &Value, right: &Value) -> Result<bool, String> {
    match operator {
        BinaryOperator::Equal => equal(left, right),
        BinaryOperator::NotEqual => equal(left, right).map(|same| !same),
        BinaryOperator::Less => order(left, right).map(Ordering::is_lt),
        BinaryOperator::LessOrEqual => order(left, right).map(Ordering::is_le),
        BinaryOperator::Greater => order(left, right).map(Ordering::is_gt),
        BinaryOperator::GreaterOrEqual => order(left, right).map(Ordering::is_ge),
        BinaryOperator::Or
        | BinaryOperator::And
        | BinaryOperator::In
        | BinaryOperator::Range
        | BinaryOperator::Coalesce => Err("expected a comparison".to_owned()),
    }
}

/// Whether two values are the same.
pub(super) fn equal(left: &Value, right: &Value) -> Result<bool, String> {
    match (left, right) {
        (Value::Error, _) | (_, Value::Error) => Err(String::new()),
        (Value::None, other) | (other, Value::None) => Ok(matches!(other, Value::None)),
        (Value::Choice(word), Value::Text(text)) | (Value::Text(text), Value::Choice(word)) => {
            Ok(text.as_literal() == Some(*word))
        }
        (Value::Int(_) | Value::Milli(_), Value::Int(_) | Value::Milli(_)) => {
            order(left, right).map(Ordering::is_eq)
        }
        _ if std::mem::discriminant(left) == std::mem::discriminant(right) => Ok(left == right),
        _ => Err(format!("{} and {} cannot be compared", found(left), found(right))),
    }
}

/// Which of two values is larger.
fn order(left: &Value, right: &Value) -> Result<Ordering, String> {
    let milli = |value: &Value| match value {
        Value::Int(number) => number.checked_mul(1000),
        Value::Milli(milli) => Some(*milli),
        _ => None,
    };
    match (left, right) {
        (Value::Error, _) | (_, Value::Error) => Err(String::new()),
        (Value::Int(left), Value::Int(right)) => Ok(left.cmp(right)),
        (Value::Size(left), Value::Size(right)) => Ok(left.cmp(right)),
        (Value::Duration(left), Value::Duration(right)) => Ok(left.cmp(right)),
        (Value::Ratio(left), Value::Ratio(right)) => Ok(left.cmp(right)),
        _ => match (milli(left), milli(right)) {
            (Some(left), Some(right)) => Ok(left.cmp(&right)),
            _ => Err(format!("{} and {} have no order", found(left), found(right))),
        },
    }
}

/// `low <= value <= high`
pub(super) fn between(value: &Value, low: &Value, high: &Value) -> Result<bool, String> {
    Ok(order(value, low)?.is_ge() && order(value, high)?.is_le())
}

/// How many of the unit a quantity is; only whole numbers are an answer.
pub(super) fn count(quantity: &Value, unit: &Value) -> Result<i64, String> {
    let (whole, part) = match (quantity, unit) {
        (Value::Error, _) | (_, Value::Error) => return Err(String::new()),
        (Value::Size(whole), Value::Size(part)) => (whole.0, part.0),
        (Value::Duration(whole), Value::Duration(part)) => (whole.0, part.0),
        _ => return Err(format!("{} cannot be counted in {}", found(quantity), found(unit))),
    };
    let exact = whole.checked_div(part).filter(|_| whole.is_multiple_of(part));
    let number = exact.and_then(|number| i64::try_from(number).ok());
    number.ok_or_else(|| "the quantity is no whole number of the unit".to_owned())
}

/// The strings of a list, with the separator between them.
pub(super) fn join(list: &Value, separator: &Value) -> Result<Text, String> {
    let (items, separator) = match (list, separator) {
        (Value::Error, _) | (_, Value::Error) => return Err(String::new()),
        (Value::List(items), Value::Text(separator)) => (items, separator),
        _ => return Err(format!("{} cannot be joined by {}", found(list), found(separator))),
    };
    let mut joined = Text::default();
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            separator.0.iter().cloned().for_each(|part| joined.push(part));
        }
        match &item.value {
            Value::Text(text) => text.0.iter().cloned().for_each(|part| joined.push(part)),
            Value::Error => return Err(String::new()),
            value => return Err(format!("{} is no string to join", found(value))),
        }
    }
    Ok(joined)
}

/// The keys of a map.
pub(super) fn keys(map: &Value) -> Result<Vec<Text>, String> {
    match map {
        Value::Error => Err(String::new()),
        Value::Map(entries) => Ok(entries.keys().map(|key| Text::literal(key)).collect()),
        value => Err(format!("{} has no keys", found(value))),
    }
}

/// How many items a list or a map has, or how many characters a string.
pub(super) fn length(value: &Value) -> Result<i64, String> {
    let length = match value {
        Value::Error => return Err(String::new()),
        Value::List(items) => items.len(),
        Value::Map(entries) => entries.len(),
        Value::Text(text) => match text.as_literal() {
            Some(text) => text.chars().count(),
            None => return Err("the length of a reference is not known".to_owned()),
        },
        value => return Err(format!("{} has no length", found(value))),
    };
    Ok(i64::try_from(length).unwrap_or(i64::MAX))
}

/// Whether a string starts, or ends, with another one.
pub(super) fn borders(at_start: bool, whole: &Value, piece: &Value) -> Result<bool, String> {
    match (whole, piece) {
        (Value::Error, _) | (_, Value::Error) => Err(String::new()),
        (Value::Text(text), Value::Text(piece)) => match (text.as_literal(), piece.as_literal()) {
            (Some(text), Some(piece)) if at_start => Ok(text.starts_with(piece)),
            (Some(text), Some(piece)) => Ok(text.ends_with(piece)),
            _ => Err("strings with references cannot be compared by their ends".to_owned()),
        },
        _ => Err(format!("{} does not start or end with {}", found(whole), found(piece))),
    }
}

/// Whether a list has the value, a map the key, or a string the piece.
pub(super) fn contains(whole: &Value, piece: &Value) -> Result<bool, String> {
    match (whole, piece) {
        (Value::Error, _) | (_, Value::Error) => Err(String::new()),
        (Value::List(values), piece) => {
            for value in values {
                if equal(&value.value, piece)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        (Value::Map(map), Value::Text(key)) => Ok(key.as_literal().is_some_and(|key| map.contains_key(key))),
        (Value::Text(text), Value::Text(piece)) => match (text.as_literal(), piece.as_literal()) {
            (Some(text), Some(piece)) => Ok(text.contains(piece)),
            _ => Err("strings with references cannot be searched".to_owned()),
        },
        _ => Err(format!("{} cannot hold {}", found(whole), found(piece))),
    }
}

#[cfg(test)]
mod tests {
    use super::super::eval::sourced;
    use super::*;
    use crate::schema::{Duration, Size};

    #[test]
    fn only_whole_numbers_of_a_unit_are_counted() {
        let size = |bytes| Value::Size(Size(bytes));
        assert_eq!(count(&size(4096), &size(1024)), Ok(4));
        assert!(count(&size(1500), &size(1024)).is_err());
        assert!(count(&size(1), &size(0)).is_err());
        let second = Value::Duration(Duration::seconds(1));
        assert_eq!(count(&Value::Duration(Duration::minutes(2)), &second), Ok(120));
        assert!(count(&size(1024), &second).is_err());
    }

    #[test]
    fn only_strings_are_joined() {
        let text = |text: &str| Value::Text(Text::literal(text));
        let list = |values: Vec<Value>| {
            let here = crate::source::Span::default();
            Value::List(values.into_iter().map(|value| sourced(value, here)).collect())
        };
        let joined = join(&list(vec![text("a"), text("b")]), &text(", "));
        assert_eq!(joined.map(|text| text.as_literal().map(ToOwned::to_owned)), Ok(Some("a, b".to_owned())));
        assert_eq!(join(&list(Vec::new()), &text(",")), Ok(Text(Vec::new())));
        assert!(join(&list(vec![Value::Int(1)]), &text(",")).is_err());
        assert!(join(&text("a"), &text(",")).is_err());
    }
}
