//! Prometheus: what is scraped and what is alerted on, with unit tests for the rules that follow from the stack.
//! In a cluster, pods are found by the annotations that they carry; there only rules are emitted.
//! Must not invent thresholds: declared conditions are the user's own.

mod document;

use indexmap::IndexMap;

use super::spell::dns;
use super::{Emitted, Emitter, HEADER};
use crate::model::{Metrics, Service};
use crate::plan::{EnvironmentPlan, Plan};
use crate::print::yaml::{self, Spaced};
use crate::schema::Duration;

use document::{Config, Expect, Fired, Global, Group, Names, Rule, Rules, Scrape, Series, Test, Tests};

/// How long a service may be gone before somebody is told.
const GONE: Duration = Duration::minutes(5);

/// Prometheus.
#[derive(Debug)]
pub struct Prometheus;

impl Emitter for Prometheus {
    fn name(&self) -> &'static str {
        "prometheus"
    }

    fn summary(&self) -> &'static str {
        "scrape configuration, alert rules and their unit tests"
    }

    fn emit(&self, plan: &Plan, out: &mut Emitted) {
        for environment in &plan.environments {
            for (name, channel) in &environment.model.channels {
                let what = format!("the channel `{name}`");
                out.unsupported("prometheus", &what, channel.label.span, "route alerts in your Alertmanager");
            }
            let scraped = scraped(environment);
            if scraped.is_empty() && environment.model.alerts.is_empty() {
                continue;
            }
            let folder = format!("{}/{}/prometheus", plan.project.output, environment.name());
            let span = environment.model.block.label.span;
            let rules = rules(plan, environment, &scraped);
            if environment.model.compose().is_some() && !scraped.is_empty() {
                let config = config(&scraped);
                out.yaml(&format!("{folder}/prometheus.yml"), yaml::to_string(HEADER, &config), span);
            }
            out.yaml(&format!("{folder}/rules.yml"), yaml::to_string(HEADER, &rules), span);
            if !scraped.is_empty() {
                let tests = tests(&scraped);
                out.yaml(&format!("{folder}/rules.test.yml"), yaml::to_string(HEADER, &tests), span);
            }
        }
    }
}

/// A service with metrics and the port that has them.
type Scraped<'a> = (&'a str, &'a Service, &'a Metrics, u16);

fn scraped(environment: &EnvironmentPlan) -> Vec<Scraped<'_>> {
    let services = environment.model.services.iter();
    let found = services.filter_map(|(name, service)| {
        let metrics = service.metrics.as_ref()?;
        let listeners = service.listeners();
        let wanted = metrics.port.as_deref();
        let port = listeners.iter().find(|(label, _)| wanted.is_none_or(|wanted| wanted == *label))?.1;
        Some((&**name, service, metrics, port))
    });
    found.collect()
}

fn config(scraped: &[Scraped<'_>]) -> Config {
    let jobs = scraped.iter().map(|(name, _, metrics, port)| {
        Spaced(Scrape {
            job_name: dns(name),
            metrics_path: metrics.path.to_string(),
            scrape_interval: time(metrics.every),
            dns_sd_configs: vec![Names { names: vec![dns(name)], kind: "A", port: *port }],
        })
    });
    Config {
        global: Global { scrape_interval: "15s", evaluation_interval: "15s" },
        rule_files: vec!["rules.yml"],
        scrape_configs: Spaced(jobs.collect()),
    }
}

fn rules(plan: &Plan, environment: &EnvironmentPlan, scraped: &[Scraped<'_>]) -> Rules {
    let derived = scraped.iter().map(|(name, ..)| Spaced(down(name)));
    let declared = environment.model.alerts.iter().map(|(name, alert)| {
        let mut labels = IndexMap::from([("severity", alert.severity.word().to_owned())]);
        labels.extend(alert.about.as_ref().map(|about| ("service", about.value.name.to_string())));
        let mut annotations = IndexMap::from([("summary", alert.summary.to_string())]);
        annotations.extend(alert.runbook.as_ref().map(|runbook| ("runbook_url", runbook.to_string())));
        let rule = Rule {
            alert: title(name),
            expr: alert.when.to_string(),
            lasting: time(alert.lasting),
            labels,
            annotations,
        };
        Spaced(rule)
    });
    let rules: Vec<Spaced<Rule>> = derived.chain(declared).collect();
    Rules { groups: vec![Group { name: plan.project.name.to_string(), rules }] }
}

/// The rule that follows from a service with metrics: it is gone.
fn down(name: &str) -> Rule {
    Rule {
        alert: format!("{}Down", title(name)),
        expr: format!("up{{job=\"{}\"}} == 0", dns(name)),
        lasting: time(GONE),
        labels: IndexMap::from([("severity", "critical".to_owned()), ("service", name.to_owned())]),
        annotations: IndexMap::from([("summary", format!("{name} has not answered for {}.", time(GONE)))]),
    }
}

fn tests(scraped: &[Scraped<'_>]) -> Tests {
    let tests = scraped.iter().map(|(name, ..)| {
        let rule = down(name);
        let mut labels = IndexMap::from([("job", dns(name)), ("instance", "one".to_owned())]);
        labels.extend(rule.labels);
        Spaced(Test {
            interval: "1m",
            input_series: vec![Series {
                series: format!("up{{job=\"{}\", instance=\"one\"}}", dns(name)),
                values: "1 0x10".to_owned(),
            }],
            alert_rule_test: vec![Expect {
                eval_time: "7m".to_owned(),
                alertname: rule.alert,
                exp_alerts: vec![Fired { exp_labels: labels, exp_annotations: rule.annotations }],
            }],
        })
    });
    Tests { rule_files: vec!["rules.yml"], evaluation_interval: "1m", tests: tests.collect() }
}

/// `error_rate` is `ErrorRate`: the custom of alert names.
fn title(name: &str) -> String {
    let words = name.split(['_', '-']).filter(|word| !word.is_empty());
    words
        .map(|word| {
            word.chars().take(1).flat_map(char::to_uppercase).chain(word.chars().skip(1)).collect::<String>()
        })
        .collect()
}

/// `5m`, `15s`, `500ms`
fn time(duration: Duration) -> String {
    let units = [("d", 86_400_000u64), ("h", 3_600_000), ("m", 60_000), ("s", 1000)];
    match units.iter().find(|(_, unit)| duration.0 >= *unit && duration.0.is_multiple_of(*unit)) {
        Some((name, unit)) => format!("{}{name}", duration.0 / unit),
        None => format!("{}ms", duration.0),
    }
}

#[cfg(test)]
mod spelling {
    use super::*;

    #[test]
    fn names_and_times_follow_the_custom() {
        assert_eq!(title("error_rate-api"), "ErrorRateApi");
        assert_eq!(
            (time(Duration::minutes(5)), time(Duration(1500))),
            ("5m".to_owned(), "1500ms".to_owned())
        );
    }
}
