//! Addresses of container networks: declared ones, and slices of the target's own range for all others. Must not
//! decide who is on a network.

use std::fmt;
use std::net::Ipv4Addr;
use std::sync::Arc;

use indexmap::IndexMap;
use sha2::{Digest as _, Sha256};

use crate::diagnostic::Diagnostic;
use crate::model::Environment;
use crate::schema::{Origins, Plain};
use crate::source::Span;

use super::{Network, wrong};

/// Bits of a slice: 62 addresses, and a /16 has a thousand slices.
const SLICE: u8 = 26;

/// A range of addresses: `172.23.0.0/24`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subnet {
    first: u32,
    bits: u8,
}

impl Subnet {
    /// Reads `a.b.c.d/n`; the address must be the first one of the range.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (address, bits) = text.split_once('/')?;
        let first = u32::from(address.parse::<Ipv4Addr>().ok()?);
        let bits = bits.parse().ok().filter(|bits| (8..=30).contains(bits))?;
        let subnet = Self { first, bits };
        first.is_multiple_of(subnet.count()).then_some(subnet)
    }

    fn count(self) -> u32 {
        1 << (32 - self.bits)
    }

    fn holds(self, other: Self) -> bool {
        self.bits <= other.bits && self.overlaps(other)
    }

    fn overlaps(self, other: Self) -> bool {
        let wider = self.count().max(other.count());
        self.first / wider == other.first / wider
    }

    /// The slice that belongs to a name: it depends on nothing else, so that a network keeps its addresses when others
    /// come and go.
    fn slice(self, name: &str) -> Option<Self> {
        let size = 1u32 << (32 - SLICE);
        let digest = Sha256::digest(name);
        let number = digest.iter().take(4).fold(0u32, |number, byte| number << 8 | u32::from(*byte));
        let index = number.checked_rem(self.count() / size)?;
        Some(Self { first: self.first + index * size, bits: SLICE })
    }
}

impl fmt::Display for Subnet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", Ipv4Addr::from(self.first), self.bits)
    }
}

/// Gives the networks their addresses.
pub(super) fn assign(
    environment: &Environment,
    networks: &mut IndexMap<Arc<str>, Network>,
) -> Vec<Diagnostic> {
    let mut assigned = Assigned { networks, taken: Vec::new(), problems: Vec::new() };
    for (name, service) in &environment.services {
        let Some(network) = &service.network else { continue };
        let origins = &network.origins;
        assigned.declared(name, network.subnet.as_ref(), origins.field("subnet").span);
        assigned.declared(&format!("{name}.out"), network.out.as_ref(), origins.field("out").span);
        assigned.range(name, network.range.as_ref(), origins);
    }
    let target = environment.compose();
    if let Some((target, range)) = target.and_then(|target| Some((target, target.subnet.as_ref()?))) {
        assigned.slices(range, target.origins.field("subnet").span);
    }
    assigned.problems
}

struct Assigned<'a> {
    networks: &'a mut IndexMap<Arc<str>, Network>,
    taken: Vec<(Subnet, Span)>,
    problems: Vec<Diagnostic>,
}

impl Assigned<'_> {
    fn declared(&mut self, name: &str, text: Option<&Plain>, span: Span) {
        let Some(subnet) = text.and_then(|text| self.read(text, span)) else { return };
        if let Some((other, place)) = self.taken.iter().find(|(other, _)| other.overlaps(subnet)) {
            let message = format!("the subnets {subnet} and {other} overlap");
            self.problems.push(wrong(message, span, "these addresses").also(*place, "and these"));
            return;
        }
        self.taken.push((subnet, span));
        match self.networks.get_mut(name) {
            Some(network) => network.subnet = Some(subnet),
            None => {
                let message = format!("there is no network `{name}` that could have these addresses");
                self.problems.push(wrong(
                    message,
                    span,
                    "expected a service that others refer to or that reaches out",
                ));
            }
        }
    }

    fn range(&mut self, name: &str, text: Option<&Plain>, origins: &Origins) {
        let span = origins.field("range").span;
        let Some(range) = text.and_then(|text| self.read(text, span)) else { return };
        match self.networks.get_mut(name) {
            Some(network) if network.subnet.is_some_and(|subnet| subnet.holds(range)) => {
                network.range = Some(range);
            }
            _ => {
                let message = format!("the range {range} is no part of the subnet of `{name}`");
                self.problems.push(wrong(message, span, "expected a part of `subnet`"));
            }
        }
    }

    /// Networks without addresses get the slice of their name.
    fn slices(&mut self, text: &Plain, span: Span) {
        let Some(whole) = self.read(text, span) else { return };
        let mut owners: Vec<(Subnet, String)> =
            self.taken.iter().map(|(subnet, _)| (*subnet, "a declared subnet".to_owned())).collect();
        for (name, network) in self.networks.iter_mut().filter(|(_, network)| network.subnet.is_none()) {
            let Some(slice) = whole.slice(name) else {
                let message = format!("{whole} is narrower than the /{SLICE} of one network");
                self.problems.push(wrong(message, span, "expected a wider range, such as a /16"));
                return;
            };
            if let Some((_, other)) = owners.iter().find(|(owned, _)| owned.overlaps(slice)) {
                let message = format!("the network `{name}` would get {slice} of {whole}, which {other} has");
                let help = "choose the addresses of one of them: `network { subnet = \"…\" }` in its service";
                self.problems.push(wrong(message, span, "a wider range makes this rarer").help(help));
            }
            owners.push((slice, format!("`{name}`")));
            network.subnet = Some(slice);
        }
    }

    fn read(&mut self, text: &Plain, span: Span) -> Option<Subnet> {
        let subnet = Subnet::parse(text);
        if subnet.is_none() {
            let message = format!("`{}` is no range of IPv4 addresses", &**text);
            self.problems.push(wrong(
                message,
                span,
                "expected its first address and bits, such as `172.23.0.0/24`",
            ));
        }
        subnet
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subnet(text: &str) -> Subnet {
        Subnet::parse(text).unwrap()
    }

    #[test]
    fn only_first_addresses_of_ranges_are_read() {
        assert_eq!(subnet("172.23.0.0/16").to_string(), "172.23.0.0/16");
        for text in ["172.23.0.1/16", "172.23.0.0", "172.23.0.0/31", "172.23.0/16", "x/16", "0.0.0.0/0"] {
            assert_eq!(Subnet::parse(text), None, "{text}");
        }
    }

    #[test]
    fn ranges_hold_and_overlap_each_other() {
        let wide = subnet("172.22.0.0/16");
        assert!(wide.holds(subnet("172.22.1.0/24")));
        assert!(!subnet("172.22.1.0/24").holds(wide));
        assert!(subnet("172.22.1.0/24").overlaps(wide));
        assert!(!wide.overlaps(subnet("172.23.0.0/16")));
    }

    #[test]
    fn a_slice_follows_from_the_name_alone() {
        let whole = subnet("172.22.0.0/16");
        let slice = whole.slice("postgres").unwrap();
        assert!(whole.holds(slice));
        assert_eq!(whole.slice("postgres"), Some(slice));
        assert_ne!(whole.slice("redis"), Some(slice));
        assert_eq!(subnet("10.0.0.0/27").slice("postgres"), None);
    }
}
