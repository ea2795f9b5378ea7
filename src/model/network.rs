//! Addresses of container networks, for those who must choose them. Must not say who is on a network: references do.

use crate::schema::{LabelShape, Plain, kind};

kind! {
    /// Addresses of the networks of a service; the engine chooses those that are left out.
    Network = "network" LabelShape::Unlabelled;
    /// Addresses of the network on which others reach the service: `172.23.0.0/24`.
    subnet: Option<Plain>;
    /// The part of the subnet from which containers get theirs.
    range: Option<Plain>;
    /// Addresses of the network with a way out.
    out: Option<Plain>;
}
