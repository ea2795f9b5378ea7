//! A secret that reaches a process in production as a plain variable because nothing is known about its image. Must not judge
//! what was asked for.

use crate::diagnostic::{Level, codes};
use crate::model::SecretDelivery;
use crate::plan::Delivered;

use crate::lint::{Family, Findings, Rule, Scene};

pub(super) const RULE: Rule =
    Rule { code: codes::SECRET_IN_VARIABLE, family: Family::Secrets, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.production() {
        if place.service.secret_delivery == Some(SecretDelivery::Variable) {
            continue;
        }
        for variable in &place.plan.variables {
            let Delivered::Variable(text) = &variable.value else { continue };
            let Some(secret) = text.secrets().next() else { continue };
            let message = format!(
                "the secret `{secret}` would be readable in `{}` for everybody who may inspect `{}`",
                variable.name, place.name
            );
            let problem = findings
                .problem(message)
                .at(variable.span, "a plain variable: nothing is known about files in this image")
                .help(format!(
                    "if the program reads files, write `{}_FILE = path(secret.…)`; if it does not, say so: `secret_delivery = variable`",
                    variable.name
                ));
            findings.add(place.subject(), problem);
        }
    }
}
