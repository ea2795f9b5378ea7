//! Translation validation of what serves files inside of images and of what watches: configurations of static sites, of
//! Prometheus and of Alertmanager, by readers that are not ours. Must not look at how a document is laid out.

use std::collections::{BTreeMap, BTreeSet};

use saphyr::Yaml;
use stackc::plan::{EnvironmentPlan, dns};

use crate::readers::{Directive, nginx};
use crate::validation::{emitted, texts};

#[test]
fn static_sites_serve_what_was_planned() {
    let mut seen = 0;
    for example in emitted() {
        for image in &example.plan.images {
            let Some(site) = &image.service.static_site else { continue };
            let path = format!("{}/docker/{}.nginx.conf", example.plan.project.output, image.name);
            let whole = nginx(example.text(&path));
            let server = whole.all("http").next().unwrap().all("server").next().unwrap();
            let port = server.one("listen").unwrap()[0].parse::<u16>().unwrap();
            assert_eq!(port, site.port.0, "{path}");
            assert_eq!(server.one("root").unwrap(), [site.root.to_string()], "{path}");
            let locations: BTreeMap<String, &Directive> =
                server.all("location").map(|location| (location.words[1..].join(" "), location)).collect();
            let health = locations[&format!("= {}", &*site.health)];
            assert_eq!(health.one("return").unwrap()[0], "200", "{path}");
            for prefix in &site.immutable {
                let kept =
                    locations.keys().any(|known| known.trim_end_matches('/') == prefix.trim_end_matches('/'));
                assert!(kept, "{path} does not keep {}: {:?}", &**prefix, locations.keys());
            }
            let fallback = locations["/"].one("try_files").unwrap();
            let last = fallback.last().map(String::as_str);
            assert_eq!(last == Some("/index.html"), site.spa, "{path}: {fallback:?}");
            seen += 1;
        }
    }
    assert!(seen >= 2, "{seen}");
}

#[test]
fn readings_ask_what_was_planned() {
    let mut seen = 0;
    for example in emitted() {
        for environment in &example.plan.environments {
            let folder = format!("{}/{}/prometheus", example.plan.project.output, environment.name());
            let Some(text) = example.find(&format!("{folder}/prometheus.yml")) else { continue };
            let documents = texts(text);
            let jobs = documents[0]["scrape_configs"].as_sequence().unwrap();
            let named: BTreeMap<&str, &Yaml<'_>> =
                jobs.iter().map(|job| (job["job_name"].as_str().unwrap(), job)).collect();
            for (name, service) in &environment.model.services {
                let Some(metrics) = service.metrics.as_ref().filter(|_| runs_beside(environment, name))
                else {
                    continue;
                };
                let job = named.get(&*dns(name)).unwrap_or_else(|| panic!("{folder} does not read {name}"));
                let path = job.as_mapping_get("metrics_path").and_then(Yaml::as_str).unwrap_or("/metrics");
                assert_eq!(path, &*metrics.path, "{folder}: {name}");
                let every = job.as_mapping_get("scrape_interval").and_then(Yaml::as_str);
                assert!(
                    every.is_none_or(|every| every == metrics.every.to_string()),
                    "{folder}: {name}: {every:?}"
                );
                assert_eq!(ports(job), BTreeSet::from([service.metrics_port().unwrap()]), "{folder}: {name}");
                seen += 1;
            }
            let planned =
                environment.model.services.values().filter(|service| service.metrics.is_some()).count();
            assert!(named.len() <= planned, "{folder} reads what nobody planned: {:?}", named.keys());
            compare_alerts(&folder, environment, &texts(example.text(&format!("{folder}/rules.yml"))));
        }
    }
    assert!(seen > 5, "{seen}");
}

/// What only a machine runs is not there in a cluster.
fn runs_beside(environment: &EnvironmentPlan, name: &str) -> bool {
    environment.model.compose().is_some() || environment.model.services[name].runs_in_cluster()
}

