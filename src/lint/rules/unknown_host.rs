//! An address with a host of one word that is no service of the environment: no DNS server will know it.

use crate::diagnostic::{Level, codes, suggest};

use crate::lint::{
    Family, Findings, Rule, Scene,
    address::{Address, addresses},
};
use crate::plan::dns;

pub(super) const RULE: Rule =
    Rule { code: codes::UNKNOWN_HOST, family: Family::Ports, level: Level::Warning, check };

/// Schemes whose first part is no host.
const HOSTLESS: &[&str] =
    &["s3", "gs", "az", "azure", "file", "unix", "oci", "docker", "sqlite", "urn", "arn"];

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        let services = &place.environment.model.services;
        for written in place.texts() {
            for address in addresses(written.text).into_iter().filter(is_one_word) {
                let host = &address.host;
                if services.keys().any(|name| **name == **host || dns(name) == *host) {
                    continue;
                }
                let message = format!("`{}` calls `{host}`, which is no service of this stack", place.name);
                let problem =
                    findings.problem(message).at(written.span, format!("nobody answers to `{host}`"));
                let names = services.keys().map(|name| &**name).filter(|name| *name != &**place.name);
                let problem = match suggest::closest(host, names) {
                    Some(near) => {
                        let service = services.get(near).map(|service| service.label.span);
                        let problem = match service {
                            Some(span) => problem.also(span, "this one is close"),
                            None => problem,
                        };
                        problem.help(format!("did you mean `${{{near}.host}}`?"))
                    }
                    None => problem.help("refer to a service: `${name.host}:${name.port}`"),
                };
                findings.add(place.subject(), problem);
            }
        }
    }
}

fn is_one_word(address: &Address) -> bool {
    let host = &address.host;
    let is_name = !host.is_empty() && !host.contains(['.', '[', ':']) && !address.is_loopback();
    is_name && !HOSTLESS.contains(&&*address.scheme)
}
