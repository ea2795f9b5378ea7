//! An ingress as servers: plain HTTP, HTTPS, and refusals for every other name. Must not know a service's content.

use std::sync::Arc;

use super::base::{self, value, word};
use super::route::seconds;
use super::version::Version;
use crate::emit::headers;
use crate::emit::patch::Patches;
use crate::emit::release::{FULL_WEIGHT, release};
use crate::emit::spell::dns;
use crate::model::{Balance, Ingress, Issuer, Proxy, Route};
use crate::plan::EnvironmentPlan;
use crate::print::nginx::{Arg, Directive};
use crate::schema::{Per, Rate};
use crate::text::{NginxValue, Unwritable, VariableName};

/// One ingress on its proxy.
pub(super) struct Door<'a> {
    pub(super) environment: &'a EnvironmentPlan,
    pub(super) ingress: &'a Ingress,
    pub(super) proxy: &'a Proxy,
    pub(super) version: Version,
    /// Ports of the host, for redirects.
    pub(super) public_https: u16,
    /// Whether the proxy carries other ingresses too.
    pub(super) is_shared: bool,
    pub(super) patches: &'a Patches<'a>,
}

/// A group of instances behind one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Upstream {
    name: String,
    host: String,
    port: u16,
    /// Whether the group is declared, or the name is looked up by a variable.
    declared: bool,
    /// Whether a release says where requests go.
    shared: bool,
    /// Directives that choose among the instances.
    choice: Vec<Directive>,
    /// When an instance is left alone.
    limits: Vec<NginxValue>,
    /// Connections that are kept open.
    idle: u32,
}

impl Upstream {
    /// `upstream name { … }`, for versions that look names up again.
    fn block(&self) -> Result<Option<Directive>, Unwritable> {
        if !self.declared {
            return Ok(None);
        }
        let server = NginxValue::verbatim(&format!("{}:{}", self.host, self.port))?;
        let zone = Directive::new("zone", [NginxValue::verbatim(&self.name)?.into(), Arg::Word("64k")]);
        let mut body = vec![zone];
        body.extend(self.choice.iter().cloned());
        let mut args = vec![server.into(), Arg::Word("resolve")];
        if self.shared {
            args.push(NginxValue::verbatim(&format!("weight={FULL_WEIGHT}"))?.into());
        }
        args.extend(self.limits.iter().cloned().map(Arg::from));
        body.push(Directive::new("server", args));
        if self.shared {
            let next = value("include", &format!("/tmp/rollout/{}/*.conf", self.host))?;
            body.push(next.commented("Where requests go while `ops deploy` replaces a version."));
        }
        body.push(Directive::new("keepalive", [Arg::Number(self.idle.into())]));
        if self.idle > 0 {
            let first =
                "Servers close idle connections after 5 s or later; who closes first loses no request.";
            body.push(value("keepalive_timeout", "4s")?.commented(first));
        }
        Ok(Some(Directive::block("upstream", [NginxValue::verbatim(&self.name)?.into()], body)))
    }

    /// `proxy_pass`; a variable makes older versions look the name up at every request.
    pub(super) fn pass(&self) -> Result<Vec<Directive>, Unwritable> {
        let scheme = NginxValue::verbatim("http://")?;
        if self.declared {
            return Ok(vec![Directive::new(
                "proxy_pass",
                [scheme.join(&NginxValue::verbatim(&self.name)?).into()],
            )]);
        }
        let variable = VariableName::new("upstream_address")?;
        let address = NginxValue::verbatim(&format!("{}:{}", self.host, self.port))?;
        Ok(vec![
            Directive::new("set", [Arg::Word("$upstream_address"), address.into()]),
            Directive::new("proxy_pass", [scheme.join(&NginxValue::variable(&variable)).into()]),
        ])
    }
}

