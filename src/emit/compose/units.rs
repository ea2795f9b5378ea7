//! Quantities as Compose spells them. Must round only where Compose cannot be exact, and then up.

use crate::schema::{Cpu, Duration, Size};

/// `512M`: Compose counts in powers of two.
pub(super) fn memory(size: Size) -> String {
    let units = [("G", 1u64 << 30), ("M", 1 << 20), ("K", 1 << 10)];
    match units.iter().find(|(_, unit)| size.0 >= *unit && size.0.is_multiple_of(*unit)) {
        Some((name, unit)) => format!("{}{name}", size.0 / unit),
        None => format!("{}b", size.0),
    }
}

/// `0.50`: a string, so that no reader makes a float of it.
pub(super) fn processor(cpu: Cpu) -> String {
    let (whole, milli) = (cpu.0 / 1000, cpu.0 % 1000);
    if milli.is_multiple_of(10) {
        format!("{whole}.{:02}", milli / 10)
    } else {
        format!("{whole}.{milli:03}")
    }
}

/// `1m30s`, `10s`, `500ms`
pub(super) fn time(duration: Duration) -> String {
    let (minutes, seconds, rest) = (duration.0 / 60_000, duration.0 / 1000 % 60, duration.0 % 1000);
    match (minutes, seconds, rest) {
        (0, 0, ms) => format!("{ms}ms"),
        (0, seconds, 0) => format!("{seconds}s"),
        (minutes, 0, 0) => format!("{minutes}m"),
        (minutes, seconds, 0) => format!("{minutes}m{seconds}s"),
        _ => format!("{}ms", duration.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_exact() {
        assert_eq!(memory(Size::mib(512)), "512M");
        assert_eq!(memory(Size(1000)), "1000b");
        assert_eq!(processor(Cpu(500)), "0.50");
        assert_eq!(processor(Cpu(1125)), "1.125");
        assert_eq!(time(Duration::seconds(90)), "1m30s");
        assert_eq!(time(Duration(1500)), "1500ms");
    }
}
