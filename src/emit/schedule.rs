//! Cron expressions as the schedule script reads them: every field a list of the numbers that it means. Must not
//! judge an expression: its type has.

use crate::schema::Cron;
use crate::stdlib;

/// Where the script is inside a container.
pub(super) const MOUNTED: &str = "/schedule.sh";

/// The digits of each field, its first and its last number.
const FIELDS: [(usize, u32, u32); 5] = [(2, 0, 59), (2, 0, 23), (2, 1, 31), (2, 1, 12), (1, 0, 6)];

/// The script; the same for every container.
pub(super) fn script() -> Option<&'static str> {
    stdlib::module("std/templates/schedule.sh")
}

/// The operands of the script that stand for an expression: `,00,` or `*`.
pub(super) fn operands(cron: &Cron) -> Vec<String> {
    let parts = cron.split_whitespace().zip(FIELDS);
    parts.map(|(part, (width, low, high))| operand(part, width, low, high)).collect()
}

fn operand(part: &str, width: usize, low: u32, high: u32) -> String {
    if part == "*" {
        return part.to_owned();
    }
    let meant = |number: &u32| part.split(',').any(|item| is_meant(item, *number, low, high));
    let numbers = (low..=high).filter(meant).map(|number| format!("{number:0width$},"));
    format!(",{}", numbers.collect::<String>())
}

fn is_meant(item: &str, number: u32, low: u32, high: u32) -> bool {
    let (range, step) = item.split_once('/').unwrap_or((item, "1"));
    let (from, to) = match range.split_once('-') {
        Some((from, to)) => (from.parse().unwrap_or(low), to.parse().unwrap_or(high)),
        None if range == "*" => (low, high),
        None => range.parse().map_or((low, high), |only| (only, only)),
    };
    (from..=to).contains(&number) && (number - from).is_multiple_of(step.parse().unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_lists_of_numbers() {
        let of = |text| operands(&Cron::parse(text).unwrap());
        assert_eq!(of("0 2 * * *"), [",00,", ",02,", "*", "*", "*"]);
        assert_eq!(
            of("*/20 1-3 1,15 */6 1-5/2"),
            [",00,20,40,", ",01,02,03,", ",01,15,", ",01,07,", ",1,3,5,"]
        );
    }
}
