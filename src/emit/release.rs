//! How a new version replaces the old one on one machine: what the script that does it, the web server that shares
//! requests and the report of what is not possible must agree on. Must not spell any of them.

use super::nginx;
use crate::model::{Health, Mode, Proxy, Rollout, RolloutKind, Route, Service, Watches};
use crate::plan::EnvironmentPlan;
use crate::schema::{Plain, Ratio};
use crate::source::Span;

/// Seconds after which a web server has looked up the name of a service again.
pub(super) const LOOKUP_SECONDS: u64 = 2;

/// Seconds after which a web server that was told where to send requests has none left for the containers it sent them to
/// before: it serves connections that clients keep open a little longer (`keepalive_min_timeout`).
pub(super) const DRAIN_SECONDS: u64 = 7;

/// The weight of every instance of the old version while a new one gets a share.
pub(super) const FULL_WEIGHT: u64 = 100;

/// A way to replace the containers of a service that is more than stopping and starting them.
pub(super) struct Release<'a> {
    pub(super) service: &'a str,
    pub(super) rollout: &'a Rollout,
    pub(super) kind: RolloutKind,
    /// Instances of the service.
    pub(super) instances: u32,
    /// The web server that shares requests, and the port that it asks; for a canary always there.
    pub(super) door: Option<(&'a str, u16)>,
    /// Whether that web server can be told to send nothing more to containers that leave.
    pub(super) steers: bool,
    /// The alerts whose condition ends the release, with these.
    pub(super) alarms: Vec<(&'a str, &'a str)>,
}

/// Why a rollout is not possible as it is said: what, where, and what to do instead.
pub(super) struct Obstacle {
    pub(super) what: String,
    pub(super) span: Span,
    pub(super) instead: &'static str,
}

/// The release of a service; nothing where its containers are simply started again.
pub(super) fn release<'a>(
    environment: &'a EnvironmentPlan,
    name: &'a str,
) -> Result<Option<Release<'a>>, Obstacle> {
    let service = environment.model.services.get(name);
    let Some((service, rollout)) = service.and_then(|service| Some((service, service.rollout.as_ref()?)))
    else {
        return Ok(None);
    };
    let kind = rollout.kind();
    if kind == RolloutKind::Recreate || environment.model.block.mode == Mode::Development {
        return Ok(None);
    }
    let doors = doors(environment, name);
    let release = Release {
        service: name,
        rollout,
        kind,
        instances: service.instances().max(1),
        door: match doors.as_slice() {
            [(proxy, _, port)] => Some((proxy, *port)),
            _ => None,
        },
        steers: doors.len() == 1
            && doors.iter().all(|(_, proxy, _)| nginx::shares_requests(proxy))
            && shares_evenly(environment, name),
        alarms: alarms(environment, rollout),
    };
    match obstacle(environment, service, &release, &doors) {
        Some(obstacle) => Err(obstacle),
        None => Ok(Some(release)),
    }
}

/// The releases of an environment, in start order: what others need comes first.
pub(super) fn releases(environment: &EnvironmentPlan) -> Vec<Release<'_>> {
    environment.order.iter().filter_map(|name| release(environment, name).ok().flatten()).collect()
}

/// The release of a service whose new version runs beside the old one, where it can: in a cluster the address of the
/// service leads to one of the two.
pub(super) fn beside(service: &Service) -> Option<&Rollout> {
    let rollout = service.rollout.as_deref()?;
    let is_beside = matches!(rollout.kind(), RolloutKind::BlueGreen | RolloutKind::Canary);
    (is_beside && !service.is_stateful() && !lacks_health(service)).then_some(rollout)
}

/// Whether nothing says that a new version works.
pub(super) fn lacks_health(service: &Service) -> bool {
    service.health.as_deref().is_none_or(|health: &Health| health.retries == 0)
}

/// The web servers that lead to a service, with the port that they ask, each once.
fn doors<'a>(environment: &'a EnvironmentPlan, name: &str) -> Vec<(&'a str, &'a Proxy, u16)> {
    let service = environment.model.services.get(name);
    let port = |route: &Route| {
        let (_, port) = route.service().filter(|(to, _)| ***to == *name)?;
        let listeners = service?.listeners();
        let wanted = port.unwrap_or("http");
        let found = listeners.iter().find(|(known, _)| *known == wanted).or(listeners.first());
        found.map(|(_, number)| *number)
    };
    let mut found: Vec<(&str, &Proxy, u16)> = Vec::new();
    for ingress in environment.model.ingresses.values() {
        let through =
            ingress.through.as_ref().and_then(|through| environment.model.services.get(&through.value.name));
        let Some((carrier, proxy)) = through.and_then(|service| Some((service, service.proxy.as_ref()?)))
        else {
            continue;
        };
        for number in ingress.route.values().filter_map(port) {
            if !found.iter().any(|(known, _, port)| **known == *carrier.label.value && *port == number) {
                found.push((&carrier.label.value, proxy, number));
            }
        }
    }
    found
}

