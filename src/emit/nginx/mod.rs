//! nginx: the configuration of the proxy that carries ingresses, and of images that serve files. Directives fit the
//! version that runs them. Must not sanitise text: values are encoded by their type.

mod base;
mod cache;
mod edge;
mod fields;
mod route;
mod site;
mod tls;
mod version;

use super::patch::Patches;
use super::release::LOOKUP_SECONDS;
use super::{Emitted, Emitter, Fields, HEADER, names};
use crate::diagnostic::{Diagnostic, codes};
use crate::model::{Ingress, Proxy, Service};
use crate::plan::{EnvironmentPlan, Plan};
use crate::print::nginx::{self as print, Arg, Directive};
use crate::schema::Size;
use crate::source::Span;
use crate::text::{NginxValue, Unwritable};

use base::word;
use edge::Door;
use version::Version;

/// nginx.
#[derive(Debug)]
pub struct Nginx;

impl Emitter for Nginx {
    fn name(&self) -> &'static str {
        "nginx"
    }

    fn summary(&self) -> &'static str {
        "the configuration of proxies and of images that serve files"
    }

    fn fields(&self) -> Option<&'static Fields> {
        Some(&fields::FIELDS)
    }

    fn is_mounted(&self) -> bool {
        true
    }

    fn emit(&self, plan: &Plan, out: &mut Emitted) {
        for image in &plan.images {
            if let Some(site) = &image.service.static_site {
                let path = names::static_config(plan, image);
                let least = Version::parse(&site.version).required(false);
                write(&path, least, site::directives(site), site.origins.block, out);
            }
        }
        for environment in
            plan.environments.iter().filter(|environment| environment.model.compose().is_some())
        {
            report_doorless(environment, out);
            let mut proxies =
                environment.model.services.values().filter(|service| service.proxy.is_some()).peekable();
            if proxies.peek().is_none() {
                continue;
            }
            let patches = Patches::of(&environment.model, self.name());
            for service in proxies {
                proxy(plan, environment, service, &patches, out);
            }
            patches.finish(out);
        }
    }
}

/// On one machine nothing receives requests but a web server of the stack.
fn report_doorless(environment: &EnvironmentPlan, out: &mut Emitted) {
    for (name, ingress) in environment.model.ingresses.iter().filter(|(_, ingress)| ingress.through.is_none())
    {
        let what = format!("the ingress `{name}` without a web server that carries it");
        let instead =
            "declare `service proxy from nginx {}` (`use std.proxy { nginx }`) and write `through = proxy`";
        out.unsupported("compose", &what, ingress.label.span, instead);
    }
}

/// Whether a proxy can give an instance a share of the requests and change it without losing one.
pub(super) fn shares_requests(proxy: &Proxy) -> bool {
    let version = Version::parse(&proxy.version);
    version.has_resolve() && version.has_keepalive_min_timeout()
}

fn proxy(
    plan: &Plan,
    environment: &EnvironmentPlan,
    service: &Service,
    patches: &Patches<'_>,
    out: &mut Emitted,
) {
    let (Some(proxy), Some(target)) = (&service.proxy, environment.model.compose()) else { return };
    let version = Version::parse(&proxy.version);
    let carried: Vec<&Ingress> =
        environment.model.ingresses.values().filter(|ingress| carries(service, ingress)).collect();
    let (public_https, is_shared) = (target.https.0, carried.len() > 1);
    let doors: Vec<Door<'_>> = carried
        .into_iter()
        .map(|ingress| Door { environment, ingress, proxy, version, public_https, is_shared, patches })
        .collect();
    for door in &doors {
        report(door, out);
    }
    report_space(service, &doors, out);
    let path = format!("{}/nginx/nginx.conf", names::folder(plan, environment));
    let binds = doors.iter().any(|door| door.ingress.route.values().any(|route| route.sticky));
    write(&path, version.required(binds), whole(&doors, version, service), service.label.span, out);
}

fn carries(service: &Service, ingress: &Ingress) -> bool {
    ingress.through.as_ref().is_some_and(|through| through.value.name == service.label.value)
}

/// What nginx cannot do as it is said.
fn report(door: &Door<'_>, out: &mut Emitted) {
    let ingress = door.ingress;
    if door.wants_acme() {
        let span = ingress.tls.as_ref().map_or(ingress.label.span, |tls| tls.origins.block);
        let folder = format!("{}/{}", &*door.proxy.certificates, &*ingress.host);
        let help = format!(
            "put `fullchain.pem` and `privkey.pem` where the proxy sees `{folder}`, for example with certbot"
        );
        out.unsupported("nginx", "certificates by ACME", span, &help);
    }
    let own = ingress.rate_limit.map(|rate| (rate, ingress.origins.field("rate_limit").span));
    let routes = ingress
        .route
        .values()
        .filter_map(|route| Some((route.rate_limit?, route.origins.field("rate_limit").span)));
    for (rate, span) in own.into_iter().chain(routes).filter(|(rate, _)| !edge::is_exact(*rate)) {
        let what = format!("a rate of {rate} exactly; it limits to {}", edge::spell(rate));
        out.unsupported("nginx", &what, span, "say it per second or per minute");
    }
    let bound = ingress.route.values().filter(|route| route.sticky && !door.version.has_sticky());
    for route in bound {
        let span = route.origins.field("sticky").span;
        let instead = "use version 1.29.6 or newer, or keep session state in a datastore";
        out.unsupported("nginx", "sticky sessions before version 1.29.6", span, instead);
    }
    if let Some(balance) = ingress.balance.as_ref().filter(|_| !door.version.has_resolve()) {
        let instead = "use version 1.27.3 or newer, which looks up the instances of a service by itself";
        out.unsupported("nginx", "`balance` before version 1.27.3", balance.origins.block, instead);
    }
}

