//! Releases of services as words of the script. Must not decide how a service is released: `release` does.

use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use crate::emit::names;
use crate::emit::release::{DRAIN_SECONDS, LOOKUP_SECONDS, Release, judge, releases};
use crate::emit::spell::dns;
use crate::model::RolloutKind;
use crate::plan::EnvironmentPlan;
use crate::schema::Duration;
use crate::text::{ShellWord, Unwritable};

/// What the template of releases reads.
#[derive(Debug, Serialize)]
pub(super) struct Rollouts {
    /// The services that are released one by one.
    rollouts: Vec<Rollout>,
    /// The containers that are started together, because nothing else is said of them.
    together: Vec<ShellWord>,
    /// Those whose new version starts beside the old one, unseen.
    asides: Vec<Rollout>,
    rolls: bool,
    blue_greens: bool,
    canaries: bool,
    /// Where each of them is found.
    places: Vec<Place>,
    /// Where some of them must not be found.
    crossings: Vec<Crossing>,
    /// Who judges the conditions that end a release, where a release has some.
    judge: Option<Judge>,
    /// The services whose web server can be told who stays.
    steered: Vec<ShellWord>,
    /// Seconds until web servers have looked up names again, and one more.
    lookup_seconds: u64,
    drain_seconds: u64,
}

/// The network in which others look for a service, and the web server that can be told who stays, with the port it asks.
#[derive(Debug, Serialize)]
struct Place {
    service: ShellWord,
    network: Option<ShellWord>,
    door: Option<ShellWord>,
    port: u16,
}

/// A service, and the networks besides its own in which those who look for it are too: a name is looked up in all of
/// them, and the first that knows it answers.
#[derive(Debug, Serialize)]
struct Crossing {
    service: ShellWord,
    networks: Vec<ShellWord>,
}

/// The service that is asked, and its port.
#[derive(Debug, Serialize)]
struct Judge {
    service: ShellWord,
    port: u16,
}

/// A service, the function that releases it with its arguments, and the jobs that must pass.
#[derive(Debug, Clone, Serialize)]
struct Rollout {
    service: ShellWord,
    words: Vec<ShellWord>,
    verify: Vec<ShellWord>,
    /// Each `ALERT:CONDITION`, as a part of an address.
    alarms: Vec<ShellWord>,
}

impl Rollouts {
    /// The releases of an environment; `staying` are all containers that stay up.
    pub(super) fn new(
        environment: &EnvironmentPlan,
        project: &str,
        staying: &[ShellWord],
    ) -> Result<Self, Unwritable> {
        let all = releases(environment);
        let is = |kind: RolloutKind| all.iter().any(|release| release.kind == kind);
        let lower = |release: &Release<'_>| rollout(release, project);
        let asides = all.iter().filter(|release| release.kind != RolloutKind::Rolling);
        let rollouts: Vec<Rollout> = all.iter().map(lower).collect::<Result<_, _>>()?;
        let is_released = |name: &ShellWord| rollouts.iter().any(|rollout| rollout.service == *name);
        let together = staying.iter().filter(|name| !is_released(name)).cloned().collect();
        Ok(Self {
            rolls: is(RolloutKind::Rolling) || is(RolloutKind::Canary),
            blue_greens: is(RolloutKind::BlueGreen),
            canaries: is(RolloutKind::Canary),
            asides: asides.map(lower).collect::<Result<_, _>>()?,
            together,
            judge: asked(environment, &all)?,
            rollouts,
            steered: all
                .iter()
                .filter(|release| release.steers)
                .map(|release| ShellWord::bare(&dns(release.service)))
                .collect::<Result<_, _>>()?,
            places: all
                .iter()
                .map(|release| place(environment, release, project))
                .collect::<Result<_, _>>()?,
            crossings: all
                .iter()
                .filter_map(|release| crossing(environment, release, project))
                .collect::<Result<_, _>>()?,
            lookup_seconds: LOOKUP_SECONDS + 1,
            drain_seconds: DRAIN_SECONDS,
        })
    }

