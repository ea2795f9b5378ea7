//! Network policies: nothing is allowed but the edges of the plan. Must not allow a port that nobody declared.

use indexmap::IndexMap;

use super::needs::{Door, Needs};
use super::objects::{
    EgressRule, IngressRule, IpBlock, NetworkPolicySpec, Object, Peer, PolicyPort, Selector, Strings,
};
use super::scope::{Cluster, Unit};
use crate::print::yaml::Above;

/// Where object storage listens.
const HTTPS: u16 = 443;

type Policy = Object<NetworkPolicySpec>;

/// Address ranges that are not the internet: private, shared, loopback, link-local.
const NOT_PUBLIC_V4: [&str; 6] =
    ["10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"];
const NOT_PUBLIC_V6: [&str; 3] = ["::1/128", "fc00::/7", "fe80::/10"];

/// For all pods of the namespace: nothing in, nothing out, but names can be looked up.
pub(super) fn of_namespace(cluster: &Cluster<'_>) -> [Policy; 2] {
    let deny = spec(Selector::default(), Vec::new(), Vec::new(), &["Ingress", "Egress"]);
    let dns = EgressRule {
        to: vec![Peer {
            namespace_selector: Some(namespace("kube-system")),
            pod_selector: Some(labelled("k8s-app", "kube-dns")),
            ip_block: None,
        }],
        ports: vec![port("UDP", 53), port("TCP", 53)],
    };
    let dns = vec![Above::new("the cluster's name server", dns)];
    let names = spec(Selector::default(), Vec::new(), dns, &["Egress"]);
    [policy(cluster, "default-deny", deny), policy(cluster, "allow-dns", names)]
}

/// What one service needs: its own pods, the pods of its jobs, and those of its backup.
pub(super) fn of_service(unit: &Unit<'_>, needs: &Needs) -> Vec<Policy> {
    let mut policies = Vec::new();
    let (ingress, egress) = (ingress(unit, needs), egress(unit, needs));
    let serving = spec(unit.selector(), ingress, egress.clone(), &["Ingress", "Egress"]);
    policies.push(policy(unit.cluster, &unit.dns(), serving));
    if let [_, jobs @ ..] = &*unit.pod_names()
        && !jobs.is_empty()
    {
        let mut egress = egress;
        let own = needs.of_own_jobs(unit.name);
        egress.extend((!own.is_empty()).then(|| to_service(unit.cluster, unit.name, own)));
        let jobs = spec(unit.cluster.pods(jobs), Vec::new(), egress, &["Ingress", "Egress"]);
        policies.push(policy(unit.cluster, &unit.named("jobs"), jobs));
    }
    if unit.backup().is_some() {
        let name = unit.named("backup");
        let mut rules: Vec<Above<EgressRule>> =
            needs.of_backup(unit.name).map(|(to, ports)| to_service(unit.cluster, to, ports)).collect();
        if unit.offsite().is_some() {
            rules.extend(outside(&IndexMap::from([(HTTPS, vec!["object storage"])])));
        }
        let pods = unit.cluster.pods(std::slice::from_ref(&name));
        let backup = spec(pods, Vec::new(), rules, &["Ingress", "Egress"]);
        policies.push(policy(unit.cluster, &name, backup));
    }
    policies
}

fn ingress(unit: &Unit<'_>, needs: &Needs) -> Vec<Above<IngressRule>> {
    needs
        .doors(unit)
        .into_iter()
        .map(|(door, ports)| {
            let ports = ports.into_iter().map(|number| port("TCP", number)).collect();
            let (comment, from) = door_peer(unit.cluster, door);
            Above::new(comment, IngressRule { from: vec![from], ports })
        })
        .collect()
}

fn door_peer(cluster: &Cluster<'_>, door: Door) -> (String, Peer) {
    match door {
        Door::Pods(service, pods) => (service, in_namespace(cluster.pods(&pods))),
        Door::Edge => match &cluster.target.edge_namespace {
            Some(name) => ("requests from outside".to_owned(), from_namespace(namespace(name))),
            None => (
                "requests from outside: from any namespace, because `edge_namespace` does not say where the edge runs"
                    .to_owned(),
                from_namespace(Selector::default()),
            ),
        },
        Door::Metrics(name) => ("readers of metrics".to_owned(), from_namespace(namespace(&name))),
    }
}

fn egress(unit: &Unit<'_>, needs: &Needs) -> Vec<Above<EgressRule>> {
    let mut rules: Vec<Above<EgressRule>> =
        needs.of(unit.name).map(|(to, ports)| to_service(unit.cluster, to, ports)).collect();
    let mut hosts: IndexMap<u16, Vec<&str>> = IndexMap::new();
    for (host, egress) in &unit.service.egress {
        hosts.entry(egress.port.0).or_default().push(host);
    }
    rules.extend(outside(&hosts));
    rules
}

fn to_service(cluster: &Cluster<'_>, to: &str, ports: &[u16]) -> Above<EgressRule> {
    let pods = cluster.unit(to).map(|unit| unit.selector());
    let rule = EgressRule {
        to: vec![in_namespace(pods.unwrap_or_default())],
        ports: ports.iter().map(|number| port("TCP", *number)).collect(),
    };
    Above::new(to, rule)
}

/// The internet, by port: a policy knows no host names, so they stand in a comment.
fn outside(hosts: &IndexMap<u16, Vec<&str>>) -> Vec<Above<EgressRule>> {
    let rule = |number: u16| EgressRule {
        to: vec![block("0.0.0.0/0", &NOT_PUBLIC_V4), block("::/0", &NOT_PUBLIC_V6)],
        ports: vec![port("TCP", number)],
    };
    hosts.iter().map(|(number, names)| Above::new(names.join(", "), rule(*number))).collect()
}

fn policy(cluster: &Cluster<'_>, name: &str, spec: NetworkPolicySpec) -> Policy {
    Object {
        api_version: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        metadata: cluster.metadata(name, "base"),
        spec,
    }
}

fn spec(
    pod_selector: Selector,
    ingress: Vec<Above<IngressRule>>,
    egress: Vec<Above<EgressRule>>,
    types: &[&'static str],
) -> NetworkPolicySpec {
    NetworkPolicySpec { pod_selector, policy_types: types.to_vec(), ingress, egress }
}

fn block(cidr: &'static str, except: &[&'static str]) -> Peer {
    Peer { ip_block: Some(IpBlock { cidr, except: except.to_vec() }), ..Peer::default() }
}

fn in_namespace(pods: Selector) -> Peer {
    Peer { pod_selector: Some(pods), ..Peer::default() }
}

fn from_namespace(namespaces: Selector) -> Peer {
    Peer { namespace_selector: Some(namespaces), ..Peer::default() }
}

fn namespace(name: &str) -> Selector {
    labelled("kubernetes.io/metadata.name", name)
}

fn labelled(key: &str, value: &str) -> Selector {
    Selector {
        match_labels: Strings::from_iter([(key.to_owned(), value.to_owned())]),
        match_expressions: Vec::new(),
    }
}

fn port(protocol: &'static str, port: u16) -> PolicyPort {
    PolicyPort { protocol, port }
}
