//! A platform that no engine builds for.

use crate::diagnostic::{Edit, Level, codes, suggest};
use crate::schema::Plain;

use crate::lint::{Family, Findings, Rule, Scene};

pub(super) const RULE: Rule =
    Rule { code: codes::UNKNOWN_PLATFORM, family: Family::Pipelines, level: Level::Error, check };

/// Platforms of Linux images, as engines name them.
const KNOWN: &[&str] = &[
    "linux/amd64",
    "linux/amd64/v2",
    "linux/amd64/v3",
    "linux/amd64/v4",
    "linux/386",
    "linux/arm64",
    "linux/arm64/v8",
    "linux/arm/v7",
    "linux/arm/v6",
    "linux/arm/v5",
    "linux/riscv64",
    "linux/ppc64le",
    "linux/s390x",
    "linux/loong64",
    "linux/mips64le",
    "linux/mips64",
];

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        let Some(build) = &place.service.build else { continue };
        let unknown = build.platforms.iter().filter(|platform| !KNOWN.contains(&&***platform));
        for platform in unknown {
            let problem = findings
                .problem(format!("no engine builds for `{}`", &**platform))
                .at(build.origins.field("platforms").span, "not a platform");
            let problem = match suggest::closest(platform, KNOWN.iter().copied()) {
                Some(near) => {
                    let meant = |known: &Plain| {
                        if **known == **platform { near.to_owned() } else { known.to_string() }
                    };
                    let all: Vec<String> =
                        build.platforms.iter().map(|known| format!("\"{}\"", meant(known))).collect();
                    let edit = Edit {
                        span: build.origins.field("platforms").span,
                        text: format!("[{}]", all.join(", ")),
                    };
                    let problem = problem.help(format!("did you mean `{near}`?"));
                    problem.safe_fix(format!("replace with `{near}`"), vec![edit])
                }
                None => problem.help("write `linux/amd64` or `linux/arm64`"),
            };
            findings.add(place.subject(), problem);
        }
    }
}
