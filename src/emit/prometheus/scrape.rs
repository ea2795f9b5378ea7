//! What is scraped, and where Prometheus finds it: by name beside Compose, as pods in a cluster. Must not decide what
//! is alerted on.

use super::document::config::{
    Addresses, Alerting, Alertmanager, Config, Files, Global, Name, Names, Namespaces, Pods, Relabel, Scrape,
};
use super::spelling::time;
use crate::emit::kubernetes::naming;
use crate::emit::release::release;
use crate::emit::spell::dns;
use crate::emit::{Emitted, names};
use crate::model::{Metrics, RolloutKind, Service, Watches};
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
    /// Names that all instances are behind, beside Compose; nothing where the one instance is known.
    names: Vec<Name>,
    /// Whether Prometheus knows the instances before they run; one that it discovers leaves no trace when it is gone.
    pub(super) is_known: bool,
}

impl<'a> Scraped<'a> {
    /// All of an environment, in declaration order.
    pub(super) fn all(environment: &'a EnvironmentPlan) -> Vec<Self> {
        let in_cluster = environment.model.kubernetes().is_some();
        let has_machine = !in_cluster || environment.model.compose().is_some();
        let services = environment.model.services.values();
        services
            .filter(|service| has_machine || service.runs_in_cluster())
            .filter_map(|service| Self::of(environment, service, in_cluster))
            .collect()
    }

    fn of(environment: &'a EnvironmentPlan, service: &'a Service, in_cluster: bool) -> Option<Self> {
        let metrics = service.metrics.as_ref()?;
        let port = service.metrics_port()?;
        let instances = service.instances();
        let names = names_of(environment, service, instances);
        let is_known = names.is_empty() && !in_cluster;
        Some(Self { service, metrics, port, instances, names, is_known })
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
        if self.names.is_empty() {
            let targets = vec![format!("{}:{}", self.job(), self.port)];
            return Scrape { static_configs: vec![Addresses { targets }], ..self.scrape() };
        }
        let refresh_interval = time(self.metrics.every);
        let names = Names { names: self.names.clone(), kind: "A", port: self.port, refresh_interval };
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

/// Several instances are looked up; so are those of a release that alerts may end, for what they say must count.
fn names_of(environment: &EnvironmentPlan, service: &Service, instances: u32) -> Vec<Name> {
    let job = dns(&service.label.value);
    let release = release(environment, &service.label.value).ok().flatten();
    if release.as_ref().is_some_and(|release| release.kind == RolloutKind::Canary) {
        let comment = "the version that is being released";
        let next = Name::Explained(Above::new(comment, format!("{job}-next")));
        return vec![Name::Plain(job), next];
    }
    let is_judged = release.is_some_and(|release| !release.alarms.is_empty());
    if instances == 1 && !is_judged { Vec::new() } else { vec![Name::Plain(job)] }
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
        let jobs = scraped.iter().map(|one| Spaced(one.by_name())).collect();
        let beside = super::observer(environment, Watches::Alerts).and_then(beside);
        configs.push(("prometheus.yml", config(jobs, beside.or(has_routing.then(elsewhere)))));
    }
    if let Some(target) = environment.model.kubernetes() {
        let namespace = names::namespace(plan, environment, target);
        let in_cluster = scraped.iter().filter(|one| one.service.runs_in_cluster());
        let jobs = in_cluster.map(|one| Spaced(one.as_pods(&namespace))).collect();
        let name = if has_compose { "prometheus.kubernetes.yml" } else { "prometheus.yml" };
        configs.push((name, config(jobs, has_routing.then(elsewhere))));
    }
    configs
}

/// The Alertmanager of the stack.
fn beside(teller: &Service) -> Option<Above<Alerting>> {
    let (_, port) = *teller.listeners().first()?;
    let targets = vec![format!("{}:{port}", dns(&teller.label.value))];
    let static_configs = vec![Addresses { targets }];
    let found = Alertmanager { static_configs, file_sd_configs: Vec::new() };
    Some(Above::new("the Alertmanager of this stack", Alerting { alertmanagers: vec![found] }))
}

/// An Alertmanager that is not in the stack.
fn elsewhere() -> Above<Alerting> {
    let where_it_is = "Where Alertmanager is, files beside this one say: alertmanagers/<any name>.yml with the line\n\
                       [{ targets: [\"<host>:<port>\"] }]";
    let file_sd_configs = vec![Files { files: vec!["alertmanagers/*.yml"] }];
    let found = Alertmanager { static_configs: Vec::new(), file_sd_configs };
    Above::new(where_it_is, Alerting { alertmanagers: vec![found] })
}

fn config(jobs: Vec<Spaced<Scrape>>, alerting: Option<Above<Alerting>>) -> Config {
    Config {
        global: Global { scrape_interval: "15s", evaluation_interval: "15s" },
        rule_files: vec!["rules.yml"],
        alerting: alerting.map(Spaced),
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
