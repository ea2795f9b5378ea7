//! How the API spells sizes, processor time and versions. Must not choose any.

use crate::schema::{Cpu, Size};

const MIB: u64 = 1 << 20;

/// `512Mi`, `20Gi`; bytes when no binary unit divides it.
pub(super) fn size(size: Size) -> String {
    let units = [("Ti", 1u64 << 40), ("Gi", 1 << 30), ("Mi", MIB), ("Ki", 1 << 10)];
    let fits = |unit: u64| size.0 >= unit && size.0.is_multiple_of(unit);
    match units.into_iter().find(|(_, unit)| fits(*unit)) {
        Some((name, unit)) => format!("{}{name}", size.0 / unit),
        None => size.0.to_string(),
    }
}

/// `500m`, `2`.
pub(super) fn cpu(cpu: Cpu) -> String {
    if cpu.0.is_multiple_of(1000) { (cpu.0 / 1000).to_string() } else { format!("{}m", cpu.0) }
}

/// Half of a size, in whole mebibytes where it has some.
pub(super) fn half_size(size: Size) -> Size {
    let half = size.0.div_ceil(2);
    if half < MIB {
        return Size(half);
    }
    Size(half.div_ceil(MIB) * MIB)
}

/// Half of the processor time, never none.
pub(super) fn half_cpu(cpu: Cpu) -> Cpu {
    Cpu(cpu.0.div_ceil(2))
}

/// `1.29` or `v1.29.3` as major and minor; `None` for anything else.
pub(super) fn version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.strip_prefix('v').unwrap_or(text).split('.');
    let major = parts.next()?.parse().ok()?;
    let minor = parts.next()?.parse().ok()?;
    Some((major, minor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_take_the_largest_exact_unit() {
        assert_eq!(size(Size::mib(512)), "512Mi");
        assert_eq!(size(Size::mib(1024)), "1Gi");
        assert_eq!(size(Size::mib(1536)), "1536Mi");
        assert_eq!(size(Size(1000)), "1000");
        assert_eq!(size(half_size(Size::mib(5))), "3Mi");
    }

    #[test]
    fn processor_time_is_whole_or_in_thousandths() {
        assert_eq!(cpu(Cpu(2000)), "2");
        assert_eq!(cpu(Cpu(1500)), "1500m");
        assert_eq!(cpu(half_cpu(Cpu(1))), "1m");
    }

    #[test]
    fn versions_compare_by_number() {
        assert!(version("1.9") < version("1.30"));
        assert_eq!(version("v1.29.3"), Some((1, 29)));
        assert_eq!(version("latest"), None);
    }
}
