//! More connections than a datastore accepts, when every instance fills its pool. Must not guess the size of a pool that
//! nobody wrote.

use crate::catalogue::Means;
use crate::diagnostic::{Level, codes};
use crate::source::Span;

use crate::lint::{Family, Findings, Rule, Scene, limits::limits, place::Place};

pub(super) const RULE: Rule =
    Rule { code: codes::CROWDED_DATASTORE, family: Family::State, level: Level::Warning, check };

/// Words of variables that hold the size of a pool.
const SIZES: &[&str] =
    &["POOL_SIZE", "POOL_MAX", "MAX_POOL", "POOL_MAX_SIZE", "MAX_POOL_SIZE", "CONNECTION_LIMIT"];

/// Words of addresses that hold it.
const QUERIES: &[&str] = &["connection_limit", "pool_size", "max_pool_size", "pool_max_conns"];

/// A pool of a service.
struct Pool {
    size: u64,
    instances: u64,
    span: Span,
}

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        let Some((most, span)) = most(scene, place) else { continue };
        let callers: Vec<Place<'_>> = scene
            .services()
            .filter(|caller| {
                caller.environment.name() == place.environment.name() && caller.reaches(place.name)
            })
            .collect();
        let pools: Vec<(Place<'_>, Pool)> =
            callers.into_iter().filter_map(|caller| Some((caller, pool(caller, place.name)?))).collect();
        let all: u64 = pools.iter().map(|(_, pool)| pool.size * pool.instances).sum();
        let Some((caller, largest)) = pools.iter().max_by_key(|(_, pool)| pool.size * pool.instances) else {
            continue;
        };
        if all <= most {
            continue;
        }
        let (instances, size) = (largest.instances, largest.size);
        let message = format!("`{}` accepts {most} connections, but {all} may be opened", place.name);
        let problem = findings
            .problem(message)
            .at(largest.span, format!("{size} for each of {instances} instances of `{}`", caller.name))
            .also(span, format!("{most} at once"))
            .help("make the pools smaller, allow more connections, or put a pooler between them");
        findings.add(caller.subject(), problem);
    }
}

/// How many connections a service accepts, and where that stands; the image's own number where nothing is said.
fn most(scene: &Scene<'_>, place: Place<'_>) -> Option<(u64, Span)> {
    let told = limits(scene, place, Means::Connections);
    if let Some(limit) = told.first() {
        return Some((limit.setting.number(&limit.written)?, limit.span));
    }
    let facts = place.facts(scene)?;
    let mut settings =
        scene.catalogue.settings().iter().filter(|setting| setting.means == Means::Connections);
    let own = settings.find_map(|setting| setting.defaults.get(&facts.repository))?;
    Some((*own, place.image_span()))
}

/// The pool of a service for a datastore: the variable that begins like the one with the address, else the only one.
fn pool(caller: Place<'_>, store: &str) -> Option<Pool> {
    let reaches =
        |name: &str| {
            let entry = caller.service.env.iter().find(|(known, _)| &***known == name)?;
            let hosts =
                entry.1.value.0.iter().any(
                    |part| matches!(part, crate::schema::Part::Host { service, .. } if &**service == store),
                );
            hosts.then_some(())
        };
    let addresses: Vec<&str> =
        caller.service.env.keys().map(|name| &**name).filter(|name| reaches(name).is_some()).collect();
    let first = |name: &str| name.split('_').next().unwrap_or_default().to_owned();
    let mut sizes = caller.service.env.iter().filter_map(|(name, entry)| {
        let is_size = SIZES.iter().any(|size| name.ends_with(size));
        let size = entry.value.as_literal().filter(|_| is_size)?.parse().ok()?;
        Some((&**name, size, entry.origin.span))
    });
    let of_address =
        |name: &str| SIZES.contains(&name) || addresses.iter().any(|address| first(address) == first(name));
    let found = sizes.find(|(name, _, _)| of_address(name)).map(|(_, size, span)| (size, span));
    let (size, span) = found.or_else(|| addresses.iter().find_map(|name| query(caller, name)))?;
    Some(Pool { size, instances: instances(caller), span })
}

/// `connection_limit=10` in an address.
fn query(caller: Place<'_>, name: &str) -> Option<(u64, Span)> {
    let (_, entry) = caller.service.env.iter().find(|(known, _)| &***known == name)?;
    let literal = entry.value.0.iter().rev().find_map(|part| match part {
        crate::schema::Part::Literal(text) => Some(&**text),
        _ => None,
    })?;
    let (_, query) = literal.split_once('?')?;
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let mut sizes = pairs.filter(|(key, _)| QUERIES.contains(key));
    Some((sizes.next()?.1.parse().ok()?, entry.origin.span))
}

/// The most instances at once, those of a rollout included.
fn instances(place: Place<'_>) -> u64 {
    let service = place.service;
    let own = service.most_instances();
    let surge = service.rollout.as_ref().map_or(0, |rollout| match rollout.kind() {
        crate::model::RolloutKind::Rolling => rollout.surge,
        crate::model::RolloutKind::Recreate => 0,
        crate::model::RolloutKind::BlueGreen => own,
        crate::model::RolloutKind::Canary => 1,
    });
    u64::from(own) + u64::from(surge)
}
