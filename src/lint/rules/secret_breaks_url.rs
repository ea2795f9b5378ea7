//! A secret that may hold any character inside an address: `@`, `/` or `#` in it would end the password early.

use crate::diagnostic::{Level, codes};
use crate::model::Charset;
use crate::schema::{Part, Text};

use crate::lint::{Family, Findings, Rule, Scene};

pub(super) const RULE: Rule =
    Rule { code: codes::SECRET_BREAKS_URL, family: Family::Secrets, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        for written in place.texts() {
            for name in inside_address(written.text) {
                let Some(secret) = place.environment.model.secrets.get(name) else { continue };
                if secret.charset != Charset::Any {
                    continue;
                }
                let problem = findings
                    .problem(format!("the secret `{name}` may hold characters that end an address early"))
                    .at(written.span, "it stands inside an address")
                    .also(secret.origins.field("charset").span, "any character is allowed")
                    .help("let it be `charset = url_safe`, or hand its parts to the program one by one");
                findings.add(place.subject(), problem);
            }
        }
    }
}

/// The secrets behind `scheme://` in a text.
fn inside_address(text: &Text) -> Vec<&str> {
    let mut inside = false;
    let mut found = Vec::new();
    for part in &text.0 {
        match part {
            Part::Literal(text) => inside = inside || text.contains("://"),
            Part::Secret(name) if inside => found.push(&**name),
            Part::Secret(_) | Part::SecretPath(_) | Part::Host { .. } | Part::Port { .. } => {}
        }
    }
    found
}