    /// Whether any service is released in a way of its own.
    pub(super) fn is_empty(&self) -> bool {
        self.rollouts.is_empty()
    }
}

fn asked(environment: &EnvironmentPlan, all: &[Release<'_>]) -> Result<Option<Judge>, Unwritable> {
    let is_asked = all.iter().any(|release| !release.alarms.is_empty());
    let judge = judge(environment).filter(|_| is_asked);
    judge.map(|(name, port)| Ok(Judge { service: ShellWord::bare(&dns(name))?, port })).transpose()
}

fn place(environment: &EnvironmentPlan, release: &Release<'_>, project: &str) -> Result<Place, Unwritable> {
    let is_needed = environment.networks.contains_key(release.service);
    let network = is_needed.then(|| format!("{project}_{}", release.service));
    let door = release.door.filter(|_| release.steers);
    Ok(Place {
        service: ShellWord::bare(&dns(release.service))?,
        network: network.map(|network| ShellWord::bare(&network)).transpose()?,
        door: door.map(|(proxy, _)| ShellWord::bare(&dns(proxy))).transpose()?,
        port: door.map_or(0, |(_, port)| port),
    })
}

fn crossing(
    environment: &EnvironmentPlan,
    release: &Release<'_>,
    project: &str,
) -> Option<Result<Crossing, Unwritable>> {
    let own = environment.networks.get(release.service)?;
    let is_of = |member: &str| member == release.service;
    let looks = |member: &Arc<str>| !is_of(member) && own.members.contains(member);
    let others = environment.networks.iter().filter(|(name, network)| {
        !is_of(name)
            && network.members.iter().any(|member| is_of(member))
            && network.members.iter().any(looks)
    });
    let networks: Vec<String> = others.map(|(name, _)| format!("{project}_{name}")).collect();
    let lower = |networks: Vec<String>| {
        let networks = networks.iter().map(|name| ShellWord::bare(name)).collect::<Result<_, _>>()?;
        Ok(Crossing { service: ShellWord::bare(&dns(release.service))?, networks })
    };
    (!networks.is_empty()).then(|| lower(networks))
}

fn rollout(release: &Release<'_>, project: &str) -> Result<Rollout, Unwritable> {
    let said = release.rollout;
    let service = dns(release.service);
    let network = format!("{project}_{}", release.service);
    let seconds = |time: Duration| time.as_seconds().to_string();
    let (deadline, wait, batch) = (seconds(said.deadline), seconds(said.wait), said.surge.to_string());
    let mut words = match release.kind {
        RolloutKind::BlueGreen => {
            vec![
                "blue_green".to_owned(),
                network,
                release.instances.to_string(),
                deadline,
                seconds(said.bake),
            ]
        }
        RolloutKind::Canary => {
            let (proxy, port) = release.door.unwrap_or_default();
            vec!["canary".to_owned(), network, port.to_string(), dns(proxy), batch, deadline, wait]
        }
        RolloutKind::Rolling | RolloutKind::Recreate => vec!["rolling".to_owned(), batch, deadline, wait],
    };
    if release.kind == RolloutKind::Canary {
        words.extend(release.steps().iter().map(|(percent, weight)| format!("{percent}:{weight}")));
    }
    let verify = release.verified_by().map(|job| ShellWord::bare(&dns(&names::job(release.service, job))));
    let alarms = release.alarms.iter();
    let alarms = alarms.map(|(name, when)| ShellWord::new(&format!("{name}:{}", encoded(when))));
    Ok(Rollout {
        service: ShellWord::bare(&service)?,
        words: words.iter().map(|word| ShellWord::bare(word)).collect::<Result<_, _>>()?,
        verify: verify.collect::<Result<_, _>>()?,
        alarms: alarms.collect::<Result<_, _>>()?,
    })
}

/// What a part of an address may hold as it is (RFC 3986, 2.3).
const PART: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, PART).to_string()
}