/// Answers are kept in memory: they must fit.
fn report_space(service: &Service, doors: &[Door<'_>], out: &mut Emitted) {
    let caches = || doors.iter().flat_map(Door::caches);
    let Some((_, last)) = caches().last() else { return };
    let wanted = caches().map(|(_, cache)| cache.size.0).sum::<u64>();
    for (field, space) in [("scratch", service.scratch), ("memory", service.memory)] {
        if wanted >= space.0 {
            let name = &service.label.value;
            let message =
                format!("the caches of `{name}` may hold {}, but its `{field}` is {space}", Size(wanted));
            let problem = Diagnostic::error(codes::NOT_EXPRESSIBLE, message)
                .at(last.origins.field("size").span, "one of the caches");
            let help = format!(
                "make `size` smaller, or raise `{field}` of `{name}`: temporary files need space too"
            );
            out.diagnostics.push(problem.help(help));
        }
    }
}

fn whole(doors: &[Door<'_>], version: Version, service: &Service) -> Result<Vec<Directive>, Unwritable> {
    let mut http = base::http(version)?;
    let Some(first) = doors.first() else { return Ok(base::main()) };
    if doors.iter().any(|door| door.ingress.gzip) {
        http.extend(base::gzip());
    }
    let resolver = first.proxy.resolver.as_deref().unwrap_or("127.0.0.11");
    // Shorter than the first look of a health check: what is reported as healthy is also found.
    let args = [
        NginxValue::verbatim(resolver)?.into(),
        NginxValue::verbatim(&format!("valid={LOOKUP_SECONDS}s"))?.into(),
        Arg::Word("ipv6=off"),
    ];
    let lookup = Directive::new("resolver", args);
    http.push(
        lookup.commented("Names are looked up again, so that a recreated container is found.").spaced(),
    );
    http.extend([word("limit_req_status", "429"), word("limit_conn_status", "429")]);
    let encrypted: Vec<&Door<'_>> = doors.iter().filter(|door| door.ingress.ends_encryption()).collect();
    if let Some(tls) = encrypted.first().and_then(|door| door.ingress.tls.as_ref()) {
        http.extend(tls::directives(tls.policy)?);
    }
    let upgrades = vec![
        Directive::new("default", [Arg::Word("upgrade")]),
        Directive::new(Arg::Word("\"\""), [Arg::Word("\"\"")]),
    ];
    http.push(Directive::block(
        "map",
        [Arg::Word("$http_upgrade"), Arg::Word("$connection_upgrade")],
        upgrades,
    ));
    http.extend(refusals(first.proxy, !encrypted.is_empty(), service)?);
    for door in doors {
        http.extend(door.http()?);
    }
    http.extend(first.patches.directives(&[&service.label.value], "http"));
    if http.iter().any(Directive::needs_dollar) {
        http.insert(0, print::dollar());
    }
    let mut all = base::main();
    all.push(Directive::block("http", [], http));
    Ok(all)
}

/// Servers for names that nobody declared: no answer over HTTP, no handshake over HTTPS. Health checks by address
/// are answered here.
fn refusals(proxy: &Proxy, is_encrypted: bool, service: &Service) -> Result<Vec<Directive>, Unwritable> {
    let path = service.health.as_ref().and_then(|health| health.http.as_deref()).unwrap_or("/healthz");
    let closed =
        Directive::block("location", [Arg::Word("/")], vec![Directive::new("return", [Arg::Number(444)])]);
    let plain = vec![
        Directive::new("listen", [Arg::Number(proxy.http.0.into()), Arg::Word("default_server")]),
        word("server_name", "_"),
        base::health(path)?,
        closed,
    ];
    let mut found = vec![Directive::block("server", [], plain).commented("Unknown names get no answer.")];
    if is_encrypted {
        let listen = [Arg::Number(proxy.https.0.into()), Arg::Word("ssl"), Arg::Word("default_server")];
        let wrong = Directive::block(
            "location",
            [Arg::Word("/")],
            vec![Directive::new("return", [Arg::Number(421)])],
        );
        let body = vec![
            Directive::new("listen", listen),
            word("server_name", "_"),
            word("ssl_reject_handshake", "on"),
            wrong,
        ];
        found.push(Directive::block("server", [], body));
    }
    Ok(found)
}

fn write(
    path: &str,
    least: Option<&str>,
    directives: Result<Vec<Directive>, Unwritable>,
    span: Span,
    out: &mut Emitted,
) {
    let needed = least.map(|least| format!("\nrequires nginx {least} or newer"));
    let header = format!("{HEADER}{}", needed.unwrap_or_default());
    match directives {
        Ok(directives) => out.file(path, print::print(&header, &directives), span),
        Err(error) => {
            let message = format!("`{path}` cannot be written: {error}");
            out.diagnostics
                .push(Diagnostic::error(codes::NOT_EXPRESSIBLE, message).at(span, "described here"));
        }
    }
}