impl Door<'_> {
    /// The routes, the longest prefix first, with the service behind each.
    fn routes(&self) -> Vec<(&Arc<str>, &Route, Upstream)> {
        let mut found: Vec<_> = self
            .ingress
            .route
            .iter()
            .filter_map(|(path, route)| Some((path, route, self.upstream(route)?)))
            .collect();
        found.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then(a.0.cmp(b.0)));
        found
    }

    fn upstream(&self, route: &Route) -> Option<Upstream> {
        let (name, port) = route.service()?;
        let service = self.environment.model.services.get(name)?;
        let listeners = service.listeners();
        let (label, number) = match port {
            Some(port) => listeners.iter().find(|(known, _)| **known == *port)?,
            None => listeners.iter().find(|(known, _)| *known == "http").or(listeners.first())?,
        };
        let several = listeners.len() > 1;
        let name = if several { format!("{}_{label}", dns(name)) } else { dns(name) };
        let name = if self.is_shared { format!("{}_{name}", self.ingress.label.value) } else { name };
        let balance = self.ingress.balance.as_ref();
        Some(Upstream {
            choice: self.choice(&name, &service.label.value),
            limits: balance.map(limits).unwrap_or_default(),
            idle: balance.map_or(IDLE, |balance| balance.idle),
            name,
            host: dns(&service.label.value),
            port: *number,
            declared: self.version.has_resolve(),
            shared: matches!(release(self.environment, &service.label.value), Ok(Some(release)) if release.is_told()),
        })
    }

    /// How an instance is chosen; the cookie binds a client to one where a route asks for it.
    fn choice(&self, upstream: &str, service: &str) -> Vec<Directive> {
        let mut found = Vec::new();
        if self.ingress.balance.as_ref().is_some_and(|balance| &*balance.label.value == "least_connections") {
            found.push(Directive::new("least_conn", []));
        }
        let is_bound = |route: &Route| route.sticky && route.leads_to(service);
        if self.version.has_sticky() && self.ingress.route.values().any(is_bound) {
            let secure = if self.ingress.tls.is_some() { " secure" } else { "" };
            let words = format!("cookie {upstream} path=/ httponly samesite=lax{secure}");
            let args = words.split(' ').filter_map(|word| NginxValue::verbatim(word).ok()).map(Arg::from);
            found.push(Directive::new("sticky", args));
        }
        found
    }

    /// The name of the zone that limits a route; none without a limit.
    pub(super) fn zone_of(&self, path: &str, route: &Route) -> Option<String> {
        route.rate_limit.or(self.ingress.rate_limit).filter(|_| route.limited)?;
        let own = route.rate_limit.is_some();
        Some(if own {
            format!("{}{}", self.ingress.label.value, slug(path))
        } else {
            self.ingress.label.value.to_string()
        })
    }

    /// What belongs to `http`: limits, upstreams and the servers.
    pub(super) fn http(&self) -> Result<Vec<Directive>, Unwritable> {
        let routes = self.routes();
        let mut found = self.zones(&routes)?;
        found.extend(self.cache_zones()?);
        let mut upstreams: Vec<&Upstream> = Vec::new();
        for (_, _, upstream) in &routes {
            if !upstreams.contains(&upstream) {
                upstreams.push(upstream);
            }
        }
        upstreams.sort_by(|a, b| a.name.cmp(&b.name));
        for upstream in upstreams {
            found.extend(upstream.block()?);
        }
        found.extend(self.plain(&routes)?);
        if self.ingress.ends_encryption() {
            found.push(self.server(self.encrypted(&routes)?));
        }
        Ok(found)
    }

    fn zones(&self, routes: &[(&Arc<str>, &Route, Upstream)]) -> Result<Vec<Directive>, Unwritable> {
        let mut found: Vec<Directive> = Vec::new();
        let mut names: Vec<String> = Vec::new();
        for (path, route, _) in routes {
            let (Some(zone), Some(rate)) =
                (self.zone_of(path, route), route.rate_limit.or(self.ingress.rate_limit))
            else {
                continue;
            };
            if names.contains(&zone) {
                continue;
            }
            let args = [
                Arg::Word("$binary_remote_addr"),
                NginxValue::verbatim(&format!("zone={zone}:10m"))?.into(),
                NginxValue::verbatim(&format!("rate={}", spell(rate)))?.into(),
            ];
            found.push(Directive::new("limit_req_zone", args));
            names.push(zone);
        }
        let connections =
            NginxValue::verbatim(&format!("zone={}_connections:10m", self.ingress.label.value))?;
        found.push(Directive::new("limit_conn_zone", [Arg::Word("$binary_remote_addr"), connections.into()]));
        if let Some(first) = found.first_mut() {
            *first = first.clone().spaced();
        }
        Ok(found)
    }

    /// The server for plain HTTP: the whole site where no encryption ends here, else a redirect.
    fn plain(&self, routes: &[(&Arc<str>, &Route, Upstream)]) -> Result<Vec<Directive>, Unwritable> {
        let listen = Directive::new("listen", [Arg::Number(self.proxy.http.0.into())]);
        let redirect = self.ingress.tls.as_ref().is_some_and(|tls| tls.redirect);
        if !(redirect && self.ingress.ends_encryption()) {
            let mut body = vec![listen, self.names()?];
            if !self.ingress.ends_encryption() {
                // Browsers meet the load balancer in front, which speaks HTTPS.
                body.extend(self.insistence()?);
            }
            body.extend(self.site(routes)?);
            return Ok(vec![self.server(body)]);
        }
        let port = if self.public_https == 443 { String::new() } else { format!(":{}", self.public_https) };
        let target = NginxValue::verbatim(&format!("https://{}{port}", &*self.ingress.host))?
            .join(&NginxValue::variable(&VariableName::new("request_uri")?));
        let body = vec![
            listen,
            self.names()?,
            Directive::block(
                "location",
                [Arg::Word("/")],
                vec![Directive::new("return", [Arg::Number(301), target.into()])],
            ),
        ];
        Ok(vec![self.server(body)])
    }

    fn server(&self, body: Vec<Directive>) -> Directive {
        Directive::block("server", [], body).placed(self.ingress.label.span)
    }

    fn names(&self) -> Result<Directive, Unwritable> {
        let mut args = vec![Arg::from(NginxValue::verbatim(&self.ingress.host)?)];
        for alias in &self.ingress.aliases {
            args.push(NginxValue::verbatim(alias)?.into());
        }
        Ok(Directive::new("server_name", args))
    }

    fn encrypted(&self, routes: &[(&Arc<str>, &Route, Upstream)]) -> Result<Vec<Directive>, Unwritable> {
        let port = Arg::Number(self.proxy.https.0.into());
        let mut body = if self.version.has_http2_directive() {
            vec![Directive::new("listen", [port, Arg::Word("ssl")]), word("http2", "on")]
        } else {
            vec![Directive::new("listen", [port, Arg::Word("ssl"), Arg::Word("http2")])]
        };
        body.push(self.names()?);
        let folder = format!("{}/{}", self.proxy.certificates, self.ingress.host);
        body.push(value("ssl_certificate", &format!("{folder}/fullchain.pem"))?);
        body.push(value("ssl_certificate_key", &format!("{folder}/privkey.pem"))?);
        body.extend(self.insistence()?);
        body.extend(self.site(routes)?);
        Ok(body)
    }

    /// The header by which browsers insist on encryption.
    fn insistence(&self) -> Result<Option<Directive>, Unwritable> {
        let Some(tls) = &self.ingress.tls else { return Ok(None) };
        let insist = format!("max-age={}; includeSubDomains", tls.hsts.as_seconds());
        Ok(Some(base::header(HSTS, &insist)?.spaced()))
    }

    /// Headers, limits and locations: the same with and without encryption.
    fn site(&self, routes: &[(&Arc<str>, &Route, Upstream)]) -> Result<Vec<Directive>, Unwritable> {
        let mut body = self.headers()?;
        let zone = NginxValue::verbatim(&format!("{}_connections", self.ingress.label.value))?;
        let connections =
            Directive::new("limit_conn", [zone.into(), Arg::Number(self.ingress.connections.into())]);
        body.push(connections.spaced());
        body.push(value("client_max_body_size", &super::route::bytes(self.ingress.body))?);
        for (path, route, upstream) in routes {
            body.extend(self.locations(path, route, upstream)?);
        }
        if !routes.iter().any(|(path, ..)| &***path == "/") {
            let nothing = vec![Directive::new("return", [Arg::Number(404)])];
            body.push(Directive::block("location", [Arg::Word("/")], nothing));
        }
        body.extend(self.patches.directives(&[&self.ingress.label.value], "server"));
        Ok(body)
    }

    /// The headers of every answer, and the same names hidden from answers of services.
    fn headers(&self) -> Result<Vec<Directive>, Unwritable> {
        let mut found = Vec::new();
        for (name, text) in self.all_headers() {
            found.push(base::header(name, text)?);
        }
        found.extend(self.browser_header()?);
        found.extend(self.hidden()?);
        Ok(found)
    }

    /// The secure defaults, with what the source says on top.
    fn all_headers(&self) -> Vec<(&str, &str)> {
        let mut all: Vec<(&str, &str)> = headers::SECURE.to_vec();
        all.push(("Content-Security-Policy", &self.ingress.content_security));
        for (name, text) in &self.ingress.headers {
            match all.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
                Some(known) => known.1 = &text.value,
                None => all.push((name, &text.value)),
            }
        }
        all
    }

    /// One owner for each header: those of services are hidden.
    pub(super) fn hidden(&self) -> Result<Vec<Directive>, Unwritable> {
        let hide = |(name, _): &(&str, &str)| {
            Ok(Directive::new("proxy_hide_header", [NginxValue::verbatim(name)?.into()]))
        };
        let insists = self.ingress.tls.as_ref().map(|_| (HSTS, ""));
        self.all_headers().iter().chain(&insists).map(hide).collect()
    }

    /// Whether certificates come by ACME, which needs a client beside the stack.
    pub(super) fn wants_acme(&self) -> bool {
        self.ingress.tls.as_ref().is_some_and(|tls| tls.issuer == Issuer::Letsencrypt)
    }
}

