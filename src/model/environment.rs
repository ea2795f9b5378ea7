//! Environments: where a stack runs. Must not hold what differs inside services: overlays are merged before.

use crate::schema::{Cpu, Duration, FieldType, Kind, LabelShape, Plain, Port, Size, Slot, Ty, choice, kind};

kind! {
    /// A place where the stack runs: `environment production from staging { … }`.
    EnvironmentBlock = "environment" LabelShape::Named;
    /// Whether people develop there or others rely on it.
    mode: Mode = Mode::Production;
    /// Version of the images that it runs: a tag.
    release: Plain = Plain("main".into());
    /// Size of the machine, where there is one: what is reserved must fit.
    machine: Option<HostSize>;
    /// How it runs; `target compose { … }` and `target kubernetes { … }` may both stand in one environment.
    target: Targets;
}

choice! {
    /// What an environment is for.
    Mode {
        /// Sources are mounted, images are built locally, ports are open on loopback.
        Development = "development",
        /// Images are pulled, everything is hardened.
        Production = "production",
    }
}

kind! {
    /// Size of a machine.
    HostSize = "machine" LabelShape::Unlabelled;
    /// Processors.
    cpu: Cpu where POSITIVE;
    /// Memory.
    memory: Size where POSITIVE;
}

/// The targets of an environment: each `target` block sets one. The schema of the block depends on its label.
#[derive(Debug, Clone, Default)]
pub struct Targets {
    /// `target compose { … }`
    pub compose: Option<ComposeTarget>,
    /// `target kubernetes { … }`
    pub kubernetes: Option<KubernetesTarget>,
}

impl FieldType for Targets {
    const TY: Ty = Ty::Variants(&[ComposeTarget::SCHEMA, KubernetesTarget::SCHEMA]);
    const OPTIONAL: bool = true;

    fn from_slot(slot: Slot) -> Option<Self> {
        let mut targets = Self::default();
        let Slot::Blocks(records) = slot else {
            return Some(targets);
        };
        for record in records {
            match record.schema.keyword {
                "compose" => targets.compose = Some(ComposeTarget::from_record(record)?),
                "kubernetes" => targets.kubernetes = Some(KubernetesTarget::from_record(record)?),
                _ => return None,
            }
        }
        Some(targets)
    }
}

kind! {
    /// Docker Compose on one machine.
    ComposeTarget = "compose" LabelShape::Unlabelled;
    /// Project name; the stack's name and the environment's when left out.
    project: Option<Plain> where SLUG;
    /// Host address of published ports that are not the ingress's.
    bind: Plain = Plain("127.0.0.1".into());
    /// Host port of plain HTTP for the ingress.
    http: Port = Port(80);
    /// Host port of HTTPS for the ingress.
    https: Port = Port(443);
    /// Host address of the ingress.
    public: Plain = Plain("0.0.0.0".into());
    /// Range of addresses from which networks get theirs, a /26 each by its name: `172.22.0.0/16`; the
    /// engine's own when left out.
    subnet: Option<Plain>;
}

impl ComposeTarget {
    /// Whether its ports for the ingress are open to others than the machine itself.
    pub fn is_public(&self) -> bool {
        let address = self.public.trim_matches(['[', ']']);
        address.parse::<std::net::IpAddr>().map_or(address != "localhost", |address| !address.is_loopback())
    }
}

choice! {
    /// What receives requests in a cluster.
    Edge {
        /// Gateway API: `Gateway` and `HTTPRoute`.
        Gateway = "gateway",
        /// An `Ingress` object, without controller annotations.
        Ingress = "ingress",
        /// The stack's own web server.
        Proxy = "proxy",
    }
}

choice! {
    /// Pod security standard of the namespace.
    PodSecurity {
        /// Nothing beyond what most applications need.
        Restricted = "restricted",
        /// Only known escalations are forbidden.
        Baseline = "baseline",
    }
}

kind! {
    /// A Kubernetes cluster.
    KubernetesTarget = "kubernetes" LabelShape::Unlabelled;
    /// Namespace; the stack's name and the environment's when left out.
    namespace: Option<Plain>;
    /// What receives requests.
    edge: Edge = Edge::Gateway;
    /// Gateway class or ingress class; it must exist in the cluster.
    class: Option<Plain>;
    /// Namespace of the pods that receive requests, for network policies.
    edge_namespace: Option<Plain>;
    /// Where secrets come from; made by hand when left out.
    store: Option<SecretStore>;
    /// Pod security standard.
    pod_security: PodSecurity = PodSecurity::Restricted;
    /// Oldest version of the cluster, such as `1.29`.
    version: Plain = Plain("1.29".into());
    /// Namespace of the pods that read metrics, for network policies.
    metrics_namespace: Option<Plain>;
}

kind! {
    /// An external secret store, read by the External Secrets operator.
    SecretStore = "store" LabelShape::Unlabelled;
    /// Name of the store object.
    name: Plain;
    /// Whether it is one for the whole cluster.
    cluster: bool = true;
    /// Time between two readings.
    refresh: Duration = Duration::minutes(60);
}
