//! Names and times as Prometheus writes them. Must not know documents.

use crate::schema::Duration;

/// `error_rate` is `ErrorRate`: the custom of alert names.
pub(super) fn title(name: &str) -> String {
    let words = name.split(['_', '-']).filter(|word| !word.is_empty());
    words
        .map(|word| {
            word.chars().take(1).flat_map(char::to_uppercase).chain(word.chars().skip(1)).collect::<String>()
        })
        .collect()
}

/// `5m`, `15s`, `500ms`
pub(super) fn time(duration: Duration) -> String {
    let units = [("d", 86_400_000u64), ("h", 3_600_000), ("m", 60_000), ("s", 1000)];
    match units.iter().find(|(_, unit)| duration.0 >= *unit && duration.0.is_multiple_of(*unit)) {
        Some((name, unit)) => format!("{}{name}", duration.0 / unit),
        None => format!("{}ms", duration.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_times_follow_the_custom() {
        assert_eq!(title("error_rate-api"), "ErrorRateApi");
        let times =
            [Duration::minutes(5), Duration::seconds(90), Duration::days(2), Duration(1500)].map(time);
        assert_eq!(times, ["5m", "90s", "2d", "1500ms"]);
    }
}
