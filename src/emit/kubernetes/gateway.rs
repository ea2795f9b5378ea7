//! `Gateway` and `HTTPRoute` of one ingress. Must not use fields of the experimental channel.

use super::edge::{Target, cluster_issuer, hosts, is_encrypted, prefix, targets};
use super::naming;
use super::objects::{
    AllowedRoutes, BackendRef, CertificateRef, GatewaySpec, Header, HeaderModifier, HttpFilter, HttpMatch,
    HttpRouteSpec, HttpRule, Listener, ListenerTls, Object, ParentRef, PathMatch, Redirect, Rewrite,
    RewritePath, RouteNamespaces, Timeouts,
};
use super::scope::Cluster;
use crate::emit::headers::SECURE;
use crate::model::Ingress;

/// Most rules that one `HTTPRoute` may have.
const RULES: usize = 16;
/// Most headers that one filter may set.
pub(super) const HEADERS: usize = 16;

/// The Gateway: a listener per host and protocol. `class` must exist in the cluster.
pub(super) fn gateway(
    cluster: &Cluster<'_>,
    name: &str,
    ingress: &Ingress,
    class: &str,
) -> Object<GatewaySpec> {
    let mut metadata = cluster.metadata(name, "edge");
    if let Some(issuer) = cluster_issuer(ingress).filter(|_| is_encrypted(ingress)) {
        let key = "cert-manager.io/cluster-issuer".to_owned();
        metadata.annotations.insert(key, issuer.to_owned());
    }
    let mut listeners = Vec::new();
    for (index, host) in hosts(ingress).into_iter().enumerate() {
        listeners.push(listener(index, host, None));
        if is_encrypted(ingress) {
            listeners.push(listener(index, host, Some(certificate(name))));
        }
    }
    Object {
        api_version: "gateway.networking.k8s.io/v1",
        kind: "Gateway",
        metadata,
        spec: GatewaySpec { gateway_class_name: class.to_owned(), listeners },
    }
}

/// The `HTTPRoute`s: one that sends plain HTTP to HTTPS, and as many as the routes need.
pub(super) fn routes<'a>(
    cluster: &'a Cluster<'a>,
    name: &str,
    ingress: &'a Ingress,
) -> Vec<Object<HttpRouteSpec>> {
    let mut routes = Vec::new();
    let redirects = is_encrypted(ingress) && ingress.tls.as_ref().is_some_and(|tls| tls.redirect);
    if redirects {
        let rule = HttpRule { filters: vec![redirect()], ..HttpRule::default() };
        routes.push(route(cluster, name, "redirect", ingress, &["http"], vec![rule]));
    }
    let sections: &[&str] = match (is_encrypted(ingress), redirects) {
        (true, true) => &["https"],
        (true, false) => &["http", "https"],
        (false, _) => &["http"],
    };
    let rules: Vec<HttpRule> = targets(cluster, ingress).iter().map(|target| rule(ingress, target)).collect();
    for (index, rules) in rules.chunks(RULES).enumerate() {
        let suffix = if index == 0 { String::new() } else { (index + 1).to_string() };
        routes.push(route(cluster, name, &suffix, ingress, sections, rules.to_vec()));
    }
    routes
}

/// Name of the Secret with the certificate.
pub(super) fn certificate(ingress: &str) -> String {
    naming::joined(&[ingress, "tls"])
}

/// The response headers: secure defaults, then what the ingress says, which wins.
pub(super) fn headers(ingress: &Ingress) -> Vec<Header> {
    let mut headers: Vec<Header> = SECURE.iter().map(|(name, value)| header(name, value)).collect();
    headers.push(header("Content-Security-Policy", &ingress.content_security));
    if let Some(tls) = ingress.tls.as_ref().filter(|tls| tls.hsts.0 > 0) {
        let value = format!("max-age={}; includeSubDomains", tls.hsts.as_seconds());
        headers.push(header("Strict-Transport-Security", &value));
    }
    for (name, value) in &ingress.headers {
        headers.retain(|known| !known.name.eq_ignore_ascii_case(name));
        headers.push(header(name, value));
    }
    headers
}

