//! A route as locations: where requests below a path go and what is passed on. Must not set response headers.

use super::base::{value, word};
use super::edge::{Door, Upstream};
use crate::model::Route;
use crate::print::nginx::{Arg, Directive};
use crate::schema::{Duration, Size};
use crate::text::{NginxValue, Unwritable};

impl Door<'_> {
    /// The locations of a route.
    pub(super) fn locations(
        &self,
        path: &str,
        route: &Route,
        upstream: &Upstream,
    ) -> Result<Vec<Directive>, Unwritable> {
        let is_whole = route.exact || path.ends_with('/');
        let prefix = if is_whole { path.to_owned() } else { format!("{path}/") };
        let mut body = self.limits(path, route)?;
        if !route.log {
            body.insert(0, word("access_log", "off"));
        }
        body.extend(self.cached(path, route)?);
        body.extend(self.pass(&prefix, route, upstream)?);
        let owners: Vec<&str> = std::iter::once(&*self.ingress.label.value)
            .chain(route.service().map(|(name, _)| &**name))
            .collect();
        body.extend(self.patches.directives(&owners, "location"));
        let mut found = Vec::new();
        if prefix != path {
            let target = NginxValue::verbatim(&prefix)?
                .join(&NginxValue::variable(&query()?))
                .join(&NginxValue::variable(&arguments()?));
            let exact = vec![Directive::new("return", [Arg::Number(308), target.into()])];
            found.push(
                Directive::block("location", [Arg::Word("="), NginxValue::verbatim(path)?.into()], exact)
                    .placed(route.label.span),
            );
        }
        let exact = route.exact.then_some(Arg::Word("="));
        let place = exact.into_iter().chain([NginxValue::verbatim(&prefix)?.into()]);
        found.push(Directive::block("location", place, body).placed(route.label.span));
        Ok(found)
    }

    /// What people speak: behind a load balancer that ends encryption it is not what arrives here.
    fn scheme(&self) -> &'static str {
        let ends_before = self.ingress.tls.is_some() && !self.ingress.ends_encryption();
        if ends_before { "X-Forwarded-Proto https" } else { "X-Forwarded-Proto $scheme" }
    }

    fn limits(&self, path: &str, route: &Route) -> Result<Vec<Directive>, Unwritable> {
        let mut found = Vec::new();
        if let Some(zone) = self.zone_of(path, route) {
            let burst = route.burst.unwrap_or(self.ingress.burst);
            let args = [
                NginxValue::verbatim(&format!("zone={zone}"))?.into(),
                NginxValue::verbatim(&format!("burst={burst}"))?.into(),
                Arg::Word("nodelay"),
            ];
            found.push(Directive::new("limit_req", args));
        }
        if let Some(size) = route.body {
            found.push(value("client_max_body_size", &bytes(size))?);
        }
        Ok(found)
    }

    fn pass(&self, prefix: &str, route: &Route, upstream: &Upstream) -> Result<Vec<Directive>, Unwritable> {
        let mut found = Vec::new();
        if route.strip && prefix != "/" {
            let pattern = NginxValue::verbatim(&format!("^{prefix}(.*)$"))?;
            let kept = Directive::new("rewrite", [pattern.into(), Arg::Word("/$1"), Arg::Word("break")]);
            found.push(kept.commented("The service does not know the prefix."));
        }
        found.extend(upstream.pass()?);
        found.push(word("proxy_http_version", "1.1"));
        found.extend([
            // One of the names of this server: others get no answer.
            word("proxy_set_header", "Host $host"),
            word("proxy_set_header", "X-Real-IP $remote_addr"),
            word("proxy_set_header", "X-Forwarded-For $remote_addr"),
            word("proxy_set_header", self.scheme()),
            word("proxy_set_header", "X-Request-Id $request_id"),
        ]);
        if route.strip && prefix != "/" {
            let prefix = NginxValue::verbatim(prefix.trim_end_matches('/'))?;
            found.push(Directive::new("proxy_set_header", [Arg::Word("X-Forwarded-Prefix"), prefix.into()]));
        }
        if route.websocket {
            found.push(word("proxy_set_header", "Upgrade $http_upgrade"));
            found.push(word("proxy_set_header", "Connection $connection_upgrade"));
        } else {
            found.push(word("proxy_set_header", "Connection \"\""));
        }
        found.push(word("proxy_set_header", "Proxy \"\""));
        found.push(word("proxy_connect_timeout", "5s"));
        let timeout = route.timeout.unwrap_or(self.ingress.timeout);
        let wait = if route.websocket { timeout.max(route.idle) } else { timeout };
        found.push(value("proxy_read_timeout", &seconds(wait))?);
        found.push(value("proxy_send_timeout", &seconds(wait))?);
        if route.streaming {
            found.push(word("proxy_buffering", "off"));
        }
        Ok(found)
    }
}

fn query() -> Result<crate::text::VariableName, Unwritable> {
    crate::text::VariableName::new("is_args")
}

fn arguments() -> Result<crate::text::VariableName, Unwritable> {
    crate::text::VariableName::new("args")
}

/// `60s`
pub(super) fn seconds(duration: Duration) -> String {
    format!("{}s", duration.as_seconds())
}

/// `10m`: powers of two; bytes where they do not come out even.
pub(super) fn bytes(size: Size) -> String {
    let units = [("g", 1u64 << 30), ("m", 1 << 20), ("k", 1 << 10)];
    match units.iter().find(|(_, unit)| size.0 >= *unit && size.0.is_multiple_of(*unit)) {
        Some((name, unit)) => format!("{}{name}", size.0 / unit),
        None => size.0.to_string(),
    }
}
