//! Pods and containers, hardened by construction. Must not know what runs the pod.

use super::objects::{
    Affinity, AffinityTerm, AntiAffinity, Capabilities, Container, ContainerPort, ContainerSecurityContext,
    Lifecycle, Metadata, PodAffinity, PodSecurityContext, PodSpec, PodTemplate, PreStop, Requirements,
    Seccomp, Selector, Sleep, Spread, Strings, WeightedTerm,
};
use super::probe::Probes;
use super::scope::Unit;
use super::secrets::Secrets;
use super::storage::Mounted;
use super::variables::{Variables, escape, raw};
use super::{config, next, quantity};
use crate::emit::checksum;
use crate::schema::{Cpu, Duration, PublicText, Size, UserId};

/// First minor version in which a sleep before the stop signal is on by default.
pub(super) const SLEEP_SINCE: u32 = 30;
/// First minor version in which user namespaces are on by default.
const USER_NAMESPACES_SINCE: u32 = 33;

/// The pod of a service that serves.
pub(super) fn serving(unit: &Unit<'_>, variables: &Variables) -> PodTemplate {
    let mut mounted = Mounted::own(unit);
    if let Some(secrets) = Secrets::of_service(unit).volume() {
        mounted.push(secrets);
    }
    let mut template = PodTemplate {
        metadata: template_metadata(unit, &unit.dns(), "workload"),
        spec: spec(unit, unit.user()),
    };
    let files = config::file_data(unit);
    if !variables.data.is_empty() || !files.is_empty() {
        let annotations = &mut template.metadata.annotations;
        annotations.insert("checksum/config".to_owned(), config_checksum(&[&variables.data, &files]));
    }
    template.metadata.labels.extend(next::live(unit));
    template.metadata.annotations.extend(metrics(unit));
    template.spec.termination_grace_period_seconds = Some(grace(unit));
    if unit.service.most_instances() > 1 {
        template.spec.affinity = Some(apart(unit.selector()));
        template.spec.topology_spread_constraints = vec![spread(unit.selector())];
    }
    template.spec.containers = vec![server(unit, variables, &mounted)];
    template.spec.volumes = mounted.volumes;
    template
}

/// Pods are replaced when what a `ConfigMap` of theirs holds changes.
fn config_checksum(all: &[&Strings]) -> String {
    let entries = all.iter().copied().flatten();
    let lines: Vec<String> = entries.map(|(name, value)| format!("{name}\0{value}\0")).collect();
    checksum::hex(lines.concat().as_bytes())
}

/// Labels of pods; selectors use a part of them.
pub(super) fn template_metadata(unit: &Unit<'_>, name: &str, component: &str) -> Metadata {
    Metadata { labels: unit.pod_labels(name, component), ..Metadata::default() }
}