/// Browsers use encryption from the first answer on (RFC 6797).
const HSTS: &str = "Strict-Transport-Security";

/// Connections that are kept open to a service where nothing else is said.
const IDLE: u32 = 32;

/// When an instance is left alone, and for how long.
fn limits(balance: &Balance) -> Vec<NginxValue> {
    let words =
        [format!("max_fails={}", balance.failures), format!("fail_timeout={}", seconds(balance.pause))];
    words.iter().filter_map(|word| NginxValue::verbatim(word).ok()).collect()
}

/// A path as a part of a name.
pub(super) fn slug(path: &str) -> String {
    path.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

/// A rate as nginx counts: per second or per minute. Slower ones round down to a whole number per minute.
pub(super) fn spell(rate: Rate) -> String {
    match rate.per {
        Per::Second => format!("{}r/s", rate.count),
        Per::Minute => format!("{}r/m", rate.count),
        Per::Hour => format!("{}r/m", (rate.count / 60).max(1)),
        Per::Day => format!("{}r/m", (rate.count / 1440).max(1)),
    }
}

/// Whether nginx can count the rate exactly.
pub(super) fn is_exact(rate: Rate) -> bool {
    match rate.per {
        Per::Second | Per::Minute => true,
        Per::Hour => rate.count.is_multiple_of(60) && rate.count > 0,
        Per::Day => rate.count.is_multiple_of(1440) && rate.count > 0,
    }
}
