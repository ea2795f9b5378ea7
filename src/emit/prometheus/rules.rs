//! Alert rules: the declared ones, and one per scraped service that is gone, with their unit tests. Must not judge
//! declared conditions: `promtool` reads them, and tries them on the declared series.

use indexmap::IndexMap;

use super::document::rules::{Asked, Expect, Fired, Group, Rule, Rules, Sample, Series, Test, Tests};
use super::scrape::Scraped;
use super::spelling::{time, title};
use crate::model::{Alert, Severity};
use crate::plan::{EnvironmentPlan, Plan};
use crate::print::yaml::Spaced;
use crate::schema::{Duration, Map, Plain};

/// How long a service may be gone before somebody is told.
const GONE: Duration = Duration::minutes(5);
/// In the unit tests, a time at which it may still come back.
const EARLY: Duration = Duration::minutes(4);
/// In the unit tests, a time at which it has been gone for too long.
const LATE: Duration = Duration::minutes(7);
/// In the unit tests of declared rules, what goes by before their time begins: rates need it.
const BEFORE: Duration = Duration::minutes(10);

/// The rules of an environment: those that follow from its services first.
pub(super) fn rules(plan: &Plan, environment: &EnvironmentPlan, scraped: &[Scraped<'_>]) -> Rules {
    let derived = missed(environment, scraped).map(down);
    let declared = environment.model.alerts.iter().map(|(name, alert)| rule(name, alert));
    let rules = derived.chain(declared).map(Spaced).collect();
    Rules { groups: vec![Group { name: plan.project.name.to_string(), rules }] }
}

/// Unit tests of the rules that follow from services, and of those that say on what they fire or rest; `None` without
/// any.
pub(super) fn tests(environment: &EnvironmentPlan, scraped: &[Scraped<'_>]) -> Option<Tests> {
    let derived = missed(environment, scraped).flat_map(cases);
    let declared = environment.model.alerts.iter().flat_map(|(name, alert)| trials(name, alert));
    let tests: Vec<Spaced<Test>> = derived.chain(declared).map(Spaced).collect();
    (!tests.is_empty()).then(|| Tests { rule_files: vec!["rules.yml"], evaluation_interval: "1m", tests })
}

/// The services whose absence is an alert: not where a declared one has its name.
fn missed<'s, 'a>(
    environment: &'s EnvironmentPlan,
    scraped: &'s [Scraped<'a>],
) -> impl Iterator<Item = &'s Scraped<'a>> {
    let is_declared = |name: &str| environment.model.alerts.keys().any(|alert| title(alert) == name);
    scraped.iter().filter(move |one| one.is_expected() && !is_declared(&down_name(one)))
}

fn rule(name: &str, alert: &Alert) -> Rule {
    let mut labels = IndexMap::from([("severity", alert.severity.word().to_owned())]);
    labels.extend(alert.about.as_ref().map(|about| ("service", about.value.name.to_string())));
    let mut annotations = IndexMap::from([("summary", alert.summary.to_string())]);
    annotations.extend(alert.runbook.as_ref().map(|runbook| ("runbook_url", runbook.to_string())));
    let (expr, lasting) = (alert.when.to_string(), time(alert.lasting));
    Rule { alert: title(name), expr, lasting, labels, annotations }
}

fn down_name(scraped: &Scraped<'_>) -> String {
    format!("{}Down", title(scraped.name()))
}

/// The rule that follows from a service with metrics: it does not answer, or nothing is left that could.
fn down(scraped: &Scraped<'_>) -> Rule {
    let name = scraped.name();
    let series = format!("up{{job=\"{}\"}}", scraped.job());
    let nothing = if scraped.is_known { String::new() } else { format!(" or absent({series})") };
    let critical = Severity::Critical.word().to_owned();
    Rule {
        alert: down_name(scraped),
        expr: format!("{series} == 0{nothing}"),
        lasting: time(GONE),
        labels: IndexMap::from([("severity", critical), ("service", name.to_owned())]),
        annotations: IndexMap::from([("summary", format!("{name} has not answered for {}.", time(GONE)))]),
    }
}

/// An instance that stops to answer after the first minute, and where instances are discovered, none at all.
fn cases(scraped: &Scraped<'_>) -> Vec<Test> {
    let job = ("job", scraped.job());
    let instance = ("instance", "one".to_owned());
    let series = Series {
        series: format!("up{{job=\"{}\", instance=\"one\"}}", scraped.job()),
        values: "1 0x10".to_owned(),
    };
    let mut cases = vec![case(scraped, vec![series], IndexMap::from([job.clone(), instance]))];
    if !scraped.is_known {
        cases.push(case(scraped, Vec::new(), IndexMap::from([job])));
    }
    cases
}

/// The alert is silent while the service may still come back, then it fires.
fn case(
    scraped: &Scraped<'_>,
    input_series: Vec<Series>,
    mut labels: IndexMap<&'static str, String>,
) -> Test {
    let rule = down(scraped);
    labels.extend(rule.labels);
    let fired = Fired { exp_labels: labels, exp_annotations: rule.annotations };
    let at = |eval_time: Duration, exp_alerts| Expect {
        eval_time: time(eval_time),
        alertname: rule.alert.clone(),
        exp_alerts,
    };
    let alert_rule_test = vec![at(EARLY, Vec::new()), at(LATE, vec![fired])];
    Test { interval: "1m", input_series, alert_rule_test, promql_expr_test: Vec::new() }
}

/// A declared alert on the series that its author named.
fn trials(name: &str, alert: &Alert) -> impl Iterator<Item = Test> {
    let name = title(name);
    let eval_time = time(Duration(alert.lasting.0.saturating_add(BEFORE.0)));
    [(&alert.fires, true), (&alert.rests, false)]
        .into_iter()
        .filter(|(series, _)| !series.is_empty())
        .map(move |(series, is_firing)| trial(&name, eval_time.clone(), series, is_firing))
}

/// Whether it fires is asked without the labels of the series: which of them its expression keeps, promtool knows.
fn trial(alert: &str, eval_time: String, series: &Map<Plain>, is_firing: bool) -> Test {
    let input_series = series
        .iter()
        .map(|(series, values)| Series { series: series.to_string(), values: values.to_string() })
        .collect();
    let labels = format!("{{alertname=\"{alert}\"}}");
    let exp_samples = if is_firing { vec![Sample { labels, value: 1 }] } else { Vec::new() };
    let expr = format!("max by (alertname) (ALERTS{{alertname=\"{alert}\", alertstate=\"firing\"}})");
    let asked = Asked { expr, eval_time, exp_samples };
    Test { interval: "1m", input_series, alert_rule_test: Vec::new(), promql_expr_test: vec![asked] }
}
