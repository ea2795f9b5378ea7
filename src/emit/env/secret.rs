//! The secrets that have no line of their own in the file: which there are, what must be true of them, who reads
//! them. Must not show a value, not even an example.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::emit::names;
use crate::model::{Charset, Secret, Watches};
use crate::plan::{Delivered, EnvironmentPlan, Plan, Variable};
use crate::print::dotenv::{Group, Line};

/// Who reads a secret, by the number of the user; `None` where the stack does not know it. Sorted: their order means
/// nothing.
type Readers = BTreeMap<Option<u32>, BTreeSet<String>>;

/// The last group of the file; `None` without secrets.
pub(super) fn group(plan: &Plan, environment: &EnvironmentPlan) -> Option<Group> {
    let has_files = environment.model.compose().is_some();
    let used = used(plan, environment);
    let lines: Vec<Line> = used
        .iter()
        .filter_map(|(name, readers)| Some((name, environment.model.secrets.get(*name)?, readers)))
        .map(|(name, secret, readers)| Line::Comment(entry(name, secret, readers, has_files)))
        .collect();
    (!lines.is_empty()).then(|| Group { place: None, heading: heading(environment), lines })
}

/// What must be true of a value.
pub(super) fn describe(secret: &Secret) -> String {
    let characters = match secret.charset {
        Charset::UrlSafe => "letters, digits, - and _",
        Charset::Hex => "hexadecimal digits",
        Charset::Any => "characters without line ends",
    };
    let issuer = if is_made_up(secret) { "" } else { "; issued by somebody else" };
    let age = days_to_rotate(secret).map(|days| format!("; replaced every {days} days")).unwrap_or_default();
    format!("at least {} {characters}{issuer}{age}", secret.length)
}

/// Days after which a value is old.
pub(in crate::emit) fn days_to_rotate(secret: &Secret) -> Option<u64> {
    secret.rotate.map(|time| time.0.div_ceil(86_400_000))
}

/// A command that prints a new value without a line end; `None` where somebody else issues it.
pub(super) fn command(secret: &Secret) -> Option<String> {
    let length = secret.length;
    is_made_up(secret).then(|| match secret.charset {
        // Three bytes are four characters: a multiple of three needs no padding, which is no legal character.
        Charset::UrlSafe | Charset::Any => {
            format!("openssl rand -base64 {} | tr '+/' '-_' | tr -d '\\n'", u64::from(length.div_ceil(4)) * 3)
        }
        Charset::Hex => format!("openssl rand -hex {} | tr -d '\\n'", length.div_ceil(2)),
    })
}

fn is_made_up(secret: &Secret) -> bool {
    secret.generate && secret.charset != Charset::Any
}

fn heading(environment: &EnvironmentPlan) -> String {
    let mut lines = Vec::new();
    if environment.model.compose().is_some() {
        lines.push("Secrets: one file each beside compose.yaml, with nothing but the value in it".to_owned());
    }
    match environment.model.kubernetes().map(|target| &target.store) {
        Some(Some(store)) => lines.push(format!(
            "Secrets in the cluster: from the store {}, whose keys are in the ExternalSecret objects",
            &*store.name
        )),
        Some(None) => {
            lines.push("Secrets in the cluster: made by the commands at the top of the manifests".to_owned());
        }
        None if lines.is_empty() => lines.push("Secrets".to_owned()),
        None => {}
    }
    lines.join("\n")
}

fn entry(name: &str, secret: &Secret, readers: &Readers, has_files: bool) -> String {
    let (place, target) = if has_files {
        (format!("./secrets/{name}"), format!(" > secrets/{name}"))
    } else {
        (name.to_owned(), String::new())
    };
    let who = |(user, names): (&Option<u32>, &BTreeSet<String>)| {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let names = names.join(", ");
        match user {
            Some(uid) if has_files => format!("uid {uid} ({names})"),
            _ => names,
        }
    };
    let readers: Vec<String> = readers.iter().map(who).collect();
    let command = command(secret).map(|command| format!("\n  {command}{target}")).unwrap_or_default();
    format!("{place}: {}; read by {}{command}", describe(secret), readers.join(" and "))
}

/// The secrets in files, and without Compose those in variables too: there all of them come from the cluster.
fn used<'a>(plan: &'a Plan, environment: &'a EnvironmentPlan) -> BTreeMap<&'a str, Readers> {
    let mut used: BTreeMap<&str, Readers> = BTreeMap::new();
    for secret in plan.build_secrets(environment) {
        used.entry(secret).or_default().entry(None).or_default().insert("the build of images".to_owned());
    }
    for (name, planned) in &environment.services {
        let uid = environment.model.services.get(name).map(|service| service.user.uid);
        let own = (name.to_string(), &planned.variables, &planned.secrets);
        let jobs = planned.jobs.iter();
        let jobs = jobs.map(|(label, task)| (names::job(name, label), &task.variables, &task.secrets));
        let backup = planned.backup.iter();
        let backup = backup.map(|task| (names::backup(name), &task.variables, &task.secrets));
        let offsite = planned.offsite.iter();
        let offsite = offsite.map(|task| (names::offsite(name), &task.variables, &task.secrets));
        for (reader, variables, files) in std::iter::once(own).chain(jobs).chain(backup).chain(offsite) {
            let in_cluster = variables.iter().filter(|_| environment.model.compose().is_none());
            for secret in files.iter().chain(in_cluster.flat_map(in_variable)) {
                used.entry(secret).or_default().entry(uid).or_default().insert(reader.clone());
            }
        }
    }
    // A server of the stack is one of the services above.
    let has_server = environment.model.services.values().any(|service| service.watches(Watches::Alerts));
    for channel in environment.model.channels.values().filter(|_| !has_server) {
        for secret in channel.secrets() {
            used.entry(secret).or_default().entry(None).or_default().insert("Alertmanager".to_owned());
        }
    }
    used
}

fn in_variable(variable: &Variable) -> Vec<&Arc<str>> {
    match &variable.value {
        Delivered::Variable(text) => text.secrets().collect(),
        Delivered::Plain(_) | Delivered::File(_) | Delivered::Expand(_) => Vec::new(),
    }
}
