//! What ingresses and the target say that the edge of a cluster has no words for. Must not make objects.

use std::collections::BTreeSet;

use super::edge::{HOSTS, reachable, targets};
use super::gateway::{HEADERS, headers};
use super::limits::TARGET;
use super::scope::Cluster;
use super::{pod, quantity};
use crate::diagnostic::{Diagnostic, codes};
use crate::emit::Emitted;
use crate::model::{Edge, Ingress, Issuer, Route};
use crate::schema::Origins;

const POLICY: &str = "use a policy object of the controller that receives requests";
const ISSUER: &str = "set it on the cluster issuer";
const OWN_WEB_SERVER: &str = "use `edge = gateway` in the target, or a setting of the ingress controller";

/// Fields of an ingress that neither a Gateway nor an Ingress has.
const INGRESS: [(&str, &str); 6] = [
    ("rate_limit", POLICY),
    ("burst", POLICY),
    ("connections", POLICY),
    ("body", POLICY),
    ("gzip", POLICY),
    ("balance", POLICY),
];
/// Fields of a route that neither has.
const ROUTE: [(&str, &str); 8] = [
    ("rate_limit", POLICY),
    ("burst", POLICY),
    ("body", POLICY),
    ("idle", POLICY),
    ("sticky", POLICY),
    ("limited", POLICY),
    ("log", POLICY),
    ("cache", POLICY),
];
/// Fields of a route that only an Ingress lacks.
const ROUTE_OF_INGRESS: [(&str, &str); 3] =
    [("strip", OWN_WEB_SERVER), ("timeout", OWN_WEB_SERVER), ("streaming", OWN_WEB_SERVER)];

/// Reports what the whole environment says and its objects do not; `false` when there can be no edge.
pub(super) fn report<'a>(cluster: &'a Cluster<'a>, out: &mut Emitted) -> bool {
    let target = cluster.target;
    if quantity::version(&target.version).is_none() {
        let message = format!("`version` must be a version like `1.29`, found `{}`", &*target.version);
        let span = target.origins.field("version").span;
        out.diagnostics.push(Diagnostic::error(codes::INVALID_VALUE, message).at(span, "not a version"));
    }
    let stops = cluster.environment.model.services.values().filter_map(|service| service.stop.as_ref());
    let drained = stops.map(|stop| &stop.origins).find(|origins| origins.is_set("drain"));
    if let Some(origins) = drained.filter(|_| !cluster.has(pod::SLEEP_SINCE)) {
        let instead =
            "set `version = \"1.30\"` or newer: older clusters cannot wait before they send the signal";
        out.unsupported(TARGET, "`stop.drain`", origins.field("drain").span, instead);
    }
    if cluster.environment.model.ingresses.is_empty() {
        return false;
    }
    match target.edge {
        Edge::Proxy => {
            let instead = "use `edge = gateway` or `edge = ingress`: the files of the web server are outside of what kustomize may read";
            out.unsupported(TARGET, "`edge = proxy`", target.origins.field("edge").span, instead);
            false
        }
        Edge::Gateway if target.class.is_none() => {
            let message = "`target kubernetes` needs `class` for `edge = gateway`";
            let problem = Diagnostic::error(codes::MISSING_FIELD, message)
                .at(target.origins.block, "no `class` here")
                .help("add `class = \"…\"` with the name of a GatewayClass of the cluster: `kubectl get gatewayclass`");
            out.diagnostics.push(problem);
            false
        }
        Edge::Gateway | Edge::Ingress => {
            let ingresses = cluster.environment.model.ingresses.iter();
            ingresses.for_each(|(name, ingress)| of_ingress(cluster, name, ingress, out));
            reachable(cluster).next().is_some()
        }
    }
}

fn of_ingress<'a>(cluster: &'a Cluster<'a>, name: &str, ingress: &'a Ingress, out: &mut Emitted) {
    let owner = format!("the ingress `{name}`");
    written(&ingress.origins, &INGRESS, &owner, out);
    of_tls(ingress, &owner, out);
    let is_ingress = cluster.target.edge == Edge::Ingress;
    if is_ingress {
        only_of_ingress(ingress, &owner, out);
    } else if headers(ingress).len() > HEADERS {
        let what = format!("more than {HEADERS} response headers of {owner}");
        let instead = "set the others in the program";
        out.unsupported(TARGET, &what, ingress.origins.field("headers").span, instead);
    }
    if ingress.aliases.len() >= HOSTS {
        let what = format!("more than {HOSTS} host names of {owner}");
        let instead = "spread the aliases over several ingresses";
        out.unsupported(TARGET, &what, ingress.origins.field("aliases").span, instead);
    }
    let known: BTreeSet<&str> = targets(cluster, ingress).iter().map(|target| target.path).collect();
    for (path, route) in &ingress.route {
        of_route(path, route, is_ingress, out);
        if !known.contains(&**path) {
            let instead = "point the route at a service that runs in the cluster and listens";
            let what = format!("the route `{path}`");
            out.unsupported(TARGET, &what, route.label.span, instead);
        }
    }
}

fn of_route(path: &str, route: &Route, is_ingress: bool, out: &mut Emitted) {
    let owner = format!("the route `{path}`");
    written(&route.origins, &ROUTE, &owner, out);
    if route.exact && route.strip && !is_ingress {
        let what = format!("`strip` of one path alone of {owner}");
        out.unsupported(
            TARGET,
            &what,
            route.origins.field("strip").span,
            "let the service answer at this path",
        );
    }
    if is_ingress {
        written(&route.origins, &ROUTE_OF_INGRESS, &owner, out);
    } else if (route.websocket || route.streaming) && route.origins.is_set("timeout") {
        let instead = "remove it: the connection lasts as long as it is used";
        let what = format!("`timeout` of a lasting connection of {owner}");
        out.unsupported(TARGET, &what, route.origins.field("timeout").span, instead);
    }
}

fn of_tls(ingress: &Ingress, owner: &str, out: &mut Emitted) {
    let Some(tls) = &ingress.tls else { return };
    written(&tls.origins, &[("policy", POLICY), ("email", ISSUER)], owner, out);
    if tls.issuer == Issuer::Letsencrypt && tls.cluster_issuer.is_none() {
        let instead = "set `tls.cluster_issuer` to an issuer of the cluster: `kubectl get clusterissuer`";
        let what = format!("`issuer = letsencrypt` of {owner} without a cluster issuer");
        out.unsupported(TARGET, &what, tls.origins.field("issuer").span, instead);
    }
}

/// What every answer gets from a Gateway and none from an Ingress without annotations.
fn only_of_ingress(ingress: &Ingress, owner: &str, out: &mut Emitted) {
    let fields =
        [("timeout", OWN_WEB_SERVER), ("headers", OWN_WEB_SERVER), ("content_security", OWN_WEB_SERVER)];
    written(&ingress.origins, &fields, owner, out);
    let Some(tls) = &ingress.tls else { return };
    for (field, is_wanted) in [("redirect", tls.redirect), ("hsts", tls.hsts.0 > 0)] {
        if is_wanted {
            let what = format!("`tls.{field}` of {owner}");
            out.unsupported(TARGET, &what, tls.origins.field(field).span, OWN_WEB_SERVER);
        }
    }
}

/// One report for each of the fields that somebody wrote.
fn written(origins: &Origins, fields: &[(&str, &str)], owner: &str, out: &mut Emitted) {
    for (field, instead) in fields {
        if let Some(span) = origins.written(field) {
            let what = format!("`{field}` of {owner}");
            out.unsupported(TARGET, &what, span, instead);
        }
    }
}
