//! The Compose file as a typed document, keys in the order in which they are printed (compose-spec, and the key
//! order that dclint asks for). Must not compute values.

use indexmap::IndexMap;
use serde::{Serialize, Serializer};

use crate::print::yaml::{Above, Flow, Placed, SingleQuoted, Spaced};

/// A whole file.
#[derive(Serialize)]
pub(super) struct File<'a> {
    pub(super) name: String,
    pub(super) services: Spaced<IndexMap<String, Entry<'a>>>,
    #[serde(skip_serializing_if = "is_empty")]
    pub(super) networks: Spaced<IndexMap<String, Network>>,
    #[serde(skip_serializing_if = "is_empty")]
    pub(super) volumes: Spaced<IndexMap<String, Volume>>,
    #[serde(skip_serializing_if = "is_empty")]
    pub(super) secrets: Spaced<IndexMap<String, Secret>>,
}

/// Whether a section has nothing to say.
fn is_empty<T>(section: &Spaced<IndexMap<String, T>>) -> bool {
    section.0.is_empty()
}

/// A container with its place and its comment.
pub(super) type Entry<'a> = Placed<Spaced<Above<Made<'a>>>>;

/// A container, or how it is made: those of services are made one by one while they are printed, because all of them
/// at once would be most of what a large system takes.
pub(super) enum Made<'a> {
    Now(Box<Service>),
    Late(Box<dyn Fn() -> Service + 'a>),
}

impl Serialize for Made<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Now(container) => container.serialize(serializer),
            Self::Late(make) => make().serialize(serializer),
        }
    }
}

/// A container.
#[derive(Debug, Default, Serialize)]
pub(super) struct Service {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) image: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) build: Option<Build>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(super) depends_on: IndexMap<String, Dependency>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) volumes: Vec<Mount>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) secrets: Vec<String>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(super) environment: IndexMap<String, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) ports: Vec<SingleQuoted>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) networks: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) network_mode: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) command: Option<Flow<Vec<String>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) entrypoint: Option<Flow<Vec<String>>>,
    pub(super) restart: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) healthcheck: Option<Healthcheck>,
    pub(super) logging: Logging,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(super) labels: IndexMap<String, String>,
    pub(super) user: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) cap_add: Vec<String>,
    pub(super) cap_drop: Vec<&'static str>,
    pub(super) deploy: Deploy,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) develop: Option<Develop>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) init: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) profiles: Vec<&'static str>,
    pub(super) read_only: bool,
    pub(super) security_opt: Vec<&'static str>,
    pub(super) stop_grace_period: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) stop_signal: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) tmpfs: Vec<String>,
}

/// How an image is built.
#[derive(Debug, Serialize)]
pub(super) struct Build {
    pub(super) context: String,
    pub(super) dockerfile: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) target: Option<String>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(super) args: IndexMap<String, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) secrets: Vec<String>,
}

/// What a service waits for.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Dependency {
    pub(super) condition: &'static str,
}

/// A mount: short where it is a path, long where it needs more.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Mount {
    Short(String),
    Long(Bind),
}

/// A bind mount that never creates its source: a missing file is an error, not an empty folder.
#[derive(Debug, Serialize)]
pub(super) struct Bind {
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) source: String,
    pub(super) target: String,
    pub(super) read_only: bool,
    #[serde(rename = "bind")]
    pub(super) options: BindOptions,
}

#[derive(Debug, Serialize)]
pub(super) struct BindOptions {
    pub(super) create_host_path: bool,
}

/// How the engine asks a container for its health.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Healthcheck {
    /// By a program of its own.
    Probe(Probe),
    /// Not at all: takes away what the image brings.
    Off {
        /// Always true.
        disable: bool,
    },
}

#[derive(Debug, Serialize)]
pub(super) struct Probe {
    pub(super) test: Flow<Vec<String>>,
    pub(super) interval: String,
    pub(super) timeout: String,
    pub(super) retries: u32,
    pub(super) start_period: String,
}

#[derive(Debug, Default, Serialize)]
pub(super) struct Logging {
    pub(super) driver: &'static str,
    pub(super) options: IndexMap<&'static str, &'static str>,
}

#[derive(Debug, Default, Serialize)]
pub(super) struct Deploy {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) replicas: Option<u32>,
    pub(super) resources: Resources,
}

#[derive(Debug, Default, Serialize)]
pub(super) struct Resources {
    pub(super) limits: Limits,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reservations: Option<Reservations>,
}

#[derive(Debug, Default, Serialize)]
pub(super) struct Limits {
    pub(super) cpus: String,
    pub(super) memory: String,
    pub(super) pids: u32,
}

#[derive(Debug, Default, Serialize)]
pub(super) struct Reservations {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cpus: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) memory: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) devices: Vec<Device>,
}

#[derive(Debug, Serialize)]
pub(super) struct Device {
    pub(super) driver: String,
    pub(super) count: u32,
    pub(super) capabilities: Flow<Vec<&'static str>>,
}

#[derive(Debug, Serialize)]
pub(super) struct Develop {
    pub(super) watch: Vec<Watch>,
}

#[derive(Debug, Serialize)]
pub(super) struct Watch {
    pub(super) action: &'static str,
    pub(super) path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) target: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) ignore: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct Network {
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) internal: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ipam: Option<Ipam>,
}

/// Addresses of a network.
#[derive(Debug, Serialize)]
pub(super) struct Ipam {
    pub(super) config: Vec<Addresses>,
}

#[derive(Debug, Serialize)]
pub(super) struct Addresses {
    pub(super) subnet: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ip_range: Option<String>,
}

/// A named volume; the engine's defaults are what most people want.
#[derive(Debug, Serialize)]
pub(super) struct Volume {}

#[derive(Debug, Serialize)]
pub(super) struct Secret {
    pub(super) file: String,
}