/// The service that judges conditions, with its port.
pub(super) fn judge(environment: &EnvironmentPlan) -> Option<(&str, u16)> {
    let services = &environment.model.services;
    let (name, judge) = services.iter().find(|(_, service)| service.watches(Watches::Metrics))?;
    let (_, port) = judge.listeners().first().copied()?;
    Some((name, port))
}

/// The alerts that a rollout names, with their conditions.
fn alarms<'a>(environment: &'a EnvironmentPlan, rollout: &'a Rollout) -> Vec<(&'a str, &'a str)> {
    let condition = |name: &'a Plain| Some((&**name, &*environment.model.alerts.get(&**name)?.when));
    rollout.abort.iter().filter_map(condition).collect()
}

/// Whether every door of a service shares its requests by weight: counted connections and cookies come before weights.
fn shares_evenly(environment: &EnvironmentPlan, name: &str) -> bool {
    let leads = |route: &Route| route.leads_to(name);
    let mut doors = environment.model.ingresses.values().filter(|ingress| ingress.route.values().any(leads));
    doors.all(|ingress| {
        let is_counted =
            ingress.balance.as_ref().is_some_and(|balance| &*balance.label.value == "least_connections");
        !is_counted && !ingress.route.values().any(|route| route.sticky && leads(route))
    })
}

fn obstacle(
    environment: &EnvironmentPlan,
    service: &Service,
    release: &Release<'_>,
    doors: &[(&str, &Proxy, u16)],
) -> Option<Obstacle> {
    let word = &release.rollout.label.value;
    let span = release.rollout.label.span;
    let because = |why: &str, instead: &'static str| {
        Some(Obstacle { what: format!("the rollout `{word}` of `{}` {why}", release.service), span, instead })
    };
    let is_needed = environment.networks.contains_key(release.service);
    match release.kind {
        _ if service.is_stateful() => because(
            "beside storage of one instance",
            "use `rollout recreate`, or say `shared = true` where two versions may write at once",
        ),
        _ if service.proxy.is_some() => because(
            "that has the ports of the host for the world, which two versions cannot both have",
            "use `rollout recreate`: one container at a time can have them",
        ),
        _ if !service.publish.is_empty() => because(
            "beside a port of the host, which two versions cannot both have",
            "use `rollout recreate`, or lead to it by an ingress",
        ),
        _ if lacks_health(service) => {
            because("without a health check", "add `health`: it decides when the old version goes")
        }
        _ if release.rollout.surge == 0 => because(
            "that adds no instance",
            "set `surge = 1`: on one machine the new version comes before the old one goes",
        ),
        RolloutKind::BlueGreen | RolloutKind::Canary if !is_needed => {
            because("that nobody refers to", "use `rollout rolling`: there is no traffic to switch")
        }
        RolloutKind::Canary
            if release.door.is_none() || !doors.iter().all(|(_, proxy, _)| nginx::shares_requests(proxy)) =>
        {
            because(
                "without one web server of the stack, of version 1.27.4 or newer, that leads to one of its ports",
                "use `rollout blue_green`, or route to it through such a proxy",
            )
        }
        _ => None,
    }
}

impl Release<'_> {
    /// Whether the web server reads lines that a release writes: shares of a canary, or who stays.
    pub(super) fn is_told(&self) -> bool {
        self.steers || self.kind == RolloutKind::Canary
    }

    /// Each step of a canary: percent for people, and the weight of the one new instance against the old ones.
    pub(super) fn steps(&self) -> Vec<(String, u64)> {
        let steps = self.rollout.steps.iter().filter(|share| (1..10_000).contains(&share.0));
        steps.map(|share| (share.to_string().trim_end_matches('%').to_owned(), self.weight(*share))).collect()
    }

    /// `w / (w + n · full) = share`
    fn weight(&self, share: Ratio) -> u64 {
        let (share, rest) = (u64::from(share.0), u64::from(10_000 - share.0.min(9_999)));
        (u64::from(self.instances) * FULL_WEIGHT * share).div_euclid(rest).max(1)
    }

    /// The jobs that must pass before the new version gets traffic.
    pub(super) fn verified_by(&self) -> impl Iterator<Item = &Plain> {
        self.rollout.verify.iter()
    }
}
