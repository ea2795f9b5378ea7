//! How far apart the firings of a schedule are. Must not know what is done then.

use std::collections::BTreeSet;

use crate::schema::{Cron, Duration};

/// Days of a year that is looked at: whole weeks, so that it can follow itself.
const DAYS: u32 = 364;

/// Days of the months.
const MONTHS: [u32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// The shortest and the longest time between two firings.
pub(super) fn gaps(schedule: &Cron) -> Option<(Duration, Duration)> {
    let mut parts = schedule.split(' ');
    let mut field = |low, high| Some(values(parts.next()?, low, high));
    let (minutes, hours) = (field(0, 59)?, field(0, 23)?);
    let (days, months, weekdays) = (field(1, 31)?, field(1, 12)?, field(0, 6)?);
    let times: Vec<u32> =
        hours.iter().flat_map(|hour| minutes.iter().map(move |minute| hour * 60 + minute)).collect();
    // Either of the two fields is enough where both are restricted.
    let (any_day, any_weekday) = (days.len() == 31, weekdays.len() == 7);
    let is_due = |day: u32, date: u32, month: u32| {
        let (date, weekday) = (days.contains(&date), weekdays.contains(&(day % 7)));
        let fits = if any_day || any_weekday { date && weekday } else { date || weekday };
        fits && months.contains(&month)
    };
    let calendar =
        (1..=12).zip(MONTHS).flat_map(|(month, length)| (1..=length).map(move |date| (month, date)));
    let due: Vec<u32> = (0..DAYS)
        .zip(calendar)
        .filter(|(day, (month, date))| is_due(*day, *date, *month))
        .map(|(day, _)| day)
        .collect();
    let firings: Vec<u32> =
        due.iter().flat_map(|day| times.iter().map(move |time| day * 1440 + time)).collect();
    let (first, last) = (firings.first()?, firings.last()?);
    let around = DAYS * 1440 - last + first;
    let between = firings.windows(2).filter_map(|pair| Some(pair.get(1)? - pair.first()?));
    let all: Vec<u32> = between.chain([around]).collect();
    let minutes = |number: &u32| Duration::minutes(u64::from(*number));
    Some((minutes(all.iter().min()?), minutes(all.iter().max()?)))
}

/// The numbers that a field of a schedule stands for.
fn values(field: &str, low: u32, high: u32) -> BTreeSet<u32> {
    let number = |text: &str| text.parse::<u32>().ok();
    let mut all = BTreeSet::new();
    for item in field.split(',') {
        let (range, step) = item.split_once('/').unwrap_or((item, "1"));
        let (from, to) = match range.split_once('-') {
            Some((from, to)) => (number(from).unwrap_or(low), number(to).unwrap_or(high)),
            None => number(range).map_or((low, high), |only| (only, only)),
        };
        all.extend(
            (from..=to).step_by(number(step).and_then(|step| usize::try_from(step).ok()).unwrap_or(1).max(1)),
        );
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(schedule: &str) -> (u64, u64) {
        let (least, most) = gaps(&Cron::parse(schedule).unwrap()).unwrap();
        (least.0 / 60_000, most.0 / 60_000)
    }

    #[test]
    fn gaps_are_found_within_and_between_days() {
        assert_eq!(found("*/5 * * * *"), (5, 5));
        assert_eq!(found("0 3 * * *"), (1440, 1440));
        assert_eq!(found("0 8,12 * * *"), (240, 1200));
        assert_eq!(found("30 2 * * 1"), (7 * 1440, 7 * 1440));
        assert_eq!(found("0 0 1 * *").1, 31 * 1440);
        assert_eq!(found("0 4 * * 1-5"), (1440, 3 * 1440));
    }
}
