//! Times that variables tell a program, with the unit in their name. Must not judge them.

use crate::schema::Duration;
use crate::source::Span;

use super::place::Place;

/// Ends of such variables, and the milliseconds of their unit.
const UNITS: &[(&str, u64)] =
    &[("_TIMEOUT_MS", 1), ("_TIMEOUT_SECONDS", 1000), ("_TIMEOUT_SECS", 1000), ("_TIMEOUT_S", 1000)];

/// Words of variables about the end of the process itself.
const ENDS: &[&str] = &["SHUTDOWN", "GRACEFUL", "GRACE", "DRAIN", "STOP"];

/// The times, the names of their variables, and where they were written: those that are set, and defaults of those that are not.
pub(super) fn times(place: Place<'_>) -> Vec<(Duration, String, Span)> {
    let service = place.service;
    let set = service
        .env
        .iter()
        .filter_map(|(name, entry)| Some((&**name, entry.value.as_literal()?, entry.origin.span)));
    let unset = service.reads.iter().filter(|(name, _)| !service.env.contains_key(*name));
    let unset = unset.filter_map(|(name, reads)| {
        Some((&**name, &**reads.default.as_ref()?, reads.origins.field("default").span))
    });
    let times = set.chain(unset).filter_map(|(name, value, span)| {
        let (_, unit) = UNITS.iter().find(|(end, _)| name.ends_with(end))?;
        Some((Duration(value.parse::<u64>().ok()?.checked_mul(*unit)?), name.to_owned(), span))
    });
    times.collect()
}

/// Whether a variable is about how the process ends.
pub(super) fn is_end(name: &str) -> bool {
    name.split('_').any(|word| ENDS.contains(&word))
}