/// The port of a job: of its addresses, of the names that it looks up, or of the pods that it keeps.
fn ports(job: &Yaml<'_>) -> BTreeSet<u16> {
    let list = |key: &str| job.as_mapping_get(key).and_then(Yaml::as_sequence).into_iter().flatten();
    let fixed = list("static_configs").flat_map(|config| config["targets"].as_sequence().unwrap());
    let fixed = fixed.filter_map(|target| target.as_str()?.rsplit(':').next()?.parse().ok());
    let looked = list("dns_sd_configs").filter_map(|config| u16::try_from(config["port"].as_integer()?).ok());
    let of_ports = |rule: &&Yaml<'_>| {
        rule["source_labels"][0].as_str() == Some("__meta_kubernetes_pod_container_port_number")
    };
    let pods =
        list("relabel_configs").filter(of_ports).filter_map(|rule| rule["regex"].as_str()?.parse().ok());
    fixed.chain(looked).chain(pods).collect()
}

/// Every declared alert is there with its condition, its time and its urgency.
fn compare_alerts(folder: &str, environment: &EnvironmentPlan, documents: &[Yaml<'_>]) {
    let rules: Vec<&Yaml<'_>> = documents[0]["groups"]
        .as_sequence()
        .unwrap()
        .iter()
        .flat_map(|group| group["rules"].as_sequence().unwrap())
        .collect();
    for (name, alert) in &environment.model.alerts {
        let squeezed = |text: &str| text.split_whitespace().collect::<String>();
        let is_own = |rule: &&&Yaml<'_>| squeezed(rule["expr"].as_str().unwrap()) == squeezed(&alert.when);
        let rule = rules.iter().find(is_own).unwrap_or_else(|| panic!("{folder}: no rule is {name}"));
        assert_eq!(rule["labels"]["severity"].as_str(), Some(alert.severity.word()), "{folder}: {name}");
        let lasting = rule.as_mapping_get("for").and_then(Yaml::as_str).map(seconds);
        assert_eq!(lasting.unwrap_or(0), alert.lasting.as_seconds(), "{folder}: {name}");
        assert_eq!(rule["annotations"]["summary"].as_str(), Some(&*alert.summary), "{folder}: {name}");
    }
}

/// `1h30m` in seconds.
fn seconds(text: &str) -> u64 {
    let mut sum = 0;
    let mut number = 0;
    for c in text.chars() {
        match (c.to_digit(10), c) {
            (Some(digit), _) => number = number * 10 + u64::from(digit),
            (None, unit) => {
                let scale = match unit {
                    'd' => 86_400,
                    'h' => 3_600,
                    'm' => 60,
                    's' => 1,
                    other => panic!("unit {other} of {text}"),
                };
                sum += number * scale;
                number = 0;
            }
        }
    }
    sum
}

#[test]
fn channels_are_told_what_was_planned() {
    let mut seen = 0;
    for example in emitted() {
        for environment in &example.plan.environments {
            let path = format!(
                "{}/{}/alertmanager/alertmanager.yml",
                example.plan.project.output,
                environment.name()
            );
            let Some(text) = example.find(&path) else { continue };
            let documents = texts(text);
            let receivers: BTreeSet<&str> = documents[0]["receivers"]
                .as_sequence()
                .unwrap()
                .iter()
                .map(|receiver| receiver["name"].as_str().unwrap())
                .collect();
            let routes = documents[0]["route"].as_mapping_get("routes").and_then(Yaml::as_sequence);
            let told: BTreeSet<&str> =
                routes.into_iter().flatten().map(|route| route["receiver"].as_str().unwrap()).collect();
            let channels = environment.model.channels.iter().filter(|(_, channel)| channel.is_reached());
            let planned: BTreeSet<&str> = channels.map(|(name, _)| &**name).collect();
            assert_eq!(told, planned, "{path}");
            assert!(planned.is_subset(&receivers), "{path}: {receivers:?}");
            seen += planned.len();
        }
    }
    assert!(seen > 0);
}
