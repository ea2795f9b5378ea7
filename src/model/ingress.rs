//! What the world can reach, and how. Must not spell a web server's directives.

use std::sync::Arc;

use crate::schema::{
    Duration, Host, ImageRef, LabelShape, Labelled, Map, Plain, Port, Rate, Reference, ServiceRef, Size,
    Sourced, UrlPath, Value, choice, kind,
};

kind! {
    /// A door from outside: hosts, encryption and routes to services.
    Ingress = "ingress" LabelShape::Named;
    /// Whether the environment has it.
    enabled: bool = true;
    /// The name under which it is reached.
    host: Host;
    /// Other names that lead to the same place.
    aliases: Vec<Host>;
    /// The proxy service that carries it where the stack brings its own web server.
    through: Option<Sourced<ServiceRef>>;
    /// Encryption; without it only plain HTTP is served, which suits development.
    tls: Option<Tls>;
    /// Where requests go, by path prefix; the longest prefix wins.
    route: Labelled<Route>;
    /// Requests per client address; more are answered with 429.
    rate_limit: Option<Rate> where POSITIVE;
    /// Requests above the rate that are let through at once.
    burst: u32 = 20;
    /// Connections per client address.
    connections: u32 where POSITIVE = 64;
    /// Largest request body.
    body: Size where POSITIVE = Size::mib(1);
    /// Time for an answer of a service.
    timeout: Duration where POSITIVE = Duration::seconds(60);
    /// Compress text on the way out.
    gzip: bool = true;
    /// How requests are shared among the instances of a service.
    balance: Option<Balance>;
    /// Response headers on every answer, besides and instead of the secure defaults.
    headers: Map<Plain>;
    /// Content security policy of the pages.
    content_security: Plain = Plain("default-src 'self'; frame-ancestors 'self'; base-uri 'self'; object-src 'none'".into());
}

kind! {
    /// Encryption of an ingress.
    Tls = "tls" LabelShape::Unlabelled;
    /// Who issues the certificate.
    issuer: Issuer = Issuer::Files;
    /// Name of the cluster issuer, where a cluster issues it.
    cluster_issuer: Option<Plain>;
    /// Mail address for the issuer's warnings.
    email: Option<Plain>;
    /// Mozilla's guideline: `intermediate` (TLS 1.2 and 1.3) or `modern` (TLS 1.3 only).
    policy: TlsPolicy = TlsPolicy::Intermediate;
    /// Send plain HTTP requests to HTTPS.
    redirect: bool = true;
    /// Time for which browsers insist on HTTPS.
    hsts: Duration = Duration::days(730);
}

choice! {
    /// Who issues a certificate.
    Issuer {
        /// Files that somebody puts into the certificates folder.
        Files = "files",
        /// Let's Encrypt, by the ACME protocol.
        Letsencrypt = "letsencrypt",
        /// A load balancer in front of the stack ends encryption.
        External = "external",
    }
}

choice! {
    /// Mozilla's server side TLS guideline.
    TlsPolicy {
        /// TLS 1.2 and 1.3.
        Intermediate = "intermediate",
        /// TLS 1.3 only.
        Modern = "modern",
    }
}

kind! {
    /// Where requests below a path go: `route "/api" -> api.ports.http { rate_limit = 20/s }`.
    Route = "route" LabelShape::Quoted;
    /// Whether the prefix is cut off before the service sees the path.
    strip: bool = false;
    /// Whether connections may be upgraded to websockets.
    websocket: bool = false;
    /// Requests per client address; instead of the ingress's.
    rate_limit: Option<Rate> where POSITIVE;
    /// Requests above the rate that are let through at once.
    burst: Option<u32>;
    /// Largest request body; instead of the ingress's.
    body: Option<Size> where POSITIVE;
    /// Time for an answer; instead of the ingress's.
    timeout: Option<Duration> where POSITIVE;
    /// Time without traffic after which a websocket is closed.
    idle: Duration where POSITIVE = Duration::minutes(60);
    /// Whether answers are passed on as they come.
    streaming: bool = false;
    /// Whether one client always meets the same instance.
    sticky: bool = false;
    /// Whether it is this path alone, without those below it.
    exact: bool = false;
    /// Whether the limits of requests hold; health checks of others may be let through without.
    limited: bool = true;
    /// Whether requests are logged.
    log: bool = true;
    /// Answers that the web server remembers.
    cache: Option<Box<RouteCache>>;
}

kind! {
    /// How requests are shared among instances: `balance least_connections { failures = 3, pause = 30s }`.
    Balance = "balance" LabelShape::Tag(&["round_robin", "least_connections"]);
    /// So many failed requests within `pause` take an instance out.
    failures: u32 = 1;
    /// Time for which an instance that failed gets no requests.
    pause: Duration = Duration::seconds(10);
    /// Connections to each service that each process of the web server keeps open for the next request.
    idle: u32 = 32;
}

kind! {
    /// Answers that the web server remembers: `cache { keep = 365d, immutable = true }`.
    RouteCache = "cache" LabelShape::Unlabelled;
    /// Time for which a good answer counts, where the service does not say it.
    keep: Duration where POSITIVE;
    /// Space for the answers.
    size: Size where POSITIVE = Size::mib(64);
    /// Whether what a path names never changes, so that browsers need not ask again for as long as `keep`.
    immutable: bool = false;
}

kind! {
    /// Marks a service as the web server that carries ingresses.
    Proxy = "proxy" LabelShape::Unlabelled;
    /// Version of the web server, major.minor or major.minor.patch: some directives depend on it.
    version: Plain;
    /// The port for plain HTTP inside the container.
    http: Port = Port(8080);
    /// The port for HTTPS inside the container.
    https: Port = Port(8443);
    /// Folder of the certificates in the container: `<folder>/<host>/fullchain.pem` and `privkey.pem`.
    certificates: UrlPath;
    /// Image of the client that gets certificates by ACME.
    acme: Option<ImageRef>;
    /// Address of the DNS server that finds containers.
    resolver: Option<Plain>;
}

impl Ingress {
    /// Whether encryption ends at what carries it, not in front of the stack.
    pub fn ends_encryption(&self) -> bool {
        self.tls.as_ref().is_some_and(|tls| tls.issuer != Issuer::External)
    }

    /// Whether it answers to a name.
    pub fn serves(&self, host: &str) -> bool {
        let mut names = std::iter::once(&self.host).chain(&self.aliases);
        names.any(|known| match known.strip_prefix("*.") {
            Some(parent) => host.split_once('.').is_some_and(|(_, rest)| rest == parent),
            None => &**known == host,
        })
    }
}

impl Route {
    /// The service that it leads to, and the port of it, if one is named.
    pub fn service(&self) -> Option<(&Arc<str>, Option<&str>)> {
        match &self.to.as_ref()?.value {
            Value::Reference(Reference::Service { name, port }) => Some((name, port.as_deref())),
            _ => None,
        }
    }

    /// Whether it leads to this service.
    pub fn leads_to(&self, service: &str) -> bool {
        self.service().is_some_and(|(name, _)| **name == *service)
    }
}
