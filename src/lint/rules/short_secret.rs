//! A generated secret that is short enough to be guessed.

use crate::diagnostic::{Edit, Level, codes};
use crate::model::Charset;

use crate::lint::{Family, Findings, Rule, Scene, place::Subject};

pub(super) const RULE: Rule =
    Rule { code: codes::SHORT_SECRET, family: Family::Secrets, level: Level::Warning, check };

/// Bits of chance that cannot be tried out.
const BITS: u32 = 128;

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for environment in &scene.plan.environments {
        for (name, secret) in environment.model.secrets.iter().filter(|(_, secret)| secret.generate) {
            let bits = match secret.charset {
                Charset::UrlSafe | Charset::Any => 6,
                Charset::Hex => 4,
            };
            let enough = BITS.div_ceil(bits);
            if secret.length >= enough {
                continue;
            }
            let span = secret.origins.field("length").span;
            let message = format!(
                "`{name}` may be as short as {} characters, which is {} bits of chance",
                secret.length,
                secret.length * bits
            );
            let edit = Edit { span, text: enough.to_string() };
            let problem = findings
                .problem(message)
                .at(span, format!("expected at least {enough}"))
                .help(format!("{BITS} bits cannot be tried out: `length = {enough}`"))
                .safe_fix(format!("replace with `{enough}`"), vec![edit]);
            findings.add(Subject::new(&environment.model, "secret", name), problem);
        }
    }
}