/// A pod without containers.
pub(super) fn spec(unit: &Unit<'_>, user: UserId) -> PodSpec {
    PodSpec {
        service_account_name: unit.dns(),
        automount_service_account_token: false,
        enable_service_links: false,
        host_users: unit.cluster.has(USER_NAMESPACES_SINCE).then_some(false),
        restart_policy: None,
        termination_grace_period_seconds: None,
        security_context: PodSecurityContext {
            run_as_non_root: user.uid != 0,
            run_as_user: user.uid,
            run_as_group: user.gid,
            fs_group: user.gid,
            fs_group_change_policy: "OnRootMismatch",
            seccomp_profile: Seccomp { r#type: "RuntimeDefault" },
        },
        affinity: None,
        topology_spread_constraints: Vec::new(),
        init_containers: Vec::new(),
        containers: Vec::new(),
        volumes: Vec::new(),
    }
}

/// A container with nothing but an image, limits and a closed security context.
pub(super) fn container(name: String, image: String, resources: Requirements) -> Container {
    Container {
        name,
        image,
        image_pull_policy: "Always",
        command: Vec::new(),
        args: Vec::new(),
        ports: Vec::new(),
        env: Vec::new(),
        resources,
        startup_probe: None,
        readiness_probe: None,
        liveness_probe: None,
        lifecycle: None,
        security_context: ContainerSecurityContext {
            allow_privilege_escalation: false,
            privileged: false,
            read_only_root_filesystem: true,
            capabilities: Capabilities { drop: vec!["ALL".to_owned()], add: Vec::new() },
        },
        volume_mounts: Vec::new(),
    }
}

/// The container of the service's image as jobs and servers share it: without command, ports and probes.
pub(super) fn of_image(unit: &Unit<'_>, name: String) -> Container {
    let mut container = container(name, unit.image(), resources(unit));
    container.security_context.read_only_root_filesystem = unit.service.read_only;
    let capabilities = unit.service.capabilities.iter();
    container.security_context.capabilities.add = capabilities.map(|name| capability(name)).collect();
    container
}

/// Words of a command; the API replaces `$(NAME)` in them.
pub(super) fn words(words: &[PublicText]) -> Vec<String> {
    words.iter().map(|word| escape(&raw(word))).collect()
}

/// Requests and limits; ephemeral storage covers scratch space and logs.
pub(super) fn requirements(requests: (Cpu, Size, Size), limits: (Cpu, Size, Size)) -> Requirements {
    let strings = |(cpu, memory, scratch): (Cpu, Size, Size)| {
        Strings::from_iter([
            ("cpu".to_owned(), quantity::cpu(cpu)),
            ("memory".to_owned(), quantity::size(memory)),
            ("ephemeral-storage".to_owned(), quantity::size(scratch)),
        ])
    };
    Requirements { requests: strings(requests), limits: strings(limits) }
}

/// A capability as the API spells it: without `CAP_`.
pub(super) fn capability(name: &str) -> String {
    let upper = name.to_ascii_uppercase();
    upper.strip_prefix("CAP_").unwrap_or(&upper).to_owned()
}

/// Time between leaving the load balancer and the stop signal, where the cluster can wait and somebody calls it.
pub(super) fn drain(unit: &Unit<'_>) -> u64 {
    let drain = unit.service.stop.as_ref().map_or(Duration::seconds(5), |stop| stop.drain);
    let waits = unit.cluster.has(SLEEP_SINCE) && !unit.service.listeners().is_empty();
    if waits { drain.as_seconds() } else { 0 }
}

fn server(unit: &Unit<'_>, variables: &Variables, mounted: &Mounted) -> Container {
    let probes = Probes::of(unit);
    let listeners = unit.ports().into_iter();
    let ports = listeners.map(|(name, container_port)| ContainerPort { name, container_port });
    let drain = drain(unit);
    Container {
        command: words(&unit.service.entrypoint),
        args: words(&unit.service.command),
        ports: ports.collect(),
        env: variables.env.clone(),
        startup_probe: probes.startup,
        readiness_probe: probes.readiness,
        liveness_probe: probes.liveness,
        lifecycle: (drain > 0).then_some(Lifecycle { pre_stop: PreStop { sleep: Sleep { seconds: drain } } }),
        volume_mounts: mounted.mounts.clone(),
        ..of_image(unit, unit.dns())
    }
}

fn resources(unit: &Unit<'_>) -> Requirements {
    let service = unit.service;
    let reserve = service.reserve.as_ref();
    let cpu = reserve.and_then(|reserve| reserve.cpu).unwrap_or(quantity::half_cpu(service.cpu));
    let half = quantity::half_size;
    let memory = reserve.and_then(|reserve| reserve.memory).unwrap_or(half(service.memory));
    let requests = (cpu, memory, half(service.scratch));
    let mut all = requirements(requests, (service.cpu, service.memory, service.scratch));
    if let Some(gpu) = &service.gpu {
        let (name, count) = (format!("{}.com/gpu", &*gpu.vendor), gpu.count.to_string());
        all.requests.insert(name.clone(), count.clone());
        all.limits.insert(name, count);
    }
    all
}

fn grace(unit: &Unit<'_>) -> u64 {
    let grace = unit.service.stop.as_ref().map_or(Duration::seconds(30), |stop| stop.grace);
    grace.as_seconds() + drain(unit)
}

/// The annotations by which a metrics collector that discovers pods finds this one.
fn metrics(unit: &Unit<'_>) -> Strings {
    let Some(metrics) = &unit.service.metrics else {
        return Strings::new();
    };
    let Some(port) = unit.port(metrics.port.as_deref()) else {
        return Strings::new();
    };
    Strings::from_iter([
        ("prometheus.io/scrape".to_owned(), "true".to_owned()),
        ("prometheus.io/port".to_owned(), port.to_string()),
        ("prometheus.io/path".to_owned(), metrics.path.to_string()),
    ])
}

const HOST: &str = "kubernetes.io/hostname";

fn apart(pods: Selector) -> Affinity {
    let term = WeightedTerm {
        weight: 100,
        pod_affinity_term: AffinityTerm { topology_key: HOST, label_selector: pods },
    };
    let terms = AntiAffinity { preferred_during_scheduling_ignored_during_execution: vec![term] };
    Affinity { pod_affinity: None, pod_anti_affinity: Some(terms) }
}

/// On the machine of these pods: a claim that one machine at a time may mount is there already.
pub(super) fn beside(pods: Selector) -> Affinity {
    let term = AffinityTerm { topology_key: HOST, label_selector: pods };
    let terms = PodAffinity { required_during_scheduling_ignored_during_execution: vec![term] };
    Affinity { pod_affinity: Some(terms), pod_anti_affinity: None }
}

fn spread(pods: Selector) -> Spread {
    Spread { max_skew: 1, topology_key: HOST, when_unsatisfiable: "ScheduleAnyway", label_selector: pods }
}
