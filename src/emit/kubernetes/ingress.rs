//! An `Ingress` object, without annotations of a controller. Must not use a Gateway.

use super::edge::{Target, cluster_issuer, hosts, is_encrypted, prefix, targets};
use super::gateway::certificate;
use super::naming;
use super::objects::{
    BackendPort, BackendService, HostPaths, HostRule, IngressBackend, IngressPath, IngressSpec, IngressTls,
    Object,
};
use super::scope::Cluster;
use crate::model::Ingress;

/// The Ingress of one ingress.
pub(super) fn ingress<'a>(cluster: &'a Cluster<'a>, name: &str, ingress: &'a Ingress) -> Object<IngressSpec> {
    let mut metadata = cluster.metadata(name, "edge");
    if let Some(issuer) = cluster_issuer(ingress).filter(|_| is_encrypted(ingress)) {
        let key = "cert-manager.io/cluster-issuer".to_owned();
        metadata.annotations.insert(key, issuer.to_owned());
    }
    let hosts: Vec<String> = hosts(ingress).into_iter().map(ToString::to_string).collect();
    let paths: Vec<IngressPath> = targets(cluster, ingress).iter().map(path).collect();
    let rules =
        hosts.iter().map(|host| HostRule { host: host.clone(), http: HostPaths { paths: paths.clone() } });
    Object {
        api_version: "networking.k8s.io/v1",
        kind: "Ingress",
        metadata,
        spec: IngressSpec {
            ingress_class_name: cluster.target.class.as_ref().map(|class| class.0.to_string()),
            rules: rules.collect(),
            tls: if is_encrypted(ingress) {
                vec![IngressTls { hosts: hosts.clone(), secret_name: certificate(name) }]
            } else {
                Vec::new()
            },
        },
    }
}

fn path(target: &Target<'_>) -> IngressPath {
    IngressPath {
        path: prefix(target.path),
        path_type: if target.route.exact { "Exact" } else { "Prefix" },
        backend: IngressBackend {
            service: BackendService {
                name: naming::label(target.service),
                port: BackendPort { number: target.port },
            },
        },
    }
}
