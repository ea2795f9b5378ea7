//! An ingress of production without encryption: everybody on the way reads and changes what passes.

use crate::diagnostic::{Level, codes};
use crate::model::Mode;

use crate::lint::{Family, Findings, Rule, Scene, address::is_loopback, place::Subject};

pub(super) const RULE: Rule =
    Rule { code: codes::UNENCRYPTED_INGRESS, family: Family::Edge, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    let production =
        scene.plan.environments.iter().filter(|environment| environment.model.block.mode == Mode::Production);
    for environment in production {
        for (name, ingress) in &environment.model.ingresses {
            if ingress.tls.is_some() || is_loopback(&ingress.host) {
                continue;
            }
            let problem = findings
                .problem(format!("`{}` is served in production without encryption", &*ingress.host))
                .at(ingress.label.span, "has no `tls`")
                .also(environment.model.block.label.span, "for others than you")
                .help("add `tls { issuer = letsencrypt }`, or `issuer = external` where something in front of it encrypts");
            findings.add(Subject::new(&environment.model, "ingress", name), problem);
        }
    }
}
