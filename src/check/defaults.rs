//! Defaults of the schema as values: they are spelled as source text and read back here, for conditions.

use crate::schema::{Duration, Ratio, Size, Text, Ty, Value};
use crate::syntax::literal;

/// The value of a default; `none` for what conditions cannot ask about.
pub(super) fn read(written: &str, ty: Ty) -> Value {
    let quantity = |factors: &[(&str, u64)]| {
        let (number, unit) = literal::quantity(written);
        let factor = factors.iter().find(|(name, _)| *name == unit).map(|(_, factor)| *factor)?;
        number.parse::<u64>().ok()?.checked_mul(factor)
    };
    let value = match ty {
        Ty::Int(..) | Ty::Port => written.parse().ok().map(Value::Int),
        Ty::Bool => Some(Value::Bool(written == "true")),
        Ty::Choice(words) => words.iter().find(|word| **word == written).map(|word| Value::Choice(word)),
        Ty::Cpu => written.parse::<f64>().ok().map(|cores| Value::Milli((cores * 1000.0).round() as i64)),
        Ty::Size => quantity(&[("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)])
            .map(|n| Value::Size(Size(n))),
        Ty::Duration => {
            let units = [("ms", 1), ("s", 1000), ("min", 60_000), ("h", 3_600_000), ("d", 86_400_000)];
            quantity(&units).map(|n| Value::Duration(Duration(n)))
        }
        Ty::Ratio => quantity(&[("%", 100)]).map(|n| Value::Ratio(Ratio(n as u32))),
        _ => written.strip_prefix('"').map(|_| Value::Text(Text::literal(literal::plain(written)))),
    };
    value.unwrap_or(Value::None)
}