fn listener(index: usize, host: &str, certificate: Option<String>) -> Listener {
    let (port, protocol, section) =
        if certificate.is_some() { (443, "HTTPS", "https") } else { (80, "HTTP", "http") };
    Listener {
        name: section_name(section, index),
        hostname: host.to_owned(),
        port,
        protocol,
        tls: certificate.map(|name| ListenerTls {
            mode: "Terminate",
            certificate_refs: vec![CertificateRef { kind: "Secret", name }],
        }),
        allowed_routes: AllowedRoutes { namespaces: RouteNamespaces { from: "Same" } },
    }
}

/// `http`, `http-2`: the listeners of the aliases are numbered.
fn section_name(section: &str, index: usize) -> String {
    if index == 0 { section.to_owned() } else { format!("{section}-{}", index + 1) }
}

fn route(
    cluster: &Cluster<'_>,
    name: &str,
    suffix: &str,
    ingress: &Ingress,
    sections: &[&str],
    rules: Vec<HttpRule>,
) -> Object<HttpRouteSpec> {
    let own = naming::joined(&[name, suffix]);
    let hosts = hosts(ingress);
    let parents = (0..hosts.len()).flat_map(|index| {
        sections.iter().map(move |section| ParentRef {
            name: naming::label(name),
            section_name: section_name(section, index),
        })
    });
    Object {
        api_version: "gateway.networking.k8s.io/v1",
        kind: "HTTPRoute",
        metadata: cluster.metadata(&own, "edge"),
        spec: HttpRouteSpec {
            parent_refs: parents.collect(),
            hostnames: hosts.iter().map(ToString::to_string).collect(),
            rules,
        },
    }
}

fn rule(ingress: &Ingress, target: &Target<'_>) -> HttpRule {
    let mut filters = Vec::new();
    let headers: Vec<Header> = headers(ingress).into_iter().take(HEADERS).collect();
    let (remove, set): (Vec<Header>, Vec<Header>) =
        headers.into_iter().partition(|header| header.value.is_empty());
    filters.push(HttpFilter {
        r#type: "ResponseHeaderModifier",
        response_header_modifier: Some(HeaderModifier {
            set,
            remove: remove.into_iter().map(|header| header.name).collect(),
        }),
        ..HttpFilter::default()
    });
    if target.route.strip && !target.route.exact {
        filters.push(strip());
    }
    let kind = if target.route.exact { "Exact" } else { "PathPrefix" };
    HttpRule {
        matches: vec![HttpMatch { path: PathMatch { r#type: kind, value: prefix(target.path) } }],
        filters,
        backend_refs: vec![BackendRef { name: naming::label(target.service), port: target.port }],
        timeouts: Some(timeouts(ingress, target)),
    }
}

/// A request of a websocket or a stream lasts as long as it is used: no time for a whole answer.
fn timeouts(ingress: &Ingress, target: &Target<'_>) -> Timeouts {
    let lasts = target.route.websocket || target.route.streaming;
    let timeout = target.route.timeout.unwrap_or(ingress.timeout);
    let seconds = if lasts { 0 } else { timeout.as_seconds() };
    Timeouts { request: format!("{seconds}s") }
}

fn redirect() -> HttpFilter {
    HttpFilter {
        r#type: "RequestRedirect",
        request_redirect: Some(Redirect { scheme: "https", status_code: 301 }),
        ..HttpFilter::default()
    }
}

fn strip() -> HttpFilter {
    HttpFilter {
        r#type: "URLRewrite",
        url_rewrite: Some(Rewrite {
            path: RewritePath { r#type: "ReplacePrefixMatch", replace_prefix_match: "/" },
        }),
        ..HttpFilter::default()
    }
}

fn header(name: &str, value: &str) -> Header {
    Header { name: name.to_owned(), value: value.to_owned() }
}
