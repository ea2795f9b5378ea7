//! Health checks as startup, readiness and liveness probes. Must not ask a port where nothing listens.
//!
//! Failures in a row take a pod out of traffic first (readiness, after `retries`) and restart it later (liveness, after
//! twice as many), so that a busy pod is relieved before it is killed. Until the startup probe has succeeded once, the
//! others wait.

use super::objects::{Exec, HttpGet, NumberOrName, Probe, TcpSocket};
use super::scope::Unit;
use super::variables::escape;
use crate::model::{Health, Probe as Check};
use crate::schema::UrlPath;

/// The three probes of a container.
#[derive(Debug, Default)]
pub(super) struct Probes {
    pub startup: Option<Probe>,
    pub readiness: Option<Probe>,
    pub liveness: Option<Probe>,
}

impl Probes {
    /// The probes of a service; none without a health block, or when the port that it names is not there.
    pub(super) fn of(unit: &Unit<'_>) -> Self {
        let Some(health) = &unit.service.health else {
            return Self::default();
        };
        let port = unit.port(health.port.as_deref());
        let named = port.and_then(|number| unit.ports().into_iter().find(|known| known.1 == number));
        let port = named.map(|(name, _)| NumberOrName::Name(name));
        let period = health.every.as_seconds().max(1);
        let retries = u64::from(health.retries.max(1));
        // Failures count after `start`, as on one machine.
        let starting = health.start.as_seconds().div_ceil(period) + retries;
        let alive = |failures| probe(health, &health.probe(), port.clone(), failures);
        let ready = health.ready.as_ref().map_or_else(|| health.probe(), Check::Http);
        Self {
            startup: alive(starting),
            readiness: probe(health, &ready, port.clone(), retries),
            liveness: alive(retries * 2),
        }
    }
}

fn probe(health: &Health, check: &Check<'_>, port: Option<NumberOrName>, failures: u64) -> Option<Probe> {
    let empty = Probe {
        http_get: None,
        exec: None,
        tcp_socket: None,
        period_seconds: health.every.as_seconds().max(1),
        timeout_seconds: health.timeout.as_seconds().max(1),
        failure_threshold: failures,
    };
    let probe = match check {
        Check::Http(path) => Probe { http_get: Some(get(path, port?)), ..empty },
        Check::Command(words) => {
            Probe { exec: Some(Exec { command: words.iter().map(|word| escape(word)).collect() }), ..empty }
        }
        Check::Tcp => Probe { tcp_socket: Some(TcpSocket { port: port? }), ..empty },
    };
    Some(probe)
}

fn get(path: &UrlPath, port: NumberOrName) -> HttpGet {
    HttpGet { path: path.to_string(), port }
}
