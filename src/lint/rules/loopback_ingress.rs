//! An ingress of production whose host is the machine itself: the name for people was forgotten.

use crate::diagnostic::{Level, codes};
use crate::model::Mode;

use crate::lint::{Family, Findings, Rule, Scene, address::is_loopback, place::Subject};

pub(super) const RULE: Rule =
    Rule { code: codes::LOOPBACK_INGRESS, family: Family::Edge, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    let production =
        scene.plan.environments.iter().filter(|environment| environment.model.block.mode == Mode::Production);
    for environment in production {
        for (name, ingress) in
            environment.model.ingresses.iter().filter(|(_, ingress)| is_loopback(&ingress.host))
        {
            let block = &environment.model.block;
            let problem = findings
                .problem(format!(
                    "`{name}` is served as `{}` in the production environment `{}`",
                    &*ingress.host,
                    environment.name()
                ))
                .at(ingress.origins.field("host").span, "nobody else reaches this name")
                .also(block.label.span, "for others than you")
                .help("set the host, or the parameter that it comes from, in the environment");
            findings.add(Subject::new(&environment.model, "ingress", name), problem);
        }
    }
}
