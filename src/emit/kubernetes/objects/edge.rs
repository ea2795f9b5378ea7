//! Gateway API and Ingress objects. Must not decide anything.

use serde::Serialize;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct GatewaySpec {
    pub gateway_class_name: String,
    pub listeners: Vec<Listener>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Listener {
    pub name: String,
    pub hostname: String,
    pub port: u16,
    pub protocol: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<ListenerTls>,
    pub allowed_routes: AllowedRoutes,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct ListenerTls {
    pub mode: &'static str,
    pub certificate_refs: Vec<CertificateRef>,
}

#[derive(Debug, Serialize)]
pub(in super::super) struct CertificateRef {
    pub kind: &'static str,
    pub name: String,
}

#[derive(Debug, Serialize)]
pub(in super::super) struct AllowedRoutes {
    pub namespaces: RouteNamespaces,
}

#[derive(Debug, Serialize)]
pub(in super::super) struct RouteNamespaces {
    pub from: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct HttpRouteSpec {
    pub parent_refs: Vec<ParentRef>,
    pub hostnames: Vec<String>,
    pub rules: Vec<HttpRule>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct ParentRef {
    pub name: String,
    pub section_name: String,
}

#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct HttpRule {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub matches: Vec<HttpMatch>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<HttpFilter>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub backend_refs: Vec<BackendRef>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeouts: Option<Timeouts>,
}

#[derive(Debug, Clone, Serialize)]
pub(in super::super) struct HttpMatch {
    pub path: PathMatch,
}

#[derive(Debug, Clone, Serialize)]
pub(in super::super) struct PathMatch {
    pub r#type: &'static str,
    pub value: String,
}

#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct HttpFilter {
    pub r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_redirect: Option<Redirect>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url_rewrite: Option<Rewrite>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_header_modifier: Option<HeaderModifier>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Redirect {
    pub scheme: &'static str,
    pub status_code: u16,
}

#[derive(Debug, Clone, Serialize)]
pub(in super::super) struct Rewrite {
    pub path: RewritePath,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct RewritePath {
    pub r#type: &'static str,
    pub replace_prefix_match: &'static str,
}

#[derive(Debug, Clone, Serialize)]
pub(in super::super) struct HeaderModifier {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub set: Vec<Header>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remove: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(in super::super) struct Header {
    pub name: String,
    pub value: String,
}

#[derive(Debug, Clone, Serialize)]
pub(in super::super) struct BackendRef {
    pub name: String,
    pub port: u16,
}

#[derive(Debug, Clone, Serialize)]
pub(in super::super) struct Timeouts {
    pub request: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct IngressSpec {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ingress_class_name: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tls: Vec<IngressTls>,
    pub rules: Vec<HostRule>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct IngressTls {
    pub hosts: Vec<String>,
    pub secret_name: String,
}

#[derive(Debug, Serialize)]
pub(in super::super) struct HostRule {
    pub host: String,
    pub http: HostPaths,
}

#[derive(Debug, Clone, Serialize)]
pub(in super::super) struct HostPaths {
    pub paths: Vec<IngressPath>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct IngressPath {
    pub path: String,
    pub path_type: &'static str,
    pub backend: IngressBackend,
}

#[derive(Debug, Clone, Serialize)]
pub(in super::super) struct IngressBackend {
    pub service: BackendService,
}

#[derive(Debug, Clone, Serialize)]
pub(in super::super) struct BackendService {
    pub name: String,
    pub port: BackendPort,
}

#[derive(Debug, Clone, Serialize)]
pub(in super::super) struct BackendPort {
    pub number: u16,
}
