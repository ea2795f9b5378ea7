//! What is scraped, and where Prometheus finds it: by name beside Compose, as pods in a cluster. Must not decide what
//! is alerted on.

use super::document::config::{
    Addresses, Alerting, Alertmanager, Config, Files, Global, Names, Namespaces, Pods, Relabel, Scrape,
};
use super::spelling::time;
use crate::emit::kubernetes::naming;
use crate::emit::spell::dns;
use crate::emit::{Emitted, names};
use crate::model::{Metrics, Service};
use crate::plan::{EnvironmentPlan, Plan};
use crate::print::yaml::{Above, Flow, Spaced};
use crate::schema::Duration;

/// Time after which Prometheus takes a sample for outdated unless a flag says otherwise.
const LOOKBACK: Duration = Duration::minutes(5);

/// A service with metrics.
#[derive(Debug)]
pub(super) struct Scraped<'a> {
    /// The service.
    service: &'a Service,
    /// How its metrics are read.
    metrics: &'a Metrics,
    /// The port that has them.
    port: u16,
    /// How many instances run when nothing is scaled.
    instances: u32,
    /// Whether Prometheus knows the instances before they run; one that it discovers leaves no trace when it is gone.
    pub(super) is_known: bool,
}

impl<'a> Scraped<'a> {
    /// All of an environment, in declaration order.
    pub(super) fn all(environment: &'a EnvironmentPlan) -> Vec<Self> {
        let in_cluster = environment.model.kubernetes().is_some();
        // In a cluster, its own edge replaces the web servers of the stack.
        let has_proxies = !in_cluster || environment.model.compose().is_some();
        let services = environment.model.services.values();
        services
            .filter(|service| has_proxies || service.proxy.is_none())
            .filter_map(|service| Self::of(service, in_cluster))
            .collect()
    }

    fn of(service: &'a Service, in_cluster: bool) -> Option<Self> {
        let metrics = service.metrics.as_ref()?;
        let listeners = service.listeners();
        let wanted = metrics.port.as_deref();
        let (_, port) = *listeners.iter().find(|(label, _)| wanted.is_none_or(|wanted| wanted == *label))?;
        let instances = service.scale.as_ref().map_or(service.replicas, |scale| scale.min);
        let is_known = instances == 1 && !in_cluster;
        Some(Self { service, metrics, port, instances, is_known })
    }

    /// The service's name in the stack.
    pub(super) fn name(&self) -> &'a str {
        &self.service.label.value
    }

    /// The job: the service's name in DNS.
    pub(super) fn job(&self) -> String {
        dns(self.name())
    }

    /// Whether an instance is missed when there is none.
    pub(super) fn is_expected(&self) -> bool {
        self.instances > 0
    }

    fn scrape(&self) -> Scrape {
        Scrape {
            job_name: self.job(),
            metrics_path: self.metrics.path.to_string(),
            scrape_interval: time(self.metrics.every),
            static_configs: Vec::new(),
            dns_sd_configs: Vec::new(),
            kubernetes_sd_configs: Vec::new(),
            relabel_configs: Vec::new(),
        }
    }

    fn by_name(&self) -> Scrape {
        if self.instances == 1 {
            let targets = vec![format!("{}:{}", self.job(), self.port)];
            return Scrape { static_configs: vec![Addresses { targets }], ..self.scrape() };
        }
        let names = Names { names: vec![self.job()], kind: "A", port: self.port };
        Scrape { dns_sd_configs: vec![names], ..self.scrape() }
    }

    /// Prometheus finds every port of every pod of the namespace; those of the service are kept.
    fn as_pods(&self, namespace: &str) -> Scrape {
        let name = naming::label(self.name());
        let namespaces = Namespaces { names: vec![namespace.to_owned()] };
        Scrape {
            kubernetes_sd_configs: vec![Pods { role: "pod", namespaces }],
            relabel_configs: vec![
                select("__meta_kubernetes_pod_label_app_kubernetes_io_name", name, "keep"),
                select("__meta_kubernetes_pod_container_port_number", self.port.to_string(), "keep"),
                select("__meta_kubernetes_pod_phase", "Succeeded|Failed".to_owned(), "drop"),
                copy("__meta_kubernetes_pod_name", "pod"),
            ],
            ..self.scrape()
        }
    }
}

/// Only pods with this value, or without it.
fn select(label: &'static str, regex: String, action: &'static str) -> Relabel {
    Relabel { source_labels: Flow(vec![label]), regex: Some(regex), action, target_label: None }
}

/// Keeps a fact about the pod as a label of its series.
fn copy(label: &'static str, target: &'static str) -> Relabel {
    Relabel { source_labels: Flow(vec![label]), regex: None, action: "replace", target_label: Some(target) }
}

/// A configuration per target, by file name.
pub(super) fn configs(
    plan: &Plan,
    environment: &EnvironmentPlan,
    scraped: &[Scraped<'_>],
    has_routing: bool,
) -> Vec<(&'static str, Config)> {
    let mut configs = Vec::new();
    let has_compose = environment.model.compose().is_some();
    if has_compose {
        let jobs = scraped.iter().map(|one| Spaced(one.by_name()));
        configs.push(("prometheus.yml", config(jobs.collect(), has_routing)));
    }
    if let Some(target) = environment.model.kubernetes() {
        let namespace = names::namespace(plan, environment, target);
        let in_cluster = scraped.iter().filter(|one| one.service.proxy.is_none());
        let jobs = in_cluster.map(|one| Spaced(one.as_pods(&namespace)));
        let name = if has_compose { "prometheus.kubernetes.yml" } else { "prometheus.yml" };
        configs.push((name, config(jobs.collect(), has_routing)));
    }
    configs
}

fn config(jobs: Vec<Spaced<Scrape>>, has_routing: bool) -> Config {
    let where_it_is = "Where Alertmanager is, files beside this one say: alertmanagers/<any name>.yml with the line\n\
                       [{ targets: [\"<host>:<port>\"] }]";
    let found = Alertmanager { file_sd_configs: vec![Files { files: vec!["alertmanagers/*.yml"] }] };
    let alerting = Alerting { alertmanagers: vec![found] };
    Config {
        global: Global { scrape_interval: "15s", evaluation_interval: "15s" },
        rule_files: vec!["rules.yml"],
        alerting: has_routing.then(|| Spaced(Above::new(where_it_is, alerting))),
        scrape_configs: Spaced(jobs),
    }
}

/// An interval that Prometheus takes, but that leaves gaps in every series.
pub(super) fn report(scraped: &[Scraped<'_>], out: &mut Emitted) {
    for one in scraped.iter().filter(|one| one.metrics.every.0 >= LOOKBACK.0) {
        let every = time(one.metrics.every);
        let what = format!("`metrics.every = {every}`: it forgets a reading after {}", time(LOOKBACK));
        let span = one.metrics.origins.field("every").span;
        out.unsupported("prometheus", &what, span, "read the metrics every 4 minutes or more often");
    }
}
